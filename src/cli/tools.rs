//! The subcommands that are no secret types: a row each, as the types have theirs in `types`.

use std::ffi::OsString;
use std::str::FromStr;

use super::argv;
use super::known_flags::{COLOR, HELP};
use crate::flags::{self, Flag, Section, common, global, seal, targets};
use crate::types::{SecretType, TYPES};

/// A subcommand that is no secret type, as the command line knows it.
pub(crate) struct Tool {
    pub name: &'static str,
    /// The first line of its help.
    pub about: &'static str,
    /// What its help says beyond that.
    pub details: &'static str,
    /// Command lines that show how it is used, with a comment above each.
    pub examples: &'static str,
    /// What stands behind its name in its usage line.
    pub words: &'static str,
    /// Whether kubectl's preferences concern it.
    pub reads_preferences: bool,
    pub flags: fn() -> Vec<Flag>,
    /// Whether it takes the flags of the type that its first word names.
    pub takes_type_flags: bool,
    pub(super) verb: Verb,
}

#[derive(Clone, Copy)]
pub(super) enum Verb {
    Check,
    Completion,
    Kustomize,
    New,
    Options,
    Seal,
}

/// All of them, in the order of the help.
pub(crate) const TOOLS: &[Tool] = &[NEW, CHECKER, SEALER, KUSTOMIZE, COMPLETION, OPTIONS];

impl Tool {
    /// Its own flags and those of all. kubectl's global flags are accepted by every tool, and only
    /// shown by `options`.
    pub(crate) fn all_flags(&self) -> Vec<Flag> {
        let mut all = (self.flags)();
        let hidden = global::flags().map(Flag::hidden);
        let others = hidden.into_iter().filter(|flag| !all.iter().any(|own| own.name == flag.name));
        all.extend(others.collect::<Vec<_>>());
        all.extend([COLOR.any(), HELP.any()]);
        all
    }

    /// All its flags on a command line of these words, which may name a type.
    pub(super) fn flags_for(&self, words: &[OsString]) -> Vec<Flag> {
        let mut all = self.all_flags();
        if let Some(row) = named_type(words).filter(|_| self.takes_type_flags) {
            all.retain(|flag| !row.takes_over.contains(&flag.name));
            all.extend(guided_flags(row));
        }
        all
    }
}

/// The flags that every type has and `mksecret new` offers.
pub(crate) const GUIDED: &[&str] = &[
    global::NAMESPACE.name,
    common::LABELS.name,
    common::ANNOTATIONS.name,
    common::IMMUTABLE.name,
    common::APPEND_HASH.name,
    common::ALLOW_EMPTY.name,
];

/// The flags of a type for which `mksecret new` has a question, those of a cluster left out.
fn guided_flags(row: &SecretType) -> impl Iterator<Item = Flag> {
    let common = common::flags().into_iter().filter(|flag| GUIDED.contains(&flag.name));
    (row.flags)().into_iter().chain(common)
}

/// The type that the first word names which is neither a flag nor the value of one.
fn named_type(words: &[OsString]) -> Option<&'static SecretType> {
    // A flag takes a value or not in all types alike.
    let mut known = [&global::flags() as &[_], &[COLOR.any(), HELP.any()]].concat();
    known.extend(TYPES.iter().flat_map(guided_flags));
    let split = argv::split(words.to_vec(), &argv::Flags(&known)).ok()?;
    let first = split.words.first()?;
    TYPES.iter().find(|row| first == row.name)
}

const NEW: Tool = Tool {
    name: "new",
    about: "Create a Secret interactively",
    details: "\
Asks on the terminal for the type, the name and the contents, checks each answer, and shows the
result with the values hidden. Then it prints, creates or applies the Secret, and shows the command
that does the same, without any value. It does not read standard input, and writes only the Secret to
standard output. A flag of the type answers its question; flags that name a cluster and a namespace
can be given, too. TAB completes a path. If a cluster or the network fails, the answers are kept.",
    examples: "\
# Start without an answer
mksecret new

# Type, name and namespace are known
mksecret new tls web -n shop

# The certificate is known, too
mksecret new tls web --cert=tls.crt

# Write the Secret to a file, ask on the terminal
mksecret new docker-registry pull > pull.yaml",
    words: "[TYPE [NAME]] [flags]",
    reads_preferences: true,
    flags: Vec::new,
    takes_type_flags: true,
    verb: Verb::New,
};

/// The name of the linter.
pub(crate) const CHECK: &str = "check";

const CHECKER: Tool = Tool {
    name: CHECK,
    about: "Find mistakes in manifests of Secrets",
    details: "\
Reads every Secret in YAML and JSON files (.yaml, .yml, .json), also in lists, and in directories
however deep; hidden files and what .gitignore excludes are left out. Without a path it reads standard
input if that is piped, else the current directory. What the API server would reject
(fieldValidation=Strict) is an error, at its line and column; what people regret is a warning. Values
never appear in a message. Other kinds, SealedSecrets, files encrypted by SOPS, templates and patches
are skipped and counted. A comment or an annotation mksecret/allow: RULE silences a warning. --fix
repairs in place what has one right answer: quotes around what YAML takes for a boolean or a number,
missing padding of base64, and in PEM under data a byte order mark, CRLF or the newline that SSH needs.
The exit status is 1 if there is an error, also from a warning with --warnings-as-errors, and 0
otherwise.",
    examples: "\
# All manifests of a repository
mksecret check

# What a build makes, before it is applied
kustomize build | mksecret check --pass-through - \\
  | kubectl apply -f -

# For a code host
mksecret check -o sarif deploy/ > check.sarif

# What a rule is about
mksecret check --explain value/trailing-newline",
    words: "[FILE|DIR|-]... [flags]",
    reads_preferences: false,
    flags: || flags::check::flags().to_vec(),
    takes_type_flags: false,
    verb: Verb::Check,
};

const SEALER: Tool = Tool {
    name: "seal",
    about: "Seal manifests of Secrets for a repository",
    details: "\
Reads Secrets from files or standard input, checks them as mksecret check does, and prints
SealedSecrets, as kubeseal does; with --sops, it prints the manifest as sops encrypts it, with its
comments and the order of its fields. If one Secret cannot be sealed, nothing is printed. The
certificate comes from --seal, else from SEALED_SECRETS_CERT, else from the controller. A namespace that
a manifest leaves out comes from -n.",
    examples: "\
# In place of kubeseal
mksecret seal --seal=cert.pem db.yaml > sealed.yaml

# Several documents, with the controller's certificate
kustomize build | mksecret seal > sealed.yaml

# One SealedSecret for each namespace
mksecret seal --namespaces=shop,billing db.yaml

# In place of sops encrypt, by the rule of .sops.yaml
mksecret seal --sops=k8s/db.yaml db.yaml > k8s/db.yaml",
    words: "[FILE|-]... [flags]",
    reads_preferences: false,
    flags: seal_flags,
    takes_type_flags: false,
    verb: Verb::Seal,
};

/// The flags of `mksecret seal`.
fn seal_flags() -> Vec<Flag> {
    let output = [
        seal::OUTPUT.any(),
        seal::OUTPUT_FILE.any(),
        common::VALIDATE.any(),
        common::ALLOW.any(),
        common::CONSUMER.any(),
        common::ALLOW_EMPTY.any(),
        global::WARNINGS_AS_ERRORS.any(),
    ];
    let targets = [global::NAMESPACE.any(), targets::NAMESPACES.any(), global::CONTEXT.any()];
    let sealing = seal::flags().into_iter().filter(|flag| flag.name != seal::SEAL_INTO.name);
    sealing.map(Flag::always).chain(output).chain(targets).collect()
}

const KUSTOMIZE: Tool = Tool {
    name: "kustomize",
    about: "Build the Secrets of a kustomization",
    details: "\
Prints the Secrets of a directory exactly as kubectl kustomize does, hash suffixes included; without
DIR those of the current directory. What the API server would reject is an error at its line, and
--validate=ignore prints it anyway. Objects of other kinds are an error unless --secrets-only leaves
them out. What could change a Secret and is not implemented is an error: replacements, transformers,
generators, plugins, Helm charts and remote bases. --apply creates or updates the Secrets on clusters;
-n and --namespaces serve those without a namespace of their own.",
    examples: "\
# The Secrets of an overlay, as kubectl prints them
mksecret kustomize overlays/prod

# Which name each generated Secret gets
mksecret kustomize overlays/prod --names

# Allow a directory that several overlays share
mksecret kustomize overlays/prod --allow-dir=shared

# Create or update them, and show which keys change
mksecret kustomize overlays/prod --apply --diff",
    words: "[DIR] [flags]",
    reads_preferences: false,
    flags: || flags::kustomize::flags().to_vec(),
    takes_type_flags: false,
    verb: Verb::Kustomize,
};

const COMPLETION: Tool = Tool {
    name: "completion",
    about: "Print a shell's completion script",
    details: "\
SHELL is bash, zsh, fish, elvish or powershell. The script completes subcommands, flags and their
values: files, keys, types, contexts and namespaces of the kubeconfig, and hosts of the Docker
configuration. Installed packages include the scripts.",
    examples: "\
# bash: in this shell, and in every new one
source <(mksecret completion bash)
echo 'source <(mksecret completion bash)' >> ~/.bashrc

# zsh: in a directory of $fpath
mksecret completion zsh \\
  > ~/.zsh/completions/_mksecret

# fish
mksecret completion fish \\
  > ~/.config/fish/completions/mksecret.fish

# elvish: a line of ~/.config/elvish/rc.elv
eval (mksecret completion elvish | slurp)

# PowerShell: a line of $PROFILE
mksecret completion powershell |
  Out-String | Invoke-Expression",
    words: "SHELL",
    reads_preferences: false,
    flags: Vec::new,
    takes_type_flags: false,
    verb: Verb::Completion,
};

const OPTIONS: Tool = Tool {
    name: "options",
    about: "List the flags that every command accepts",
    details: "\
These are kubectl's global flags. They work as in kubectl; the README lists the differences. Where a
manifest is only printed, mksecret checks their form and opens no kubeconfig.",
    examples: "\
# Create a Secret in another cluster and namespace
mksecret generic db --from-env-file=db.env \\
  --context=staging -n shop",
    words: "",
    reads_preferences: false,
    flags: || global::flags().iter().map(|flag| flag.section(Section::Cluster)).collect(),
    takes_type_flags: false,
    verb: Verb::Options,
};

/// A shell that can be taught to complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "PowerShell is its name")]
pub(crate) enum Shell {
    Bash,
    Elvish,
    Fish,
    PowerShell,
    Zsh,
}

impl Shell {
    /// All of them, in the order of the help.
    pub(crate) const ALL: [Self; 5] =
        [Self::Bash, Self::Zsh, Self::Fish, Self::Elvish, Self::PowerShell];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Zsh => "zsh",
        }
    }

    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl FromStr for Shell {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|shell| shell.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_one_name_are_alike_in_all_types() {
        let mut known = global::flags().to_vec();
        known.extend(TYPES.iter().flat_map(guided_flags));
        for flag in &known {
            let first = known.iter().find(|other| other.name == flag.name);
            let takes_none = first.map(Flag::is_bare);
            assert_eq!(takes_none, Some(flag.is_bare()), "--{}", flag.name);
        }
    }

    #[test]
    fn the_type_is_the_first_word_that_is_no_value() {
        for (words, want) in [
            ("tls web", Some("tls")),
            ("-n tls generic db --labels a=b", Some("generic")),
            ("--cert tls.crt --cert=x tls", Some("tls")),
            ("--password ssh-auth basic-auth", Some("basic-auth")),
            ("web tls", None),
            ("--nothing tls", None),
            ("", None),
        ] {
            let words: Vec<_> = words.split_whitespace().map(OsString::from).collect();
            assert_eq!(named_type(&words).map(|row| row.name), want, "{words:?}");
        }
    }
}
