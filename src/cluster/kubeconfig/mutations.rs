//! Mutated kubeconfigs: whatever is in one, it is an API server or a typed error, never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::Files;
use crate::cluster::client::Connection;
use crate::reach::Reach;
use crate::sources::Inputs;

const SEEDS: [&str; 4] = [
    r#"apiVersion: v1
kind: Config
preferences: {}
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:6443/prefix
    certificate-authority-data: |
      LS0tLS1CRUdJTi
      BDRVJUSUZJQ0FURS0tLS0t
    tls-server-name: h
    proxy-url: http://u:p@127.0.0.1:3128
    extensions: [{name: client.authentication.k8s.io/exec, extension: {a: [1, yes, null]}}]
contexts:
- name: x
  context: {cluster: c, user: u, namespace: n}
current-context: x
users:
- name: u
  user:
    token: abc.def
    as: ann
    as-uid: "7"
    as-groups: [g, h]
    as-user-extra: {k/l: [v, w]}
"#,
    r#"x: &u {client-certificate-data: eA==, client-key-data: eA==}
clusters: [{name: "", cluster: {server: "h:8080", disable-compression: yes}}]
contexts: [{name: "", context: {user: u}}]
users: [{name: u, user: {<<: *u, username: a, password: !!binary cA==}}]
"#,
    r#"{"apiVersion":"v1","kind":"Config","current-context":"x",
"clusters":[{"name":"c","cluster":{"server":"https://[::1]:6443","insecure-skip-tls-verify":true}}],
"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],
"users":[{"name":"u","user":{"auth-provider":{"name":"oidc","config":{"id-token":"a.b.c","idp-issuer-url":"i","client-id":"c"}}}}]}"#,
    r#"current-context: x
clusters: [{name: c, cluster: {server: https://h, proxy-url: "socks5://h:1"}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: /no-such-folder/no-such-plugin
      args: [a, b]
      env: [{name: A, value: b}]
      interactiveMode: Never
      provideClusterInfo: true
      installHint: h
"#,
];

const WORDS: [&str; 48] = [
    "null",
    "~",
    "\"\"",
    "''",
    "[]",
    "{}",
    "true",
    "yes",
    "0",
    "1e999",
    "[a]",
    "{a: b}",
    "|",
    ">-",
    "\"a\\n\"",
    "\"\\0\"",
    "\"a\\r\"",
    "\"\\x7f\"",
    "\"\\ud800\"",
    "\u{e4}",
    "\u{2028}",
    "\u{feff}",
    "\t",
    " ",
    "# c",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a",
    "*u",
    "<<: ",
    "!!binary ?",
    "!!null ",
    "!x ",
    "%",
    "@",
    "---\n",
    "...\n",
    "\n",
    "\r",
    "\0",
    "https://",
    "http:///",
    "ftp://h",
    "https://h:99999",
    "REDACTED",
    "DATA+OMITTED",
];

/// A generator of numbers that is the same every time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }
}

/// One of the seeds, changed in its lines, scalars, fields and bytes.
fn mutated(seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut bytes = SEEDS[numbers.below(SEEDS.len())].as_bytes().to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        match numbers.below(8) {
            0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            1 => drop(bytes.drain(at..(at + numbers.below(12)).min(bytes.len()))),
            2 => drop(bytes.splice(at..at, numbers.word().bytes())),
            // A value, from the blank before it to the end of its line or entry.
            3 | 4 => {
                let starts =
                    (1..bytes.len()).filter(|at| bytes[at - 1] == b' ').collect::<Vec<_>>();
                let start = starts.get(numbers.below(starts.len())).copied().unwrap_or(0);
                let len = bytes[start..].iter().take_while(|byte| !b"\n,]}".contains(byte)).count();
                drop(bytes.splice(start..start + len, numbers.word().bytes()));
            }
            5 => {
                let from = numbers.below(bytes.len());
                let part = bytes[from..(from + numbers.below(60)).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, part));
            }
            6 => {
                let mut lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
                let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
                lines.swap(one, other);
                bytes = lines.join(&b'\n');
            }
            _ => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                bytes = match numbers.below(3) {
                    0 => text.replace('\n', "\r\n").into_bytes(),
                    1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                    _ => format!("\u{feff}{text}").into_bytes(),
                };
            }
        }
        if bytes.is_empty() {
            bytes.push(b'a');
        }
    }
    bytes
}

/// Whether a program of this machine would be started: a mutation may name one.
fn starts_a_program(files: &Files, reach: &Reach, inputs: &Inputs) -> bool {
    let Ok(chosen) = files.choose(reach, None, inputs) else { return false };
    let command = chosen.user.exec.and_then(|exec| exec.command);
    command.is_some_and(|command| !command.starts_with("/no-such-folder/"))
}

/// All that happens before the first request.
fn settle(bytes: &[u8]) -> &'static str {
    let mut files = Files::default();
    let (reach, inputs) = (Reach::default(), Inputs::fixed());
    let result = files.add_bytes(Path::new("kc"), bytes).and_then(|()| {
        if starts_a_program(&files, &reach, &inputs) {
            return Ok(None);
        }
        let settled = files.settle(&reach, None, &inputs)?;
        files.check_namespace(&reach, None, &settled.namespace)?;
        Connection::new(settled, None, None).map(Some)
    });
    match result {
        Ok(Some(_)) => "taken",
        Ok(None) => "not tried",
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty() && text.len() < 2000, "{text}");
            "refused"
        }
    }
}

#[test]
fn no_kubeconfig_makes_a_panic() {
    #[expect(clippy::disallowed_methods, reason = "a test's own setting")]
    let count = std::env::var("KUBECONFIG_MUTATIONS").ok().and_then(|count| count.parse().ok());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut taken = 0;
    let count = count.unwrap_or(2000);
    for seed in 0..count {
        let bytes = mutated(seed);
        let result = runtime.block_on(async { catch_unwind(AssertUnwindSafe(|| settle(&bytes))) });
        let Ok(result) = result else {
            panic!("seed {seed}: {}", String::from_utf8_lossy(&bytes));
        };
        taken += u64::from(result == "taken");
    }
    assert!(taken > count / 50, "most mutations are refused: {taken} of {count} are taken");
}
