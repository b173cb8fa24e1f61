//! `bootstrap-token`: what `kubeadm token create` makes, as a Secret.

use std::path::PathBuf;

use jiff::{Timestamp, ToSpan as _};

use super::BuildError;
use super::build::{Build, Built, Printed};
use super::join::{self, JoinError};
use super::rules;
use super::token::{NoToken, Token};
use super::{Ask, Contents, SecretType};
use crate::flags::{self, Flag, FlagKind, List, Single, Switch, common, global, targets};
use crate::golang;
use crate::golang::durations::DurationError;
use crate::hints::{Fault, SAME_RUN};
use crate::kinds::{self, BOOTSTRAP_NAMESPACE, BootstrapFinding, is_bootstrap_group};
use crate::secret::{DataKey, Namespace, SecretName, Value};
use crate::shown;
use crate::sources::{Origin, ReadError, bytes_of, shown_path};
use crate::validate::{At, Finding, Rule, RuleInfo, Severity};

const DEFAULT_GROUP: &str = "system:bootstrappers:kubeadm:default-node-token";
const SIGNING: &str = "signing";
const AUTHENTICATION: &str = "authentication";
flags::table! {
/// The flags that only this type has.
fn own;

const TTL: Flag<Single> =
    flags::text("ttl", "DURATION", "Set the lifetime; 0 never expires [default: 24h]")
        .kind(FlagKind::Duration);
const EXPIRES: Flag<Single> =
    flags::text("expires", "TIME", "Set the expiry as an RFC 3339 time").kind(FlagKind::Time);
const USAGES: Flag<List> =
    flags::list("usages", "USAGE,…", "Set the usages [default: all] [repeatable]")
        .kind(FlagKind::Choices("signing\nauthentication"));
const GROUPS: Flag<List> =
    flags::list("groups", "GROUP,…", "Set the groups of joining nodes [repeatable]").kind(
        FlagKind::Choices(
            "system:bootstrappers:kubeadm:default-node-token\tthe group of kubeadm's nodes",
        ),
    );
const DESCRIPTION: Flag<Single> = flags::text("description", "TEXT", "Describe the token");
const TOKEN_STDIN: Flag<Switch> =
    flags::switch("token-stdin", "Read the token from standard input");
}
const DEFAULT_TTL_SECONDS: i64 = 24 * 60 * 60;

pub(super) const ROW: SecretType = SecretType {
    name: "bootstrap-token",
    about: "Create a token for joining nodes to a cluster",
    details: "\
mksecret generates the token, unless it is given as ID.SECRET: as an argument, or with
--token-stdin, which keeps it out of the process list. It prints the token, or with
--print-join-command the command to run on a node (for the cluster of the kubeconfig by default), or
with -o the Secret. The Secret is bootstrap-token-ID in the namespace kube-system. By default a node
joins in the group system:bootstrappers:kubeadm:default-node-token, as kubeadm's nodes do.",
    examples: "\
# Print the manifest of a token that expires in an hour
mksecret bootstrap-token --ttl=1h \\
  --dry-run=client -o yaml

# Create a token, print the command to run on a node
mksecret bootstrap-token --print-join-command",
    required: "",
    name_optional: true,
    empty_name: false,
    flags,
    takes_over: &[],
    asks: &[Ask::optional(TTL.name).unless(&[EXPIRES.name]), Ask::optional(DESCRIPTION.name)],
    contents: Contents::Built,
    build,
};

fn flags() -> Vec<Flag> {
    [&own() as &[_], &join::flags()].concat()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    refuse_wrong_flags(asked)?;
    let usages = usages(asked)?;
    let groups = groups(asked, &usages)?;
    let expiry = expiry(asked)?;
    let join = join::Join::from_flags(asked)?;
    let given = match (&asked.name, flags::is_on(asked.flags, &TOKEN_STDIN)) {
        (Some(_), true) => return Err(BootstrapError::TwoTokens.into()),
        (Some(word), false) => Some(Value::new(bytes_of(word).into_owned())),
        (None, true) => {
            let read =
                asked.inputs.read_stdin().map_err(BootstrapError::Stdin)?.without_final_newline();
            if read.is_empty() {
                return Err(BootstrapError::EmptyToken.into());
            }
            Some(read)
        }
        (None, false) => None,
    };
    let token = match given {
        Some(given) => given
            .as_text()
            .map_or(Err(NoToken { len: given.len() }), Token::parse)
            .map_err(BootstrapError::Token)?,
        None => Token::random(asked.inputs).map_err(BuildError::Random)?,
    };
    let name = SecretName::new(&format!("bootstrap-token-{}", token.id()));
    let namespace = asked.namespace.clone().unwrap_or_else(|| Namespace::new(BOOTSTRAP_NAMESPACE));
    let elsewhere = [
        ("-n", namespace.as_str() != BOOTSTRAP_NAMESPACE),
        ("--namespaces", names_other_namespace(asked)),
    ];
    let mut built = Built::new(name, kinds::BOOTSTRAP_TOKEN, Some(namespace));
    let elsewhere = elsewhere.into_iter().filter(|(_, is_other)| *is_other);
    built.findings.extend(elsewhere.map(|(flag, _)| {
        let finding = BootstrapFinding::Namespace { flag: Some(flag) };
        Finding::new(finding).with_severity(Severity::Error)
    }));
    let description = bytes_of(&flags::value(asked.flags, &DESCRIPTION)).into_owned();
    let expiration = expiry.map(rfc3339);
    let fields = [
        ("token-id", Some(token.id().to_owned()), "token"),
        ("token-secret", Some(token.secret().to_owned()), "token"),
        ("expiration", expiration.clone(), TTL.name),
        ("auth-extra-groups", Some(groups.join(",")).filter(|g| !g.is_empty()), GROUPS.name),
    ];
    let mut add = |key: &str, value: Vec<u8>, flag| match DataKey::parse(key) {
        Ok(key) => built.add_checked(key, Value::new(value), Origin::flag(flag, 1)),
        Err(_) => Ok(()),
    };
    for (key, value, flag) in fields {
        if let Some(value) = value {
            add(key, value.into_bytes(), flag)?;
        }
    }
    if !description.is_empty() {
        add("description", description, DESCRIPTION.name)?;
    }
    for usage in &usages {
        add(&format!("usage-bootstrap-{usage}"), b"true".to_vec(), USAGES.name)?;
    }
    if expiry.is_none() {
        built.find(NeverExpires);
    }
    let line = match join {
        Some(join) => join.line(token.as_str()),
        None => Value::new(token.as_str().as_bytes().to_vec()),
    };
    let expires = expiration.map_or("never expires".to_owned(), |at| format!("expires at {at}"));
    built.printed = Some(Printed { line, status: format!("token {} {expires}", token.id()) });
    Ok(built)
}

/// Flags that all types have and that mean nothing good here.
fn refuse_wrong_flags(asked: &Build<'_>) -> Result<(), BootstrapError> {
    if flags::is_on(asked.flags, &common::APPEND_HASH) {
        return Err(BootstrapError::AppendHash);
    }
    if flags::is_given(asked.flags, &targets::NAMESPACE_SELECTOR) {
        return Err(BootstrapError::NamespaceSelector);
    }
    let bearer = flags::value(asked.flags, &global::TOKEN);
    if bearer.to_str().is_some_and(|text| Token::parse(text).is_ok()) {
        return Err(BootstrapError::TokenAsFlag);
    }
    Ok(())
}

/// Whether `--namespaces` names one where no controller looks for the token.
fn names_other_namespace(asked: &Build<'_>) -> bool {
    flags::values(asked.flags, &targets::NAMESPACES).any(|value| {
        let value = bytes_of(value);
        let mut names = value.split(|byte| *byte == b',').filter(|name| !name.is_empty());
        names.any(|name| name != BOOTSTRAP_NAMESPACE.as_bytes())
    })
}

/// The items of a list flag, comma-separated and repeated.
fn items(asked: &Build<'_>, flag: &Flag<List>) -> Result<Option<Vec<String>>, BootstrapError> {
    let mut items = None::<Vec<String>>;
    for (i, value) in flags::values(asked.flags, flag).enumerate() {
        let origin = Origin::flag(flag.name, i + 1);
        let record = golang::csv::read_record(&bytes_of(value))
            .map_err(|_| BootstrapError::List { origin })?;
        let fields = record.fields.iter().map(|f| String::from_utf8_lossy(f).into_owned());
        items.get_or_insert_default().extend(fields);
    }
    Ok(items)
}

fn usages(asked: &Build<'_>) -> Result<Vec<String>, BootstrapError> {
    let mut usages =
        items(asked, &USAGES)?.unwrap_or_else(|| vec![SIGNING.into(), AUTHENTICATION.into()]);
    if let Some(usage) = usages.iter().find(|u| ![SIGNING, AUTHENTICATION].contains(&u.as_str())) {
        return Err(BootstrapError::Usage { usage: usage.clone() });
    }
    usages.sort();
    usages.dedup();
    Ok(usages)
}

/// The groups, which need the usage `authentication` as in kubeadm.
fn groups(asked: &Build<'_>, usages: &[String]) -> Result<Vec<String>, BootstrapError> {
    let authentication = usages.iter().any(|usage| usage == AUTHENTICATION);
    let Some(groups) = items(asked, &GROUPS)? else {
        return Ok(if authentication { vec![DEFAULT_GROUP.into()] } else { Vec::new() });
    };
    if !groups.is_empty() && !authentication {
        return Err(BootstrapError::GroupsWithoutAuthentication);
    }
    match groups.iter().find(|group| !is_bootstrap_group(group)) {
        Some(group) => Err(BootstrapError::Group { group: group.clone() }),
        None => Ok(groups),
    }
}

/// When the token expires, in whole seconds; `None` is never.
fn expiry(asked: &Build<'_>) -> Result<Option<Timestamp>, BootstrapError> {
    let text = |flag: &Flag<Single>| {
        flags::given(asked.flags, flag).map(|value| value.to_string_lossy().into_owned())
    };
    let now = asked.inputs.now();
    let ttl = match (text(&TTL), text(&EXPIRES)) {
        (Some(_), Some(_)) => return Err(BootstrapError::TtlAndExpires),
        (None, Some(expires)) => {
            let at: Timestamp = expires.parse().map_err(|_| BootstrapError::Expires)?;
            return if at > now { Ok(Some(at)) } else { Err(BootstrapError::Past) };
        }
        (None, None) => return Ok(now.checked_add(DEFAULT_TTL_SECONDS.seconds()).ok()),
        (Some(ttl), None) => {
            golang::durations::parse_duration(&ttl).map_err(BootstrapError::Ttl)?
        }
    };
    match ttl.0 {
        0 => Ok(None),
        ..0 => Err(BootstrapError::TtlNegative),
        nanoseconds => now
            .checked_add(nanoseconds.nanoseconds())
            .map(Some)
            .map_err(|_| BootstrapError::TtlTooLong),
    }
}

/// RFC 3339 in UTC with whole seconds, as kubeadm writes it.
fn rfc3339(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Why a bootstrap token could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BootstrapError {
    /// `--append-hash`: the name is given by the token.
    #[error("--append-hash cannot be used here: the cluster finds a token by its name")]
    AppendHash,
    #[error("--expires needs an RFC 3339 time")]
    Expires,
    /// A group that is not of the API's form.
    #[error(
        "--groups: a group {} is not a bootstrap group: it must match \\Asystem:bootstrappers:[a-z0-9:-]{{0,255}}[a-z0-9]\\z",
        shown::Hidden(group.len())
    )]
    Group { group: String },
    #[error("--groups needs the usage \"authentication\"")]
    GroupsWithoutAuthentication,
    #[error(transparent)]
    Join(#[from] JoinError),
    /// A list flag's value is no line of comma-separated values.
    #[error("{origin} is not a list of comma-separated values")]
    List { origin: Origin },
    /// `--namespace-selector`: only one namespace is of use.
    #[error(
        "--namespace-selector cannot be used here: a bootstrap token only works in kube-system"
    )]
    NamespaceSelector,
    #[error("--expires is in the past")]
    Past,
    #[error("{}: {}", shown_path(path), error.kind)]
    Read { path: PathBuf, error: ReadError },
    #[error("--token-stdin: {0}")]
    Stdin(ReadError),
    #[error("--token-stdin: the value is empty")]
    EmptyToken,
    #[error("the token must match [a-z0-9]{{6}}.[a-z0-9]{{16}} {}", shown::Hidden(.0.len))]
    Token(NoToken),
    #[error("--token is kubectl's bearer token, and this is a bootstrap token")]
    TokenAsFlag,
    #[error("invalid argument for \"--ttl\" flag: {}", .0.shown())]
    Ttl(DurationError),
    #[error("--ttl and --expires cannot be used together")]
    TtlAndExpires,
    #[error("--ttl is negative")]
    TtlNegative,
    #[error("--ttl ends after the year 9999")]
    TtlTooLong,
    #[error("TOKEN and --token-stdin cannot be used together")]
    TwoTokens,
    /// A usage that kubeadm does not know.
    #[error(
        "{} is not a usage of bootstrap tokens: they are \"signing\" and \"authentication\"",
        shown::Quoted(usage)
    )]
    Usage { usage: String },
}

/// What people regret of a token's lifetime.
#[derive(Debug, thiserror::Error)]
#[error("the token never expires")]
struct NeverExpires;

impl Rule for NeverExpires {
    fn info(&self) -> &'static RuleInfo {
        &rules::TOKEN_NEVER_EXPIRES
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec!["set a lifetime: --ttl=24h".to_owned()]
    }
}

impl Fault for BootstrapError {
    fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::AppendHash => one("leave out --append-hash"),
            Self::EmptyToken => one("the command before the pipe may have failed"),
            Self::Expires => one("for example --expires=2030-01-31T12:00:00Z"),
            Self::Group { .. } => one("for example --groups=system:bootstrappers:my-nodes"),
            Self::GroupsWithoutAuthentication => one("add it: --usages=signing,authentication"),
            Self::Join(error) => error.hints(),
            Self::List { .. } => one("separate them with commas"),
            Self::NamespaceSelector => one("leave out --namespace-selector"),
            Self::Past | Self::TtlNegative => one("for example --ttl=24h"),
            Self::Read { error, .. } | Self::Stdin(error) => error.hints(),
            Self::Token(_) => one("leave it out; mksecret generates one"),
            Self::TokenAsFlag => {
                vec![format!(
                    "pass it on standard input: mksecret bootstrap-token --token-stdin{SAME_RUN} < FILE"
                )]
            }
            Self::Ttl(_) => one("hours, minutes, seconds: --ttl=24h or --ttl=1h30m"),
            Self::TtlAndExpires | Self::TwoTokens => one("leave out one of them"),
            Self::TtlTooLong => one("--ttl=0 never expires"),
            Self::Usage { .. } => one("--usages=signing,authentication"),
        }
    }
}
