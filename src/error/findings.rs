//! What to say and to do about refusals and warnings.

use std::path::Path;

use super::{certificates_of, docker, shell_name, shell_word, typed};
use crate::hints::{REACH, SAME_RUN};
use crate::material::chain::{PathError, Unchecked};
use crate::material::key_pair::Finding;
use crate::material::key_pair::clients::ClientFinding;
use crate::shown::{self, Hidden};
use crate::sources::{EnvDoubt, Folder, Opening, Origin, shown_path};
use crate::types::{DateFault, NoValue, QuotingLeftover, Refusal, Warning};
use crate::validate::{self, Place, Rule, TextFault, TlsFinding, suggest_name, suggest_namespace};

pub(super) fn refusal_hints(refusal: &Refusal) -> Vec<String> {
    match &refusal {
        Refusal::BootstrapNamespace { flag } => vec![format!("leave out {flag}")],
        Refusal::Certificate { path, finding: Finding::PrivateKeyInCertificate { .. } } => {
            vec![format!(
                "the server would send the key to every client; keep only the certificates: \
                 {} > certs.pem",
                certificates_of(path)
            )]
        }
        Refusal::Certificate { path, .. } => {
            vec![format!("inspect it: openssl storeutl -noout -text -certs {}", shell_word(path))]
        }
        Refusal::Chain { path, ca, error } => chain_hints(error, path, ca),
        Refusal::Date { fault, .. } => date_hints(fault),
        Refusal::NoLogin { image, .. } => docker::no_login_hints(image),
        Refusal::HostName { names, .. } => vec![match names.as_slice() {
            [] => "its subject alternative names contain no host".to_owned(),
            names => format!("it is for {}", some_of(names)),
        }],
    }
}

fn chain_hints(error: &PathError, path: &Path, ca: &Path) -> Vec<String> {
    let (path, ca) = (shell_word(path), shell_word(ca));
    vec![match error {
        PathError::NoIssuer { issuer, .. } => {
            format!("add the certificate of {issuer} to {path}, or pass its CA with --ca")
        }
        PathError::Itself { .. } => format!(
            "pass its CA with --ca, or the certificate itself: \
                                             --ca={path}"
        ),
        PathError::NotAuthority { .. } | PathError::TooMany => {
            format!("check it with OpenSSL: openssl verify -CAfile {ca} -untrusted {path} {path}")
        }
        PathError::Signature { .. } => format!(
            "another key of that name signed it, or it was changed: openssl verify -CAfile {ca} \
             -untrusted {path} {path}"
        ),
    }]
}

fn date_hints(fault: &DateFault) -> Vec<String> {
    vec![match fault {
        DateFault::EndsTooSoon { .. } | DateFault::Expired { .. } => {
            "have the CA issue a new one".to_owned()
        }
        DateFault::NotYetValid { .. } => "check the clock: date -u".to_owned(),
    }]
}

/// The first of many names.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", names.get(..SHOWN).unwrap_or(names).join(", "))
}

/// What to do about what clients refuse. `path` is the file of the certificate, or of the key.
pub(super) fn client_hints(finding: &ClientFinding, path: &Path) -> Vec<String> {
    let file = shell_word(path);
    vec![match finding {
        ClientFinding::KeyLabel { label, wanted, .. } => {
            format!("fix the label: sed 's/ {label}-/ {wanted}-/' {file} > good.key")
        }
        ClientFinding::MissingIssuer { .. } => {
            "certbot and lego write leaf and intermediate to one file: fullchain.pem, NAME.crt"
                .to_owned()
        }
        ClientFinding::NoAlternativeName { .. } => {
            "have the CA issue one with the extension subjectAltName=DNS:HOST".to_owned()
        }
        ClientFinding::ParametersFirst { .. } => {
            format!("leave them out: openssl pkey -in {file} -out good.key")
        }
        ClientFinding::Pkcs8Version2 { .. } => format!(
            "for older versions, OpenSSL 3.5 writes version 1: openssl pkey -in {file} -out good.key"
        ),
        ClientFinding::ShortRsa { .. } => {
            "for a new one: openssl req -new -newkey rsa:2048 -nodes -keyout new.key -out new.csr"
                .to_owned()
        }
        ClientFinding::WeakHash { .. } => "have its CA sign it again, with SHA-256".to_owned(),
    }]
}

pub(super) fn warning_hints(warning: &Warning) -> Vec<String> {
    match &warning {
        Warning::AnnotationPairs { .. } => {
            vec!["give each its own flag: --annotations KEY=VALUE --annotations KEY=VALUE".into()]
        }
        Warning::ByteOrderMark { origin, utf16, .. } => vec![mark_hint(origin, *utf16)],
        Warning::EnvValue { doubt: EnvDoubt::Quotes, .. } => {
            vec!["remove the quotes: env files have no quoting".into()]
        }
        Warning::Padding { .. } => vec!["write --from-literal=KEY=VALUE".into()],
        Warning::Certificate { path, finding: Finding::Order { .. } } => {
            vec![format!("put the chain of {} in order: add --fix-chain", shell_word(path))]
        }
        Warning::Certificate { path, finding: Finding::Client(finding) } => {
            client_hints(finding, path)
        }
        Warning::Certificate { path, finding: Finding::SecondKey { .. } } => {
            vec![format!("keep one key in {}", shell_word(path))]
        }
        Warning::Certificate { path, .. } => {
            vec![format!("it is ignored: replace it in {}", shell_word(path))]
        }
        Warning::Date { fault, .. } => date_hints(fault),
        Warning::DockerFlagsIgnored { .. } => vec!["leave out either those or --from-file".into()],
        Warning::EmptyValues { origin, .. } => vec![
            match origin.flag {
                "from-literal" => {
                    "a shell variable may be unset; --allow-empty allows it without a warning"
                }
                _ => "--allow-empty allows it without a warning",
            }
            .to_owned(),
        ],
        Warning::EmptyLogin { server, .. } => docker::log_in(server),
        Warning::LoginOrder { .. } => {
            vec!["keep one of them: a later login of the same registry is rarely needed".to_owned()]
        }
        Warning::LoginsLeftOut(left) => docker::left_hints(left),
        Warning::GivenAgain { flag } => vec![format!("pass --{flag} once")],
        Warning::LinesIgnored { .. } => vec!["use one flag per path".into()],
        Warning::NoSource { login: Some(flag) } => vec![format!(
            "--{flag} is the login to the cluster, and not part of the Secret: for a value, use \
             --from-prompt={flag}, or mksecret basic-auth"
        )],
        Warning::NoSource { login: None } => {
            vec!["add --from-literal, --from-file or --from-env-file".into()]
        }
        Warning::NoValue { origin, why } => vec![match (why, &origin.path) {
            (NoValue::EnvFile, _) => {
                "write one NAME=value per line; the command that writes it may have failed"
                    .to_owned()
            }
            (NoValue::Folder, Some(path)) => {
                format!("list it: ls -la {}", shell_word(path))
            }
            (NoValue::Flag | NoValue::Folder, _) => {
                format!("leave out --{}; a shell variable may be unset", origin.flag)
            }
        }],
        Warning::PasswordCutOff { max } => vec![format!("use one of at most {max} bytes")],
        Warning::QuotingLeftover { leftover: QuotingLeftover::Backslash(_), .. } => {
            vec!["remove the backslash: single quotes need no escaping".into()]
        }
        Warning::PassphraseUnused { flag } => vec![format!("leave out --{flag}")],
        Warning::SignatureUnchecked { ca, path, .. } => {
            let (ca, path) = (shell_word(ca), shell_word(path));
            vec![format!(
                "OpenSSL may support it: openssl verify -CAfile {ca} -untrusted {path} {path}"
            )]
        }
        Warning::ServerOfLogin => {
            vec!["leave it out: the Secret has a user name and a password, and no server".into()]
        }
        Warning::UserOfKubeconfig => {
            vec!["set the user name of the Secret: --username=NAME".into()]
        }
        Warning::ServerOfCluster => vec!["set the registry: --docker-server=HOST".into()],
        Warning::ShortType { whole, .. } => vec![format!("did you mean --type={whole}?")],
        Warning::Skipped(folder) => skipped_hints(folder),
        Warning::StrayNewline { key, has_flag, origin } => {
            let key = key.as_str();
            let flag = if origin.shows_key(key) {
                format!("--trim-newline={key}")
            } else {
                "--trim-newline".to_owned()
            };
            let who = if *has_flag { "to" } else { "mksecret generic --type=TYPE can" };
            vec![format!("{who} drop it: {flag}")]
        }
        Warning::TokenNeverExpires => vec!["set a lifetime: --ttl=24h".into()],
        Warning::Unset { key, origin } if origin.shows_key(key.as_str()) => {
            vec![format!("write {key}= for an empty value")]
        }
        Warning::EnvValue { .. } | Warning::Unset { .. } => vec![ONE_LINE.to_owned()],
    }
}

fn skipped_hints(folder: &Folder) -> Vec<String> {
    let path = |name| shell_word(&folder.path.join(name));
    match (folder.readable(), folder.dangling.first()) {
        (Some(_), _) if folder.has_links_to_files => {
            vec!["add --follow-links to read the files that the links lead to".to_owned()]
        }
        (Some(name), _) => vec![format!("to include one: --from-file={}", path(name))],
        (None, Some(name)) => vec![format!("check its target: ls -l {}", path(name))],
        (None, None) => Vec::new(),
    }
}

/// What to do about a value that goes on in the next line.
const ONE_LINE: &str = "env file values cannot span lines; use --from-file=KEY=PATH";

/// How a text is made UTF-8 without a mark.
fn mark_hint(origin: &Origin, utf16: bool) -> String {
    let file = origin.path.as_deref().map_or_else(|| "FILE".to_owned(), shell_word);
    if utf16 {
        format!("convert it: iconv -f UTF-16 -t UTF-8 {file} > utf8.txt")
    } else {
        format!("remove the mark: sed '1s/^\\xEF\\xBB\\xBF//' {file} > plain.txt")
    }
}

fn env_value_words(key: &str, origin: &Origin, doubt: EnvDoubt) -> String {
    let key = origin.shown_key(key);
    let opening = match doubt {
        EnvDoubt::Padding => return padding_words(origin),
        EnvDoubt::Quotes => {
            return format!("{key} begins with a quote, which is part of its value ({origin})");
        }
        EnvDoubt::Open(Opening::Backslash) => "has a backslash at the end of its line",
        EnvDoubt::Open(Opening::Block) => "begins a PEM block",
        EnvDoubt::Open(Opening::Json) => "begins a JSON value",
        EnvDoubt::Open(Opening::Quote) => "begins with a quote",
    };
    format!("{key} {opening}, but its value ends with the line ({origin})")
}

fn padding_words(origin: &Origin) -> String {
    format!(
        "a value is '=' and nothing else: the end of a base64 text may have become a key ({origin})"
    )
}

pub(super) fn warning_words(warning: &Warning) -> String {
    match warning {
        Warning::AnnotationPairs { key } => format!(
            "--annotations: the value of {} contains ',KEY=', and annotations are not split at commas",
            shown::Name(key)
        ),
        Warning::ByteOrderMark { key, origin, utf16 } => {
            let key = origin.shown_key(key.as_str());
            let kind = if *utf16 { "is UTF-16 text" } else { "begins with a byte order mark" };
            format!("{key} {kind}, and is stored unchanged ({origin})")
        }
        Warning::EnvValue { key, origin, doubt } => env_value_words(key.as_str(), origin, *doubt),
        Warning::Padding { origin } => padding_words(origin),
        Warning::Certificate { path, finding } => format!("{}: {finding}", shown_path(path)),
        Warning::Date { path, place, fault } => format!("{}: {place} {fault}", shown_path(path)),
        Warning::EmptyValues { keys, origin } => match keys.as_slice() {
            [key] => {
                format!("the value of {} is empty ({origin})", origin.shown_key(key.as_str()))
            }
            keys => {
                const SHOWN: usize = 5;
                let names: Vec<_> =
                    keys.iter().take(SHOWN).map(|key| origin.shown_key(key.as_str())).collect();
                let more = match keys.len().saturating_sub(names.len()) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("the values of {}{more} are empty ({origin})", names.join(", "))
            }
        },
        Warning::DockerFlagsIgnored { .. }
        | Warning::EmptyLogin { .. }
        | Warning::LoginOrder { .. }
        | Warning::LoginsLeftOut(_)
        | Warning::QuotingLeftover { .. } => login_words(warning),
        Warning::GivenAgain { flag } => {
            format!("--{flag} is given more than once, and only the last is used, as in kubectl")
        }
        Warning::LinesIgnored { origin } => {
            format!("{origin} has several lines, and only the first is used, as in kubectl")
        }
        Warning::NoSource { .. } => "no source is given: the Secret has no data".to_owned(),
        Warning::NoValue { origin, why } => match why {
            NoValue::EnvFile => format!("no line sets a value, so no key is added ({origin})"),
            NoValue::Flag => format!("{origin} is empty and adds nothing"),
            NoValue::Folder => {
                format!("the directory has no regular file, so no key is added ({origin})")
            }
        },
        Warning::PasswordCutOff { max } => {
            format!("bcrypt uses only the first {max} bytes of the password")
        }
        Warning::PassphraseUnused { flag } => {
            format!("--{flag} has no effect: nothing is encrypted")
        }
        Warning::SignatureUnchecked { path, unchecked, .. } => {
            let Unchecked { algorithm, issuer, of } = unchecked;
            let path = path.display();
            format!("{path}: the signature of {issuer} on {of} was not checked: {algorithm}")
        }
        Warning::ServerOfCluster => {
            "--server names the cluster; the login is for Docker Hub".to_owned()
        }
        Warning::ServerOfLogin => {
            "--server names the API server of a cluster, not the server of the login".to_owned()
        }
        Warning::UserOfKubeconfig => {
            "--user names a user of the kubeconfig, and the Secret has no user name".to_owned()
        }
        Warning::ShortType { given, .. } => {
            format!("--type={given} is not a built-in type, so nothing is checked")
        }
        Warning::Skipped(folder) => skipped_words(folder),
        Warning::StrayNewline { key, origin, .. } => {
            let key = origin.shown_key(key.as_str());
            format!("{key} ends with a newline, which is part of its value ({origin})")
        }
        Warning::TokenNeverExpires => "the token never expires".to_owned(),
        Warning::Unset { key, origin } if !origin.shows_key(key.as_str()) => {
            let len = Hidden(key.as_str().len());
            format!("a line without a '=' became a key without a value {len} ({origin})")
        }
        Warning::Unset { key, origin } => {
            format!(
                "{key} has no value, and the variable {key} is not set: its value is empty \
                 ({origin})"
            )
        }
    }
}

fn skipped_words(folder: &Folder) -> String {
    let names: Vec<_> = folder.skipped.iter().take(5).map(|n| n.to_string_lossy()).collect();
    let more = match folder.skipped.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = folder.skipped.len();
    let (entries, are) = if count == 1 {
        ("entry", "is not a regular file and was skipped")
    } else {
        ("entries", "are not regular files and were skipped")
    };
    let path = shown_path(&folder.path);
    let names = names.join(", ");
    let dangling = match folder.dangling.as_slice() {
        [] => String::new(),
        [link] => format!("; {} links to nothing", link.to_string_lossy()),
        [link, rest @ ..] => {
            format!("; {} and {} more link to nothing", link.to_string_lossy(), rest.len())
        }
    };
    format!("{count} {entries} of {path} {are}: {names}{more}{dangling}")
}

/// What people regret of logins.
fn login_words(warning: &Warning) -> String {
    match warning {
        Warning::DockerFlagsIgnored { flags } => {
            let have = if flags.len() == 1 { "has" } else { "have" };
            format!("--from-file is used, so --{} {have} no effect", flags.join(", --"))
        }
        Warning::LoginsLeftOut(left) => format!("skipped: {left}"),
        Warning::EmptyLogin { image, server } => {
            format!("the login of {server}, which a kubelet tries first for {image}, is empty")
        }
        Warning::LoginOrder { image, servers } => format!(
            "for {image} a kubelet tries the logins of {servers}, some of them in an order that is \
             not defined"
        ),
        Warning::QuotingLeftover { leftover: QuotingLeftover::Backslash(c), origin } => format!(
            "{origin}: a backslash before {c} is left over from shell quoting, and is part of the value"
        ),
        _ => String::new(),
    }
}

/// What to do about the name of a namespace.
pub(super) fn namespace_hints(fault: &TextFault, name: Option<&str>) -> Vec<String> {
    let name = name.filter(|_| matches!(fault, TextFault::Form { .. }));
    let near = name
        .and_then(suggest_namespace)
        .filter(|near| shown::is_word(near))
        .map(|near| format!("did you mean {near}?"));
    let shown = format!("kubectl get namespaces{REACH} lists them");
    near.into_iter().chain([shown]).collect()
}

pub(super) fn finding_hints(
    finding: &validate::Finding,
    name: &str,
    origin: Option<&Origin>,
) -> Vec<String> {
    let path = origin.and_then(|origin| origin.path.as_deref());
    if let (Rule::Empty, Some(path)) = (&finding.rule, path) {
        return vec![format!("{} is empty; a pipe can be read only once", shell_word(path))];
    }
    match &finding.rule {
        Rule::Account(found) => typed::account_hints(found),
        Rule::Bootstrap(found) => typed::bootstrap_hints(found),
        Rule::Docker(found) => docker::finding_hints(found, name, origin),
        Rule::Login(found) => typed::login_hints(found, origin),
        Rule::Ssh(found) => typed::ssh_hints(found, origin),
        Rule::Tls(TlsFinding::Certificate(Finding::Client(finding))) => {
            client_hints(finding, path.unwrap_or(Path::new("FILE")))
        }
        Rule::Tls(_) => {
            let name = shell_name(name, "NAME");
            vec![format!("mksecret tls {name} --cert=FILE --key=FILE{SAME_RUN} says more")]
        }
        Rule::Name(TextFault::TooLong { .. }) => vec!["shorten it".to_owned()],
        Rule::Name(_) => {
            let near = suggest_name(name).filter(|near| shown::is_word(near));
            near.map(|name| format!("for example {name}")).into_iter().collect()
        }
        // Its name is not here: [`namespace_hints`].
        Rule::Namespace(_) => Vec::new(),
        Rule::Empty | Rule::Missing | Rule::MissingEither { .. } => match &finding.place {
            Place::Key(key) => vec![format!("add the key: --from-file={key}=PATH")],
            Place::Annotation(key) => vec![format!("add it: --annotations {key}=NAME")],
            _ => Vec::new(),
        },
        Rule::TooLarge(_) => vec!["split it into several Secrets".to_owned()],
        Rule::Json(fault) => docker::json_hints(fault, name, origin),
        Rule::AnnotationKey(_) => vec!["for example --annotations example.com/owner=me".to_owned()],
        Rule::LabelKey(_) | Rule::LabelValue(_) => {
            vec!["for example --labels app.kubernetes.io/name=shop".to_owned()]
        }
    }
}
