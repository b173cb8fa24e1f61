//! No value in any message. Every failing case is driven again with a canary in each spot where a
//! value could stand, and what comes out is searched for it in all the forms it could take.
//!
//! May be shown: names and keys, paths, flags' names, and the values of the flags in [`SHOWN`].

use std::collections::HashSet;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::ffi::OsStringExt as _;
use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, Engine as _};

use crate::harness::{self, Answer, Run, in_parallel, mksecret, position};
use crate::{cases, recorded};

/// Flags whose values are no secrets: words of a closed set, forms, names, paths.
const SHOWN: &[&str] = &[
    "api-server-endpoint",
    "append-hash",
    "as",
    "ca",
    "ca-cert",
    "cert",
    "context",
    "docker-password-file",
    "docker-server",
    "dry-run",
    "from-env-file",
    "gitconfig",
    "groups",
    "hostname",
    "immutable",
    "key",
    "known-hosts",
    "kubeconfig",
    "kuberc",
    "log-flush-frequency",
    "merge-config",
    "min-validity",
    "namespace",
    "output",
    "passphrase-file",
    "pkcs12",
    "password-file",
    "profile",
    "request-timeout",
    "seal",
    "seal-into",
    "seal-scope",
    "server",
    "service-account",
    "sops",
    "ssh-privatekey",
    "ttl",
    "type",
    "usages",
    "v",
    "validate",
    "vmodule",
];

/// What is put into the spots. Between two words that could be looked for stand characters that
/// messages like to quote, escape or cut at; none is a valid key, since a key may be shown.
const CANARIES: [&[u8]; 4] = [
    b"kolibri7+Zaunkoenig9",
    b"kolibri7 \xff\xfe Zaunkoenig9",
    b"kolibri7\"\\'\n\x1b\xc3\xa9Zaunkoenig9",
    b"kolibri7,Zaunkoenig9:{[kolibri7@Zaunkoenig9",
];
const WORDS: [&str; 2] = ["kolibri7", "Zaunkoenig9"];

/// All forms in which a word of the canary could show.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let bytes = word.as_bytes();
    let each = |part: &str, form: &dyn Fn(u8) -> String| {
        bytes.iter().map(|b| form(*b)).collect::<Vec<_>>().join(part).into_bytes()
    };
    let mut forms = vec![
        bytes.to_vec(),
        each("", &|b| format!("{b:02x}")),
        each("", &|b| format!("{b:02X}")),
        each(" ", &|b| format!("{b:02x}")),
        each("", &|b| format!("\\x{b:02x}")),
        each("", &|b| format!("\\u{b:04x}")),
        each("", &|b| format!("%{b:02X}")),
        each(" ", &|b| b.to_string()),
        each(", ", &|b| b.to_string()),
        each(" ", &|b| format!("{b:#x}")),
        bytes.to_ascii_lowercase(),
        bytes.to_ascii_uppercase(),
    ];
    // In base64 a text can stand at three places of a group; its rims depend on its neighbours.
    for before in 0..3 {
        let padded = [vec![0; before], bytes.to_vec()].concat();
        for engine in [&BASE64_STANDARD, &BASE64_URL_SAFE] {
            let text = engine.encode(&padded).into_bytes();
            let end = text.len() - 4;
            forms.push(text[if before == 0 { 0 } else { 4 }..end].to_vec());
        }
    }
    forms
}

/// What leaked, if anything did.
fn leak(answer: &Answer) -> Option<String> {
    let mut streams = vec![("stderr", &answer.stderr)];
    if answer.status != Some(0) {
        streams.push(("stdout", &answer.stdout));
    }
    static FORMS: LazyLock<Vec<Vec<u8>>> =
        LazyLock::new(|| WORDS.iter().flat_map(|word| forms(word)).collect());
    for (name, stream) in streams {
        for form in &*FORMS {
            if position(stream, form).is_some() {
                let said = String::from_utf8_lossy(stream).into_owned();
                let form = String::from_utf8_lossy(form).into_owned();
                return Some(format!("{form} on {name} of {}:\n{said}", answer.shown));
            }
        }
    }
    None
}

/// Complaints of a run: a leak, or no proper end.
fn complaint(run: &Run) -> Option<String> {
    let answer = run.run();
    leak(&answer).or_else(|| answer.impropriety())
}

#[test]
fn every_form_is_seen() {
    let says = |stderr: &[u8]| {
        let shown = String::new();
        let (stdout, stderr) = (Vec::new(), stderr.to_vec());
        leak(&Answer { status: Some(1), signal: None, stdout, stderr, shown }).is_some()
    };
    assert!(!says(b"error: all is wrong\n"));
    for canary in CANARIES {
        assert!(says(canary));
        assert!(says(format!("{:?}", String::from_utf8_lossy(canary)).as_bytes()));
        assert!(says(format!("{canary:?}").as_bytes()));
        assert!(says(canary.escape_ascii().to_string().as_bytes()));
        for before in ["", "x", "xy"] {
            let text = [before.as_bytes(), canary, b"behind"].concat();
            assert!(says(BASE64_STANDARD.encode(text).as_bytes()));
        }
    }
}

/// A case in a form that can be changed: the words, the files, standard input, the environment.
#[derive(Clone)]
struct Spots {
    id: String,
    args: Vec<Vec<u8>>,
    files: Vec<(String, Vec<u8>)>,
    stdin: Option<Vec<u8>>,
    env: Vec<(String, Vec<u8>)>,
    /// Lays out what is no regular file.
    base: Base,
}

#[derive(Clone)]
enum Base {
    Data(Box<cases::Case>),
    Recorded(usize),
}

/// All failing cases, our own and the recorded ones.
fn failing() -> (Vec<Spots>, Vec<recorded::Recorded>) {
    let mut spots = Vec::new();
    for (id, case) in cases::failing() {
        spots.push(Spots {
            id,
            args: case.args.iter().map(|word| word.clone().into_bytes()).collect(),
            files: case.files.iter().filter_map(|(p, f)| Some((p.clone(), f.bytes()?))).collect(),
            stdin: case.stdin.clone().map(String::into_bytes),
            env: case.env.iter().map(|(n, v)| (n.clone(), v.clone().into_bytes())).collect(),
            base: Base::Data(Box::new(case)),
        });
    }
    let ours = spots.len();
    assert!(ours > 100, "{ours}");
    let recorded = recorded::all();
    for (at, case) in recorded.iter().enumerate() {
        if case.expect.exit == 0 && case.server_rejects.is_null() {
            continue;
        }
        spots.push(Spots {
            id: case.id.clone(),
            args: case.args.iter().map(recorded::Words::bytes).collect(),
            files: case
                .files
                .iter()
                .filter_map(|file| Some((file.path.clone(), file.bytes()?)))
                .collect(),
            stdin: case.stdin.clone().map(|text| recorded::Words(text).bytes()),
            env: Vec::new(),
            base: Base::Recorded(at),
        });
    }
    assert!(spots.len() > ours + 40, "{}", spots.len() - ours);
    (spots, recorded)
}

impl Spots {
    /// This case with the canary in one spot, for every spot.
    fn with(&self, canary: &[u8]) -> Vec<Self> {
        let mut all = Vec::new();
        // argv ends a word at a zero byte; none is in the canaries.
        for at in 0..self.args.len() {
            for word in changed_words(&self.args, at, canary) {
                let mut spots = self.clone();
                spots.args[at] = word;
                all.push(spots);
            }
        }
        for at in 0..self.files.len() {
            for bytes in changed_file(&self.files[at].1, canary) {
                let mut spots = self.clone();
                spots.files[at].1 = bytes;
                all.push(spots);
            }
        }
        if self.stdin.is_some() {
            let mut spots = self.clone();
            spots.stdin = Some(canary.to_vec());
            all.push(spots);
        }
        for at in 0..self.env.len() {
            let mut spots = self.clone();
            spots.env[at].1 = canary.to_vec();
            all.push(spots);
        }
        let mut surplus = self.clone();
        surplus.args.extend([b"x".to_vec(), [b"surplus=", canary].concat()]);
        all.push(surplus);
        let mut letter = self.clone();
        letter.args.push([b"-p", canary].concat());
        all.push(letter);
        all
    }

    /// Two with the same are one and the same run, save for what is no regular file.
    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let others = self.id.starts_with("generic").then_some(&self.id);
        (&self.args, &self.files, &self.stdin, &self.env, others).hash(&mut hasher);
        hasher.finish()
    }

    fn prepare(&self, recorded: &[recorded::Recorded]) -> Run {
        let mut run = match &self.base {
            Base::Data(case) => case.prepare(),
            Base::Recorded(at) => recorded[*at].prepare(),
        };
        for (path, bytes) in &self.files {
            run = run.file(path, bytes);
        }
        for (name, value) in &self.env {
            run = run.env(name, OsString::from_vec(value.clone()));
        }
        if let Some(bytes) = &self.stdin {
            run = run.stdin(bytes.as_slice());
        }
        run.words(self.args.iter().map(|word| OsString::from_vec(word.clone())))
    }
}

/// The word at that place with the canary where a value stands.
fn changed_words(args: &[Vec<u8>], at: usize, canary: &[u8]) -> Vec<Vec<u8>> {
    let word = &args[at];
    let mut words = Vec::new();
    let is_shown = |flag: &str| SHOWN.contains(&flag.replace('_', "-").as_str());
    let flag_of = |word: &[u8]| {
        let name = word.strip_prefix(b"--").map(|name| String::from_utf8_lossy(name).into_owned());
        name.filter(|name| !name.is_empty() && !name.contains('='))
    };
    let before = at.checked_sub(1).and_then(|at| flag_of(&args[at]));
    if let Some(flag) = before.filter(|flag| !is_shown(flag))
        && !word.starts_with(b"-")
        && flag.starts_with("from-literal")
    {
        words.push(canary.to_vec());
        words.push([b"key=", canary].concat());
    }
    let Some(rest) = word.strip_prefix(b"--") else {
        // Words that take the place of a password which was meant for a flag.
        if word.starts_with(b"-") && word.len() > 2 && !matches!(word[1], b'o' | b'n' | b's' | b'v')
        {
            words.push([&word[..2], canary].concat());
        }
        return words;
    };
    let Some(equals) = rest.iter().position(|b| *b == b'=') else { return words };
    let flag = String::from_utf8_lossy(&rest[..equals]).into_owned();
    let value = &rest[equals + 1..];
    let with = |value: &[u8]| [b"--", flag.as_bytes(), b"=", value].concat();
    match flag.as_str() {
        "from-literal" => {
            words.push(with(&[b"key=", canary].concat()));
            words.push(with(&[b"bad key=", canary].concat()));
            words.push(with(&[b"=", canary].concat()));
            // Without an equals sign it may be a value whose key was forgotten.
            words.push(with(canary));
        }
        "labels" | "annotations" => {
            words.push(with(&[b"key=", canary].concat()));
            words.push(with(&[b"=", canary].concat()));
            words.push(with(canary));
        }
        "from-file" => {
            // No line of comma-separated values: an open quote.
            words.push(with(&[b"\"", canary].concat()));
            words.push(with(&[b"a\"", canary].concat()));
            words.push(with(&[b"a=b=", canary].concat()));
        }
        "server" | "proxy-url" => {
            for scheme in [&b"https://"[..], b"ftp://", b"://", b""] {
                let path = position(value, b"://").map_or(value, |at| &value[at + 3..]);
                let path = position(path, b"@").map_or(path, |at| &path[at + 1..]);
                words.push(with(&[scheme, b"user:", canary, b"@", path].concat()));
                words.push(with(&[scheme, canary, b"@", path].concat()));
            }
        }
        flag if is_shown(flag) => {}
        _ => words.push(with(canary)),
    }
    words
}

/// The file with the canary in place of it, before it, behind it, in it, and in each value of it.
fn changed_file(bytes: &[u8], canary: &[u8]) -> Vec<Vec<u8>> {
    // Files over the limit are refused by their size, whatever is in them.
    if bytes.len() > 65536 {
        return Vec::new();
    }
    // A block's label is a name: the middle is then the line below it.
    let mut half = bytes.len() / 2;
    let line = bytes[..half].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    if bytes[line..].starts_with(b"-----BEGIN") {
        half =
            bytes[half..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| half + at + 1);
    }
    let mut files = vec![
        canary.to_vec(),
        [canary, b"\n", bytes].concat(),
        [bytes, b"\n", canary, b"\n"].concat(),
        [bytes, canary, b"=value\n"].concat(),
        [bytes, b"\nKEY=", canary, b"\n"].concat(),
        [bytes, b"\nexport KEY=", canary, b"\n"].concat(),
        [&bytes[..half], canary, &bytes[half..]].concat(),
        [b"{\"auths\":{\"host\":{\"auth\":\"", canary, b"\"}}"].concat(),
        [b"{\"auths\":", canary, b"}"].concat(),
        [b"[\"", canary, b"\"]"].concat(),
    ];
    let body = BASE64_STANDARD.encode(canary);
    for label in ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
        let block = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        files.push([bytes, b"\n", block.as_bytes()].concat());
        files.push(block.into_bytes());
    }
    let header = [b"-----BEGIN PRIVATE KEY-----\nHeader: ", canary, b"\n\nMIIB\n"].concat();
    files.push([&header[..], b"-----END PRIVATE KEY-----\n"].concat());
    files.push(header);
    // In place of one line's value.
    for (start, line) in lines(bytes) {
        if let Some(equals) = line.iter().position(|b| *b == b'=') {
            let end = start + line.len();
            files.push([&bytes[..=start + equals], canary, &bytes[end..]].concat());
        }
    }
    files
}

/// The lines with their places.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    bytes.split(|b| *b == b'\n').take(8).map(move |line| {
        let at = start;
        start += line.len() + 1;
        (at, line)
    })
}

#[test]
fn no_failing_case_shows_a_value() {
    let (failing, recorded) = failing();
    // The canaries take turns from spot to spot. Many cases become the same by a change.
    let mut spots = Vec::new();
    let mut seen = HashSet::new();
    for (at, case) in failing.iter().enumerate() {
        let [mut first, rest @ ..] = CANARIES.map(|canary| case.with(canary));
        for (number, spot) in first.iter_mut().enumerate() {
            if let Some(other) = rest.get((at + number) % CANARIES.len()) {
                spot.clone_from(&other[number]);
            }
            if seen.insert(spot.fingerprint()) {
                spots.push(spot.clone());
            }
        }
    }
    let complaints = in_parallel(&spots, |spots| {
        let complaint = complaint(&spots.prepare(&recorded))?;
        Some(format!("{}: {complaint}", spots.id))
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn no_message_shows_a_value() {
    let rows: &[(&[&str], &[(&str, &str)])] = &[
        (&["generic", "x", "CANARY"], &[]),
        (&["generic", "x", "y=CANARY"], &[]),
        (&["password=CANARY"], &[]),
        (&["x", "CANARY"], &[]),
        (&["create", "password=CANARY"], &[]),
        (&["create", "secret", "password=CANARY", "x"], &[]),
        (&["help", "password=CANARY"], &[]),
        (&["help", "x", "CANARY"], &[]),
        (&["--", "password=CANARY"], &[]),
        (&["-pCANARY"], &[]),
        (&["-p=CANARY"], &[]),
        (&["--password", "CANARY", "generic"], &[]),
        (&["--from-literal", "CANARY"], &[]),
        (&["--from-literal", "-CANARY", "generic", "x"], &[]),
        (&["generic", "x", "--nope=CANARY"], &[]),
        (&["generic", "x", "--=CANARY"], &[]),
        (&["generic", "x", "---CANARY"], &[]),
        (&["generic", "x", "-CANARY"], &[]),
        (&["generic", "x", "--from-literal", "CANARY"], &[]),
        (&["generic", "x", "--from-literal=a=1", "--from-literal=a=CANARY"], &[]),
        (&["generic", "x", "--from-literal=a=CANARY"], &[]),
        (&["generic", "X", "--from-literal=a=CANARY", "--dry-run=client"], &[]),
        (&["generic", "x", "--from-env-file=e", "--dry-run=client"], &[("e", "bad key CANARY\n")]),
        (&["generic", "x", "--from-env-file=e", "--dry-run=client"], &[("e", "CANARY b=1\n")]),
        (&["generic", "x", "--from-env-file=e", "--dry-run=client"], &[("e", "1CANARY=1\n")]),
        (&["generic", "x", "--from-env-file=e", "--dry-run=client"], &[("e", "..CANARY=1\n")]),
        (&["generic", "x", "--from-env-file=e", "--dry-run=client"], &[("e", "a=1\na=CANARY\n")]),
        (
            &["generic", "x", "--type=kubernetes.io/dockercfg", "--from-literal=.dockercfg=CANARY"],
            &[],
        ),
        (&["generic", "x", "--labels=CANARY"], &[]),
        (&["generic", "x", "--labels=a=1,CANARY"], &[]),
        (&["generic", "x", "--labels=a=a CANARY", "--dry-run=client"], &[]),
        (&["generic", "x", "--annotations=CANARY"], &[]),
        (&["generic", "x", "--annotations", "a b=CANARY", "--dry-run=client"], &[]),
        (&["generic", "x", "--token=CANARY", "--username=CANARY"], &[]),
        (&["generic", "x", "--token=CANARY", "--password=CANARY"], &[]),
        (&["generic", "x", "--server=https://user:CANARY@host:port"], &[]),
        (&["generic", "x", "--server=https://CANARY^x@host"], &[]),
        (&["generic", "x", "--server=https://user:%CANARY@host"], &[]),
        (&["generic", "x", "--proxy-url=user:CANARY@host"], &[]),
        (&["generic", "x", "--proxy-url=ftp://user:CANARY@host"], &[]),
        (&["generic", "x", "--proxy-url=http://user:%CANARY@host"], &[]),
        (&["generic", "x", "--server=https://user:CANARY/x@host:port"], &[]),
        (&["generic", "x", "--server=https://user:x?CANARY@host:port"], &[]),
        (&["generic", "x", "--server=https://user:x/CANARY@host:port"], &[]),
        (&["generic", "x", "--server=user:x#CANARY@host:port"], &[]),
        (&["generic", "x", "--proxy-url=http://user:x/CANARY@host"], &[]),
        (&["generic", "x", "--proxy-url=http://user:CANARY#x@host"], &[]),
        (&["generic", "x", "--proxy-url=user:CANARY/x@host"], &[]),
        (&["generic", "x", "--as-user-extra=a=CANARY"], &[]),
        (&["docker-registry", "x", "--docker-password=CANARY"], &[]),
        (&["docker-registry", "x", "--docker-username=u", "--docker-password", "CANARY"], &[]),
        (&["docker-registry", "x", "--docker-passwort=CANARY"], &[]),
        (
            &["docker-registry", "x", "--from-file=c", "--dry-run=client"],
            &[("c", "{\"a\":CANARY}")],
        ),
        (&["docker-registry", "x", "--from-file=c", "--dry-run=client"], &[("c", "CANARY")]),
        (&["tls", "x", "--cert=c", "--key=c"], &[("c", "CANARY")]),
        (&["tls", "x", "--cert=c", "--key=c"], &[("c", "-----BEGIN CERTIFICATE-----\nCANARY\n")]),
        (&["tls", "x", "--cert=c", "--key=c"], &[("c", "CANARY-----BEGIN CERTIFICATE-----\n")]),
        (&["bootstrap-token", "CANARY"], &[]),
        (&["bootstrap-token", "kolibr.CANARY"], &[]),
        (&["bootstrap-token", "--description=CANARY"], &[]),
        (&["bootstrap-token", "--certificate-key=CANARY"], &[]),
        (&["bootstrap-token", "--certificate-key=CANARY", "--print-join-command"], &[]),
        (&["bootstrap-token", "--token=CANARY"], &[]),
        (&["bootstrap-token", "--expires=CANARY"], &[]),
    ];
    search(rows);
}

/// Secrets as they are: words and numbers of which paths, keys and names are made as well.
const SECRETS: [&str; 8] = [
    "hunter2-S3cret",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    "glpat-0123456789abcdefghij",
    "AKIAIOSFODNN7EXAMPLE",
    "q1xT/9bZ+4cDeFgHiJkLmNoPqRsTuVwXyZ01234567KLMN==",
    "/9j4AAQSkZJRgABAQAAAQABAADMMNN",
    "xoxb-1234-56789-abcDEF7ghi",
    "Tr0ub4dor&3",
];

/// Where a path, a key or a name belongs.
const PLACES: &[&str] = &[
    "generic x --from-literal=SECRET",
    "generic x --from-literal=SECRET=v --from-literal=SECRET=w",
    "generic x --from-file=SECRET",
    "generic x --from-file=token=SECRET",
    "generic x --from-file=SECRET=",
    "generic x --from-file==SECRET",
    "generic x --from-file=SECRET=missing",
    "generic x --from-file=SECRET=file --trim-newline=other",
    "generic x --from-file=SECRET=folder",
    "generic x --from-file=a,SECRET",
    "generic x --from-env-file=SECRET",
    "generic x --from-env=SECRET",
    "generic x --from-env=SECRET=MISSING",
    "generic x --from-env=k=SECRET",
    "generic x --from-stdin=SECRET --from-stdin=SECRET",
    "generic x --from-stdin=SECRET --dry-run=client",
    "generic x --from-prompt=SECRET",
    "generic x --from-prompt=SECRET --from-prompt=SECRET",
    "generic x --from-random=SECRET=none",
    "generic x --from-base64=SECRET",
    "generic x --from-base64=SECRET=!",
    "generic x --from-file=file --trim-newline=SECRET",
    "generic x --from-literal=a=b --labels=SECRET",
    "generic x --from-literal=a=b --labels=SECRET=v,SECRET=w",
    "generic x --from-literal=a=b --annotations=SECRET=v --annotations=SECRET=w",
    "generic x --from-literal=a=b --annotations=SECRET=v --annotations=-=v",
    "generic x --from-literal=a=b --kubeconfig=SECRET",
    "generic x --from-literal=a=b --kubeconfig=kubeconfig --context=SECRET",
    "generic x --from-literal=a=b --kubeconfig=kubeconfig --cluster=SECRET",
    "generic x --from-literal=a=b --kubeconfig=kubeconfig --user=SECRET",
    "generic x --from-literal=a=b --apply --remove-key=SECRET --from-literal=SECRET=v",
    "generic x --from-literal=a=b --certificate-authority=SECRET --server=https://127.0.0.1:1",
    "generic x --from-literal=a=b --server=SECRET/x",
    "generic x --from-literal=a=b --server=a:SECRET",
    "generic x --from-literal=a=b --proxy-url=SECRET",
    "generic x --from-literal=a=b --profile=SECRET",
    "generic x --from-literal=a=b --dry-run=SECRET",
    "generic x --from-literal=a=b --validate=SECRET",
    "generic x --from-literal=a=b --immutable=SECRET",
    "generic x --from-literal=a=b -o=SECRET",
    "generic x --from-literal=a=b -v=SECRET",
    "generic x --from-literal=a=b --vmodule=SECRET",
    "generic x --from-literal=a=b --log-flush-frequency=SECRET",
    "generic x --from-literal=a=b --namespaces=a,SECRET",
    "generic x --from-literal=a=b -o go-template-file=SECRET",
    "generic x --from-literal=a=b -o jsonpath-file --template=SECRET",
    "generic x --SECRET",
    "generic SECRET y",
    "generic x SECRET",
    "SECRET",
    "help SECRET",
    "completion SECRET",
    "tls x --cert=SECRET --key=SECRET",
    "tls x --pkcs12=SECRET --passphrase-file=SECRET",
    "tls x --cert=web.crt --key=web.key --ca=SECRET",
    "tls x --cert=web.crt --key=web.key --hostname=SECRET",
    "tls x --cert=web.crt --key=web.key --hostname=https://SECRET",
    "tls x --cert=web.crt --key=web.key --min-validity=SECRET",
    "docker-registry x --docker-username=u --docker-password-file=SECRET",
    "docker-registry x --docker-username=u --docker-password-env=SECRET",
    "docker-registry x --docker-username=u --docker-password=p --docker-server=SECRET/a?b",
    "docker-registry x --from-file=SECRET",
    "docker-registry x --merge-config=SECRET",
    "docker-registry x --merge-config=config.json --only=SECRET",
    "docker-registry x --registry=server=SECRET,username=u,password-file=SECRET",
    "docker-registry x --registry=server=a.io,username=u,password-env=SECRET",
    "basic-auth x --username=u --password-file=SECRET",
    "basic-auth x --username=u --password-env=SECRET",
    "basic-auth x --username=u --password-file=file --ca=SECRET",
    "ssh-auth x --ssh-privatekey=SECRET",
    "ssh-auth x --ssh-privatekey=file --known-hosts=SECRET",
    "service-account-token x --service-account=SECRET --dry-run=client",
    "bootstrap-token --groups=SECRET",
    "bootstrap-token --usages=SECRET",
    "bootstrap-token --ttl=SECRET",
    "bootstrap-token --ca-cert=SECRET --print-join-command",
    "bootstrap-token --api-server-endpoint=SECRET --print-join-command",
];

/// A secret in place of every path, every key and every name.
#[test]
fn no_message_shows_a_secret_in_place_of_a_name() {
    let kubeconfig = "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n\
        clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, user: {}}]\n";
    let runs: Vec<_> =
        PLACES.iter().flat_map(|place| SECRETS.map(|secret| (place, secret))).collect();
    let complaints = in_parallel(&runs, |(place, secret)| {
        let words = place.split(' ').map(|word| word.replace("SECRET", secret));
        let mut run = mksecret(words).file("file", "hello\n").file("folder/a", "b");
        run = run.file("kubeconfig", kubeconfig).file("config.json", "{\"auths\":{}}").stdin("v\n");
        for name in ["web.crt", "web.key"] {
            let fixture = harness::source("tests/fixtures/web").join(name);
            run = run.file(name, std::fs::read(fixture).unwrap());
        }
        let answer = run.run();
        shows(&answer, secret).or_else(|| answer.impropriety())
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// A value in an env file that a program wrapped: its lines become names.
#[test]
fn no_message_shows_a_wrapped_value() {
    let texts = [
        "KEY=q1xT9bZ4cDeFgHiJkLmNoPq\nRsTuVwXyZ01234567KLMN==\n",
        "KEY=q1xT9bZ4cDeFgHiJkLmNoPq\nRsTuVwXyZ01234567KLMN\n",
        "KEY=q1xT9bZ4cDeFgHiJkLmNoPq\nRsTuVwXyZ01234567KLMN\nRsTuVwXyZ01234567KLMN\n",
        "KEY=q1xT9bZ4cDeFgHiJkLmNoPq\nRsTu/wXyZ01234567KLMN=\n",
        "KEY=q1xT9bZ4cDeFgHiJkLmNoPq\nrstuv\nRsTuVwXyZ01234567KLMN=\nRsTuVwXyZ01234567KLMN=\n",
        "KEY=\"q1xT9bZ4cDeFgHiJkLmNoPq\nRsTuVwXyZ01234567KLMN\"\n",
        "KEY=-----BEGIN PRIVATE KEY-----\nRsTuVwXyZ01234567KLMN\n-----END PRIVATE KEY-----\n",
        "KEY={\n  \"key\": \"RsTuVwXyZ01234567KLMN\"\n}\n",
        "KEY:\nRsTuVwXyZ01234567KLMN: '${rstuv}#q1xT9b\n..RsTuVwXyZ01234567KLMN=x\n",
        "RsTuVwXyZ01234567KLMN: rstuv#q1xT9b\nRsTuVwXyZ01234567KLMN=\"q1xT\\\"9b\"\n",
    ];
    let ends: [&[&str]; 6] = [
        &[],
        &["-l", "a b=c"],
        &["--warnings-as-errors"],
        &["--env-format=dotenv"],
        &["--env-format=dotenv", "-l", "a b=c"],
        &["--env-format=dotenv", "--warnings-as-errors"],
    ];
    let runs: Vec<_> = texts.iter().flat_map(|text| ends.map(|end| (text, end))).collect();
    let complaints = in_parallel(&runs, |(text, end)| {
        let run = mksecret(["generic", "x", "--from-env-file=e", "--dry-run=client"]);
        let answer = run.words_added(end).file("e", text).run();
        let parts = ["RsTuVwXyZ01234567KLMN", "RsTu", "rstuv", "q1xT"];
        parts.iter().find_map(|part| shows(&answer, part)).or_else(|| answer.impropriety())
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// What of a secret an answer shows: all of it, or eight characters in a row.
fn shows(answer: &Answer, secret: &str) -> Option<String> {
    let mut said = String::from_utf8_lossy(&answer.stderr).to_lowercase();
    if answer.status != Some(0) {
        said.push_str(&String::from_utf8_lossy(&answer.stdout).to_lowercase());
    }
    let secret = secret.to_lowercase();
    let parts = secret.as_bytes().windows(secret.len().min(8)).map(String::from_utf8_lossy);
    let found = parts.into_iter().find(|part| said.contains(&**part))?;
    Some(format!("{found} of {}:\n{said}", answer.shown))
}

#[test]
fn no_message_shows_a_login() {
    let rows: &[(&[&str], &[(&str, &str)])] = &[
        (&["docker-registry", "x", "--registry=CANARY"], &[]),
        (&["docker-registry", "x", "--registry=server=a.io,CANARY"], &[]),
        (&["docker-registry", "x", "--registry=server=a.io,CANARY=b"], &[]),
        (&["docker-registry", "x", "--registry=server=a.io,password=CANARY"], &[]),
        (&["docker-registry", "x", "--registry=server=CANARY,username=u"], &[]),
        (&["docker-registry", "x", "--registry=server=u:CANARY@a.io,username=u"], &[]),
        (&["docker-registry", "x", "--registry=server=a.io,username=CANARY"], &[]),
        (&["docker-registry", "x", "--registry=server=a.io,username=u,password-env=CANARY"], &[]),
        (
            &[
                "docker-registry",
                "x",
                "--registry=server=a.io,username=CANARY,password-file=c",
                "--registry=server=a.io,username=CANARY,password-file=c",
            ],
            &[("c", "CANARY")],
        ),
        (&["docker-registry", "x", "--merge-config=c"], &[("c", "CANARY")]),
        (&["docker-registry", "x", "--merge-config=c"], &[("c", "{\"auths\":CANARY}")]),
        (
            &["docker-registry", "x", "--merge-config=c"],
            &[("c", "{\"auths\":{\"a.io\":{\"auth\":\"CANARY\"}}}")],
        ),
        (
            &["docker-registry", "x", "--merge-config=c"],
            &[("c", "{\"auths\":{\"u:CANARY@a.io\":{}},\"credsStore\":\"CANARY\"}")],
        ),
        (
            &["docker-registry", "x", "--merge-config=c", "--resolve-credentials"],
            &[("c", "{\"auths\":{\"u:CANARY@a.io\":{}},\"credsStore\":\"CANARY\"}")],
        ),
        (&["docker-registry", "x", "--merge-config=c", "--only=CANARY"], &[("c", "{}")]),
    ];
    search(rows);
}

/// Runs each row with every canary in its place.
fn search(rows: &[(&[&str], &[(&str, &str)])]) {
    let runs: Vec<_> = rows.iter().flat_map(|row| CANARIES.map(|canary| (row, canary))).collect();
    let complaints = in_parallel(&runs, |((args, files), canary)| {
        let fill = |text: &str| harness::replaced(text.as_bytes(), b"CANARY", canary);
        let mut run = mksecret(args.iter().map(|word| OsString::from_vec(fill(word))));
        for (path, text) in *files {
            run = run.file(path, fill(text));
        }
        complaint(&run)
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// The secret half of a token is as secret as a password; its id is a name.
#[test]
fn no_message_shows_a_tokens_secret() {
    let rows: &[&[&str]] = &[
        &["bootstrap-token", "abcdef.kolibri7kolibri", "--ttl=0"],
        &["bootstrap-token", "abcdef.kolibri7kolibri7", "--dry-run=client"],
        &["bootstrap-token", "abcdef.kolibri7kolibri7x", "--dry-run=client"],
        &["bootstrap-token", "abcdef.kolibri7kolibri7", "-n", "x", "--dry-run=client"],
        &["bootstrap-token", "abcdef.kolibri7kolibri7", "x", "--dry-run=client"],
        &["bootstrap-token", "--token=abcdef.kolibri7kolibri7", "--dry-run=client"],
        &["bootstrap-token", "abcdef.kolibri7kolibri7", "-l", "a b=c", "--dry-run=client"],
        &["generic", "x", "abcdef.kolibri7kolibri7"],
    ];
    let complaints = in_parallel(rows, |args| complaint(&mksecret(*args)));
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// Runs of every source with the canary in it, up to each kind of failure.
#[test]
fn no_source_shows_its_value() {
    let ends: &[&[&str]] = &[
        &["--dry-run=client", "-l", "a b=c"],
        &["--dry-run=client", "-o", "go-template={{index .data 7}}"],
        &["--dry-run=client", "-o", "jsonpath={.data[0]}"],
        &["--dry-run=client", "--append-hash", "-n", "A"],
        &["--dry-run=client", "--kuberc=x", "--warnings-as-errors"],
        &["--dry-run=nowhere"],
        &["--server=https://127.0.0.1:1", "-v=9"],
        &["--server=https://127.0.0.1:1", "-v=9", "--apply", "--diff"],
        &["-n", "A", "--validate=warn", "--server=https://127.0.0.1:1"],
    ];
    let generic: &[&[&str]] = &[
        &["--from-stdin=k"],
        &["--from-stdin=k", "--from-stdin=l"],
        &["--from-stdin=k", "--from-literal=k=1"],
        &["--from-stdin=k", "--trim-newline"],
        &["--from-file=k=/dev/stdin", "--from-stdin=l"],
        &["--from-env=k=VALUE"],
        &["--from-env=k=VALUE", "--from-env=k=VALUE"],
        &["--from-base64=k=BASE64"],
        &["--from-base64=k=xBASE64"],
        &["--from-base64=k=CANARY"],
        &["--from-base64=BASE64"],
        &["--from-random=k=CANARY"],
        &["--from-random=k=8:CANARY"],
        &["--from-file=k=file"],
        &["--from-env-file=env"],
        &["--from-env-file=env", "--from-env=k=VALUE"],
        &["--from-stdin=k", "--trim-newline=l"],
        &["--from-stdin=.dockerconfigjson", "--type=kubernetes.io/dockerconfigjson"],
        &["--from-env=.dockercfg=VALUE", "--type=kubernetes.io/dockercfg"],
    ];
    let docker: &[&[&str]] = &[
        &["--docker-password-stdin"],
        &["--docker-password-env=VALUE"],
        &["--docker-password-file=file"],
        &["--docker-password-file=file", "--docker-password-env=VALUE"],
        &["--docker-password-env=CANARY"],
        &["--from-file=file"],
    ];
    let basic: &[&[&str]] =
        &[&["--password-stdin"], &["--password-env=VALUE"], &["--password-file=file"]];
    let types: [(&str, &[&str], &[&[&str]]); 4] = [
        ("generic", &["x"], generic),
        ("docker-registry", &["x", "--docker-username=u"], docker),
        ("basic-auth", &["x", "--username=u"], basic),
        ("bootstrap-token", &[], &[&["--token-stdin"]]),
    ];
    let mut runs = Vec::new();
    for (name, words, sources) in types {
        for (source, end) in sources.iter().flat_map(|s| ends.iter().map(move |end| (s, end))) {
            let args = [&[name][..], words, source, end].concat();
            let at = runs.len() % CANARIES.len();
            runs.push((args, CANARIES[at]));
        }
    }
    assert!(runs.len() > 250, "{}", runs.len());
    let complaints = in_parallel(&runs, |(args, canary)| {
        let base64 = BASE64_STANDARD.encode(canary);
        let args = args.iter().map(|word| {
            let word = word.replace("BASE64", &base64);
            OsString::from_vec(harness::replaced(word.as_bytes(), b"CANARY", canary))
        });
        let run = mksecret(args).file("file", canary).file("env", [b"KEY=", *canary].concat());
        let run = run.env("VALUE", OsString::from_vec(canary.to_vec())).stdin(*canary);
        complaint(&run)
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// What a program that we start may see: its command line and the tool's, its standard input, and of
/// the environment no more than what the tool was started with.
#[cfg(all(target_os = "linux", feature = "cluster"))]
#[test]
fn no_child_is_given_a_value() {
    let plugin = "#!/bin/sh\n\
        for pid in $$ $PPID; do tr '\\0' '\\n' < /proc/$pid/cmdline; done > seen-cmdline\n\
        tr '\\0' '\\n' < /proc/$$/environ > seen-environ\n\
        cat > seen-stdin\n\
        echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\
        \"status\":{\"token\":\"t\"}}'\n";
    let kubeconfig = "current-context: c\n\
        contexts: [{name: c, context: {cluster: c, user: u}}]\n\
        clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n\
        users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, \
        command: sh, args: [plugin], interactiveMode: IfAvailable}}}]\n";
    let rows: &[&[&str]] = &[
        &["generic", "x", "--from-env=k=VALUE", "--from-stdin=s"],
        &["generic", "x", "--from-env=VALUE", "--apply"],
        &["generic", "x", "--from-env-file=bare"],
        &["generic", "x", "--from-file=file", "--from-stdin=s"],
        &["docker-registry", "x", "--docker-username=u", "--docker-password-env=VALUE"],
        &["docker-registry", "x", "--docker-username=u", "--docker-password-stdin"],
        &["basic-auth", "x", "--password-env=VALUE"],
        &["basic-auth", "x", "--password-file=file"],
    ];
    for args in rows {
        let canary = CANARIES[0];
        let value = OsString::from_vec(canary.to_vec());
        let mut run = mksecret(*args).file("kubeconfig", kubeconfig).file("plugin", plugin);
        run = run.file("bare", "VALUE\n").file("file", canary).stdin(canary);
        run = run.env("KUBECONFIG", "kubeconfig").env("KEPT", "kept");
        if args.iter().any(|word| word.ends_with("VALUE") || word.ends_with("bare")) {
            run = run.env("VALUE", value);
        }
        let complaint = complaint(&run);
        assert_eq!(complaint, None);
        let seen = |name: &str| std::fs::read(run.work().join(name)).unwrap();
        assert!(position(&seen("seen-cmdline"), b"plugin").is_some(), "{args:?}");
        assert!(position(&seen("seen-environ"), b"KEPT=kept").is_some(), "{args:?}");
        assert!(position(&seen("seen-environ"), b"HOME=").is_some(), "{args:?}");
        let is_passed_on = position(&seen("seen-environ"), b"VALUE=").is_some();
        let is_variable = args.iter().any(|word| word.ends_with("VALUE") || word.ends_with("bare"));
        assert_eq!(is_passed_on, is_variable, "{args:?}");
        for name in ["seen-cmdline", "seen-environ", "seen-stdin"] {
            for word in WORDS.iter().filter(|_| name != "seen-environ" || !is_variable) {
                let found = position(&seen(name), word.as_bytes()).is_some();
                assert!(!found, "{word} in {name} of {args:?}");
            }
        }
    }
}

/// Whether a signal that usually leaves a core file leaves one.
#[cfg(target_os = "linux")]
fn dumps_core(folder: &harness::Folder, words: &[&str]) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    let script = "ulimit -c unlimited; exec \"$0\" \"$@\"";
    let mut command = folder.command("sh");
    command.args(["-c", script]).args(words).stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let held = child.stdin.take();
    let pid = rustix::process::Pid::from_child(&child);
    // It waits for standard input then, or for the time to pass.
    let waits = || {
        let status = std::fs::read_to_string(format!("/proc/{}/syscall", child.id()));
        let name = std::fs::read_to_string(format!("/proc/{}/comm", child.id())).unwrap();
        name.trim() != "sh" && status.is_ok_and(|status| !status.starts_with("running"))
    };
    while !waits() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    rustix::process::kill_process(pid, rustix::process::Signal::QUIT).unwrap();
    let status = child.wait().unwrap();
    drop(held);
    assert_eq!(status.signal(), Some(3));
    status.core_dumped()
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_file_is_left() {
    let folder = harness::Folder::new();
    if !dumps_core(&folder, &["sleep", "60"]) {
        eprintln!("skipped: this machine leaves no core file of any program");
        return;
    }
    let words = [harness::BINARY, "generic", "x", "--from-stdin=k", "--dry-run=client"];
    assert!(!dumps_core(&folder, &words));
}

/// A process of its own, which is this test again, panics with a value.
#[test]
fn a_panic_tells_its_place_alone() {
    if let Ok(value) = std::env::var("PANIC_WITH") {
        ::mksecret::testing::hide_panics();
        panic!("{value}");
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "leaks::a_panic_tells_its_place_alone", "--nocapture"]);
    command.env("PANIC_WITH", "kolibri7").env("RUST_BACKTRACE", "1").env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("error: internal error at tests/leaks.rs:"), "{said}");
    assert!(!said.contains("kolibri7"), "{said}");
}

/// A manifest whose values are the first canary, as text and in base64.
fn canary_manifest() -> String {
    let canary = str::from_utf8(CANARIES[0]).unwrap();
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: {canary}\n\
         data:\n  b: {}\n",
        BASE64_STANDARD.encode(canary)
    )
}

/// What is left of the canary in the output, whatever the status, and in files that the run made.
fn traces(run: &Run, inputs: &[&str]) -> Option<String> {
    let answer = run.run();
    let status = answer.status;
    // Sealed output is searched too, as that of a failure is.
    let answer = Answer { status: None, ..answer };
    if let Some(complaint) = leak(&answer) {
        return Some(complaint);
    }
    let mut folders = vec![run.work().parent().unwrap().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !inputs.contains(&path.file_name().unwrap().to_str().unwrap()) {
                let stdout = std::fs::read(&path).unwrap();
                let shown = format!("{}, the file {}", answer.shown, path.display());
                let in_file =
                    Answer { status: None, signal: None, stdout, stderr: Vec::new(), shown };
                if let Some(complaint) = leak(&in_file) {
                    return Some(complaint);
                }
            }
        }
    }
    Answer { status, ..answer }.impropriety()
}

/// Words after `--from-literal` or a manifest, with files, variables and whether the run succeeds.
type Step<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);

const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const FINGERPRINT: &str = "85D77543B3D624B63CEA9E6DBC17301B491B3F21";

/// Each step of sealing, where it fails and where it does not. `NS` is a namespace, `AGE` a recipient,
/// `PGP` a fingerprint.
const STEPS: [Step<'_>; 34] = [
    ("--seal=missing.pem NS", &[], false),
    ("--seal=certs NS", &[], false),
    ("--seal=expired.crt NS", &[], false),
    ("--seal=ec.crt NS", &[], false),
    ("--seal=empty.pem NS", &[], false),
    ("--seal=ec+good.pem NS", &[], false),
    ("--seal=good+bad.pem NS", &[], false),
    ("--seal=rsa1024.crt --warnings-as-errors NS", &[], false),
    ("--seal=http://192.0.2.1/cert.pem NS", &[], false),
    ("--seal=https://127.0.0.1:1/cert.pem NS", &[], false),
    ("--seal NS", &[], false),
    ("--seal --seal-controller=a/b NS", &[("KUBECONFIG", "unreachable")], false),
    ("--seal=good.crt", &[], false),
    ("--seal=good.crt --seal-scope=wide NS", &[], false),
    ("--seal=good.crt NS", &[("SEALED_SECRETS_SCOPE", "wide")], false),
    ("--seal=good.crt NS -o name", &[], false),
    ("--seal=good.crt NS --namespaces=Not_Valid", &[], false),
    ("--seal=good.crt NS -o yaml --output-file=good.crt/out", &[], false),
    ("--seal=good.crt NS -o yaml --output-file=missing/out", &[], false),
    ("--seal=good.crt NS -o yaml --output-file=/dev/full", &[], false),
    ("--seal=good.crt NS -o yaml --output-file=out", &[], true),
    ("--seal=good.crt NS -o json", &[], true),
    ("--sops", &[], false),
    ("--sops --age=age1x", &[], false),
    ("--sops --age=AGE --pgp=PGP", &[("SOPS_GPG_EXEC", "/nowhere/gpg")], false),
    ("--sops --age=AGE --pgp=PGP", &[("SOPS_GPG_EXEC", "false")], false),
    ("--sops --pgp=PGP", &[("SOPS_GPG_EXEC", "./gpg-that-fails")], false),
    ("--sops --age=AGE", &[("SOPS_CONFIG", "readable.yaml")], false),
    ("--sops --age=AGE", &[("SOPS_CONFIG", "hides.yaml")], false),
    ("--sops --age=AGE", &[("SOPS_CONFIG", "broken.yaml")], false),
    ("--sops --age=AGE -o yaml --output-file=/dev/full", &[], false),
    ("--sops --age=AGE -o yaml --output-file=out", &[], true),
    ("--sops --age=AGE -o json", &[], true),
    ("--sops --pgp=PGP", &[("SOPS_GPG_EXEC", "./gpg-that-tells")], true),
];

#[test]
fn no_step_of_sealing_leaves_a_value_readable() {
    let sources = ["literal", "file", "manifest", "piped"];
    let runs: Vec<_> = STEPS.iter().flat_map(|step| sources.map(|source| (step, source))).collect();
    let complaints = in_parallel(&runs, |((words, variables, succeeds), source)| {
        let is_verb = matches!(*source, "manifest" | "piped");
        // The verb encrypts for SOPS what the manifest says, its namespace included.
        let namespace = if is_verb && words.contains("--sops") { "" } else { "-n=prod" };
        let words = words.replace("NS", namespace).replace("AGE", RECIPIENT);
        let words = words.replace("PGP", FINGERPRINT);
        let mut run = match *source {
            "literal" => mksecret(["generic", "db"])
                .arg(OsString::from_vec([b"--from-literal=a=", CANARIES[2]].concat())),
            "file" => mksecret(["generic", "db", "--from-file=value", "--from-file=b=value"]),
            "manifest" => mksecret(["seal", "value"]),
            _ => mksecret(["seal"]).stdin(canary_manifest()),
        };
        run = run.words_added(&words.split_whitespace().collect::<Vec<_>>());
        let value = if is_verb { canary_manifest().into_bytes() } else { CANARIES[1].to_vec() };
        run = run.file("value", value);
        for name in
            ["good.crt", "expired.crt", "ec.crt", "empty.pem", "ec+good.pem", "good+bad.pem"]
        {
            let fixture = harness::source("tests/fixtures/seal/certs").join(name);
            run = run.file(name, std::fs::read(fixture).unwrap());
        }
        let fixture = harness::source("tests/fixtures/seal/certs/rsa1024.crt");
        run = run.file("rsa1024.crt", std::fs::read(fixture).unwrap()).folder("certs");
        let rule = |selector| format!("creation_rules:\n  - {selector}\n    age: {RECIPIENT}\n");
        run = run
            .file("readable.yaml", rule("encrypted_regex: ^values$"))
            .file("hides.yaml", rule("encrypted_regex: a"))
            .file("broken.yaml", rule("encrypted_regex: (data"))
            .file("unreachable", UNREACHABLE);
        for (name, end) in [("gpg-that-fails", "exit 2"), ("gpg-that-tells", "echo sealed")] {
            let tells = format!("#!/bin/sh\n(echo \"$@\"; env; cat) | tee told >&2\n{end}\n");
            run = run.file(name, tells);
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(run.work().join(name), mode).unwrap();
        }
        for (name, value) in *variables {
            run = run.env(*name, *value);
        }
        let complaint = traces(&run, &["value"]);
        let answer = run.run();
        let expected = Some(i32::from(!succeeds));
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        complaint.or_else(|| {
            (answer.status != expected).then(|| format!("{source} {}: {said}", answer.shown))
        })
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

const UNREACHABLE: &str = "{current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}], \
    clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: u, user: {}}]}";

/// An identity of age that is taken for a recipient decrypts every file that it is for.
#[test]
fn no_message_shows_an_identity() {
    const IDENTITY: &str =
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    let lower = IDENTITY.to_lowercase();
    let mut runs = Vec::new();
    for identity in [IDENTITY, &lower, &IDENTITY[..40], &format!(" {IDENTITY} ")] {
        let run = || mksecret(["generic", "db", "--from-literal=a=b", "--sops"]);
        for list in
            [identity.to_owned(), format!("{RECIPIENT},{identity}"), format!("{identity}\n")]
        {
            runs.push(run().arg(format!("--age={list}")));
            runs.push(run().arg(format!("--pgp={list}")));
            runs.push(run().env("SOPS_AGE_RECIPIENTS", &list));
            runs.push(run().env("SOPS_PGP_FP", &list));
            let list = list.trim();
            for rule in [
                format!("age: {list}"),
                format!("age: [{list}]"),
                format!("pgp: {list}"),
                format!("key_groups: [{{age: [{list}]}}]"),
                format!("{list}: x"),
            ] {
                let rules = format!("creation_rules:\n  - encrypted_regex: ^data$\n    {rule}\n");
                runs.push(run().file(".sops.yaml", rules));
            }
        }
        runs.push(run().arg(identity));
    }
    let complaints = in_parallel(&runs, |run| {
        let answer = run.run();
        let is_refused = answer.status == Some(1);
        let taken = (!is_refused).then(|| format!("taken: {}", answer.shown));
        // What begins every identity is a name.
        shows(&answer, &IDENTITY["AGE-SECRET-KEY-1".len()..]).or(taken)
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}
