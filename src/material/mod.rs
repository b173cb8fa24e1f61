//! Pure parsers of secret material: bytes in, a typed value or a typed error out.
//!
//! For a TLS Secret: `pem` finds the blocks, `der` reads what is in them, `certificate` (with
//! `extensions` and `name`) and `private_key` (with `rsa_key`) each yield a `public_key`, and
//! `key_pair` compares the two. `chain` puts certificates in order and, with `signature`, says
//! where they lead; `host_name` says for whom they are. `tls_input` makes PEM of what is none:
//! DER, `pkcs12` (with `ber`), keys under a passphrase (`encryption`). `hash` names the hashes
//! of both. `found` looks at what was given instead, for hints, and `text_mark` at how a text is
//! written.
//!
//! For an SSH key: `ssh_key` takes PEM, or the container that `openssh` reads; `known_hosts` reads
//! the hosts' own keys. `htpasswd` writes a line of users.
//!
//! For registries: `docker_config` reads what Docker keeps its logins in, `docker_server` the names
//! that stand there. `token_expiry` finds the date in a token. `keyring` says which
//! logins a kubelet tries for an `image`.

pub mod ber;
pub mod ca_file;
pub mod certificate;
pub mod chain;
pub mod der;
pub mod docker_config;
pub mod docker_server;
pub mod encryption;
pub mod extensions;
pub mod found;
pub(crate) mod hash;
pub mod hints;
pub mod host_name;
pub mod htpasswd;
pub mod image;
pub mod key_pair;
pub mod keyring;
pub mod known_hosts;
pub mod name;
mod openssh;
pub mod pem;
pub mod pkcs12;
pub mod private_key;
pub mod public_key;
mod rsa_key;
pub mod signature;
pub mod ssh_key;
pub mod text_mark;
pub mod tls_input;
pub mod token_expiry;
