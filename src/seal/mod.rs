//! What may go into a repository: `SealedSecret`s and files of SOPS.

mod sops;
