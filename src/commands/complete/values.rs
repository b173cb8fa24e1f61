//! What each flag takes.

use super::Candidate;
use super::files::{self, Which};
use super::known::{self, Names};
use crate::cli::{PROFILES, Place, Shell, Unfinished};
use crate::flags;
use crate::sources::Inputs;

/// The types that Kubernetes itself knows, what they are for, and their keys.
const TYPE_STRINGS: &[(&str, &str, &[&str])] = &[
    ("Opaque", "any data", &[]),
    ("kubernetes.io/basic-auth", "a user name and a password", &["username", "password"]),
    ("kubernetes.io/dockercfg", "registry logins, old form", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", "registry logins", &[".dockerconfigjson"]),
    ("kubernetes.io/service-account-token", "a service account's token", &[]),
    ("kubernetes.io/ssh-auth", "an SSH key", &["ssh-privatekey"]),
    ("kubernetes.io/tls", "a certificate and its key", &["tls.crt", "tls.key"]),
    (
        "bootstrap.kubernetes.io/token",
        "a token with which nodes join",
        &[
            "token-id",
            "token-secret",
            "description",
            "expiration",
            "usage-bootstrap-signing",
            "usage-bootstrap-authentication",
            "auth-extra-groups",
        ],
    ),
];

const CERTIFICATES: &[&str] = &["cer", "cert", "crt", "pem"];
const KEYS: &[&str] = &["key", "pem"];
const ENV_FILES: &[&str] = &["env"];

/// The values that a flag takes, as whole words. The value begins behind the first `head` bytes of
/// the last word.
pub(super) fn of(flag: &str, head: usize, line: &Unfinished, inputs: &Inputs) -> Vec<Candidate> {
    let (head, typed) = line.word.split_at_checked(head).unwrap_or_default();
    let (items, item) =
        typed.rsplit_once(',').map_or(("", typed), |(items, item)| (&typed[..=items.len()], item));
    let listed = |head: &str| format!("{head}{items}");
    let at = |head: String, found: Vec<Candidate>| {
        let whole = |each: Candidate| Candidate::new(format!("{head}{}", each.word), each.about);
        found.into_iter().map(whole).collect()
    };
    let of_files = |typed, which| files::matching(typed, head.is_empty(), which, inputs);
    let one = |found: Vec<Candidate>| at(head.to_owned(), found);
    let kubeconfig = || Names::of_kubeconfig(line.given("kubeconfig"), inputs);
    match flag {
        "annotations" | "labels" => Vec::new(),
        "cache-dir" => one(of_files(typed, Which::Folders)),
        "ca-cert" | "cert" | "certificate-authority" | "client-certificate" => {
            one(of_files(typed, Which::Endings(CERTIFICATES)))
        }
        "client-key" | "key" => one(of_files(typed, Which::Endings(KEYS))),
        "cluster" => one(plain(kubeconfig().clusters)),
        "color" => one(plain(["auto", "always", "never"])),
        "context" => one(plain(kubeconfig().contexts)),
        "docker-server" => one(plain(known::registries(inputs))),
        "dry-run" => one(pairs(&[
            ("client", "print, and store nothing"),
            ("server", "ask the cluster, and store nothing"),
            ("none", "store it"),
        ])),
        // A list is a line of comma-separated values; what needs quotes there is not offered.
        "from-env-file" if !typed.contains('"') => {
            let found = of_files(item, Which::Endings(ENV_FILES));
            at(listed(head), without(&[',', '"'], found))
        }
        "from-file" if !typed.contains('"') => {
            let (key, path) =
                item.split_once('=').map_or(("", item), |(key, path)| (&item[..=key.len()], path));
            let mut found = if key.is_empty() && !path.contains('/') { keys(line) } else { vec![] };
            let head_of_path = head.is_empty() && items.is_empty() && key.is_empty();
            let of_path = files::matching(path, head_of_path, Which::All, inputs);
            let of_path = without(&[',', '"', '='], of_path).into_iter();
            found.extend(of_path.map(|each| Candidate::new(key.to_owned() + &each.word, "")));
            at(listed(head), found)
        }
        "from-literal" if !typed.contains('=') => one(keys(line)),
        "groups" => {
            let usual = "system:bootstrappers:kubeadm:default-node-token";
            at(listed(head), pairs(&[(usual, "the group of kubeadm's nodes")]))
        }
        "kubeconfig" | "kuberc" | "profile-output" => one(of_files(typed, Which::All)),
        // Where a cluster can be asked, its own namespaces come in here.
        "namespace" => one(plain(kubeconfig().namespaces)),
        "output" => one(plain(["yaml", "json", "kyaml", "name"])),
        "profile" => one(plain(PROFILES.iter().copied())),
        "server" => one(plain(kubeconfig().servers)),
        "type" => one(TYPE_STRINGS.iter().map(|row| Candidate::new(row.0, row.1)).collect()),
        "usages" => at(listed(head), plain(["signing", "authentication"])),
        "user" => one(plain(kubeconfig().users)),
        "validate" => one(pairs(&[
            ("strict", "refuse what an API server would refuse"),
            ("warn", "only warn of it"),
            ("ignore", "do not look"),
        ])),
        _ => {
            let switch = line.command.get_arguments().find(|arg| arg.get_id() == flag);
            let switch = switch.is_some_and(flags::is_switch);
            if switch { one(plain(["true", "false"])) } else { Vec::new() }
        }
    }
}

/// The words of a subcommand that is no type.
pub(super) fn of_tool(name: &str) -> Vec<Candidate> {
    match name {
        "completion" => plain(Shell::ALL.map(Shell::name)),
        _ => Vec::new(),
    }
}

/// The keys that the type given with `--type` has.
fn keys(line: &Unfinished) -> Vec<Candidate> {
    let generic = matches!(line.place, Place::Type(row) if row.name == "generic");
    let given = line.given("type").filter(|_| generic);
    let row = TYPE_STRINGS.iter().find(|row| given.is_some_and(|given| given == row.0));
    let keys = row.map(|row| row.2).unwrap_or_default();
    keys.iter().map(|key| Candidate::new(format!("{key}="), "a key of this type")).collect()
}

fn plain<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    words.into_iter().map(|word| Candidate::new(word, "")).collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<Candidate> {
    rows.iter().map(|(word, about)| Candidate::new(*word, *about)).collect()
}

fn without(characters: &[char], mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.retain(|each| !each.word.contains(characters));
    found
}
