//! The flags that seal what is printed.

use super::{Flag, FlagKind, Given, List, Section, Single, is_given};

/// What a flag without a value has for one: no path and no address contains it.
pub(crate) const BARE: &str = "\0";

#[inline(always)]
const fn sealing<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Sealing)
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const SEAL: Flag<Single> = sealing(super::optional(
    "seal",
    "CERT",
    BARE,
    "Print a SealedSecret for CERT, a file or URL",
))
.rare()
.kind(FlagKind::Certificate);
pub(crate) const SEAL_SCOPE: Flag<Single> = sealing(super::text(
    "seal-scope",
    "SCOPE",
    "Set where values can be opened [default: strict] [needs --seal]",
))
.rare()
.kind(FlagKind::Choice(
    "strict\tunder its name, in its namespace\nnamespace-wide\tunder any name, in its namespace\n\
     cluster-wide\teverywhere in the cluster",
));
pub(crate) const SEAL_CONTROLLER: Flag<Single> = sealing(super::text(
    "seal-controller",
    "[NAMESPACE/]NAME",
    "Set the controller's service [default: kube-system/sealed-secrets-controller]",
))
.rare();
pub(crate) const SEAL_INTO: Flag<Single> = sealing(super::text(
    "seal-into",
    "FILE",
    "Put the keys into this SealedSecret file, keep the rest",
))
.rare()
.kind(FlagKind::File);
pub(crate) const SOPS: Flag<Single> = sealing(super::optional(
    "sops",
    "FILE",
    BARE,
    "Encrypt like SOPS, by the .sops.yaml rule for FILE",
))
.rare()
.kind(FlagKind::File);
pub(crate) const AGE: Flag<List> = sealing(super::list(
    "age",
    "RECIPIENT,…",
    "Encrypt for these age recipients [needs --sops] [repeatable]",
))
.rare();
pub(crate) const PGP: Flag<List> = sealing(super::list(
    "pgp",
    "FINGERPRINT,…",
    "Encrypt for these PGP keys, with gpg [needs --sops] [repeatable]",
))
.rare();
}

pub(crate) const OUTPUT: Flag<Single> =
    super::text("output", "FORMAT", "Print as yaml or json [default: yaml]")
        .short('o')
        .section(Section::Output)
        .kind(FlagKind::Choice("yaml\njson"));
pub(crate) const OUTPUT_FILE: Flag<Single> =
    super::text("output-file", "FILE", "Write the output to this file, mode 0600")
        .section(Section::Output)
        .rare()
        .kind(FlagKind::File);

/// Whether the command line asks for a sealed manifest, which is then printed as YAML.
pub(crate) fn is_asked(given: &Given) -> bool {
    [SEAL, SEAL_INTO, SOPS].iter().any(|flag| is_given(given, flag))
}
