//! What the value of a flag is.

/// What the value of a flag is. Completion, the questions of `mksecret new` and what may be shown
/// follow from it. A list of the plural kinds is separated by commas.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FlagKind {
    /// The file of a certificate, or of several.
    Certificate,
    /// One of these words: a line each, with what it means after a tab. As one text they cost the
    /// loader of every run one pointer.
    Choice(&'static str),
    /// Some of these words, in the same form.
    Choices(&'static str),
    /// The name of a cluster in the kubeconfig.
    Cluster,
    /// Names of well-known readers of Secrets, separated by commas.
    Consumers,
    /// The name of a context in the kubeconfig.
    Context,
    /// Names of contexts in the kubeconfig.
    Contexts,
    /// A duration as Go writes it.
    Duration,
    /// The paths of env files.
    EnvFiles,
    File,
    Folder,
    /// An output format, with a template where it takes one.
    Format,
    /// A key of the Secret.
    Key,
    /// A key of the Secret, and how to generate its value.
    KeyRecipe,
    /// A key of the Secret and its value: a secret if the key says so.
    KeyValue,
    /// A key of the Secret, and the environment variable with its value.
    KeyVariable,
    /// Paths of files and directories, each with a key of the Secret or without.
    KeyedPaths,
    /// A login to a registry: `server=…,username=…`.
    Login,
    Namespace,
    Namespaces,
    /// The file of a private key.
    PrivateKey,
    /// The host of a registry.
    Registry,
    /// Ids of rules, separated by commas.
    Rules,
    /// A text that only its owner may see.
    Secret,
    /// The type string of a Secret.
    SecretType,
    /// The address of an API server, with a login or without.
    Server,
    Switch,
    Text,
    /// A time as RFC 3339 has it.
    Time,
    /// An address, with a login or without.
    Url,
    /// The name of a user in the kubeconfig.
    User,
    /// The name of an environment variable.
    Variable,
}

impl FlagKind {
    /// Whether the value is the path of one file, which must exist.
    pub(crate) const fn is_file(self) -> bool {
        matches!(self, Self::Certificate | Self::File | Self::PrivateKey)
    }

    /// Whether the value is, or contains, what only its owner may see.
    pub(crate) const fn holds_secret(self) -> bool {
        matches!(self, Self::KeyValue | Self::Secret)
    }

    /// Whether the value is an address that may contain a login.
    pub(crate) const fn is_address(self) -> bool {
        matches!(self, Self::Server | Self::Url)
    }
}
