//! Files that `mksecret check` meets and that are no good manifests: a finding at its place, the rest
//! still checked.

use crate::harness::mksecret;

const GOOD: &str =
    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: after}\nstringData: {a: changeme}\n";
const REST: &str = "warning: data[a]: is a placeholder, not a value [value/placeholder]";

/// What is reported, and what is said of it all.
fn report(files: &[(&str, &[u8])]) -> (i32, String, String) {
    let mut run = mksecret(["check", "."]);
    for (name, bytes) in files {
        run = run.file(name, bytes);
    }
    let answer = run.run();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (answer.status.unwrap(), text(answer.stdout), text(answer.stderr))
}

#[test]
fn one_bad_document_does_not_hide_the_others() {
    let deep = format!("a: {}{}\n", "[".repeat(10_001), "]".repeat(10_001));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
    let rows = [
        ("kind: Secret\n\tname: x\n", "error: kubectl cannot read this: a tab"),
        ("kind: \"Secret\n", "f.yaml:1:7: error: kubectl cannot read this: a quote is not closed"),
        ("kind: Secret\n  a: b\n", "f.yaml:2:"),
        (&deep, "f.yaml:1:10004: error: kubectl cannot read this: it is nested too deeply"),
        (bomb, "error: kubectl cannot read this: aliases make it too large"),
        ("a: \u{1}\n", "f.yaml:1:4: error: kubectl cannot read this: it contains a control"),
    ];
    for (bad, want) in rows {
        let (status, found, _) = report(&[("f.yaml", format!("{bad}{GOOD}").as_bytes())]);
        assert_eq!(status, 1, "{found}");
        assert!(found.contains(want), "{want}, not {found}");
        assert!(found.contains(REST), "{want}: {found}");
    }
}

#[test]
fn files_that_are_no_text() {
    let binary: Vec<u8> = (0..=255).collect();
    let utf16: Vec<u8> =
        "\u{feff}kind: Secret\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&binary, &utf16] {
        let (_, found, _) = report(&[("a.yaml", bytes), ("b.yaml", GOOD.as_bytes())]);
        assert!(
            found.contains("warning: the file is not UTF-8 text, so it is not checked"),
            "{found}"
        );
        assert!(found.contains(&format!("b.yaml:5:17: {REST}")), "{found}");
    }
}

#[test]
fn links_and_what_is_not_there() {
    let run = mksecret(["check", "none.yaml", "folder"]).folder("folder").link("folder/loop", ".");
    let answer = run.file("folder/a.yaml", GOOD).link("folder/b.yaml", "nothing").run();
    let found = String::from_utf8(answer.stdout).unwrap();
    assert_eq!(answer.status, Some(1));
    assert!(
        found.contains("none.yaml: error: cannot be read: no such file or directory"),
        "{found}"
    );
    assert!(found.contains(&format!("folder/a.yaml:5:17: {REST}")), "{found}");
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn what_is_no_secret_is_skipped_and_counted() {
    let files: &[(&str, &str)] = &[
        ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n"),
        (
            "b.yaml",
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: b, namespace: b}\n\
             spec: {encryptedData: {}, template: {data: {a: text}}}\n",
        ),
        (
            "c.yaml",
            "apiVersion: v1\nkind: Secret\ndata: {a: 'ENC[x]'}\nsops: {mac: x, version: 3.9.0}\n",
        ),
        ("d.yaml", "kind: Secret\nmetadata:\n  name: {{ .Release.Name }}\n{{- if x }}\n"),
        ("e.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: e}\ndata: {a: '${PASSWORD}'}\n"),
        (
            "f.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: f}\nstringData: {a: <path:x/y#z>}\n",
        ),
        ("g.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: g}\ndata: {a: ref+vault://x}\n"),
        ("h.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: h}\n$patch: delete\n"),
        ("kustomization.yaml", "patches:\n- path: patches/i.yaml\n"),
        (
            "patches/i.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: i}\ndata: {a: no base64}\n",
        ),
        ("j.json", "[1, 2]"),
        ("k.txt", "kind: Secret"),
    ];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (status, found, said) = report(&files);
    assert_eq!((status, found.as_str()), (0, ""));
    assert_eq!(
        said,
        "0 Secrets in 11 files: 0 errors, 0 warnings (skipped: 1 SealedSecrets, 1 encrypted by SOPS, \
         4 templates, 2 kustomize patches, 3 of other kinds)\n"
    );
}

#[test]
fn a_pipe_passes_what_is_good() {
    let good = GOOD.replace("changeme", "s3cret");
    let run = |input: &str, flags: &[&str]| {
        mksecret(["check", "--pass-through", "-"].iter().chain(flags)).stdin(input).run()
    };
    run(&good, &[]).succeeds(&good, "1 Secret in 1 file: 0 errors, 0 warnings\n");
    let bad = run(GOOD, &["--warnings-as-errors"]);
    assert_eq!((bad.status, bad.stdout.as_slice()), (Some(1), &b""[..]));
    let bad = run(&good.replace("after", "After"), &[]);
    assert_eq!((bad.status, bad.stdout.as_slice()), (Some(1), &b""[..]));
}

#[test]
fn no_plain_secret_where_all_are_sealed() {
    let manifest = GOOD.replace("changeme", "s3cret");
    let answer = mksecret(["check", "--require-sealed", "a.yaml"]).file("a.yaml", &manifest).run();
    assert_eq!(answer.status, Some(1));
    assert!(answer.stdout.starts_with(b"a.yaml:5:1: error: the Secret contains values"));
    let empty = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
    let answer = mksecret(["check", "--require-sealed", "a.yaml"]).file("a.yaml", empty).run();
    assert_eq!(answer.status, Some(0));
}

const SEALED: &str = "apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: prod
spec:
  encryptedData:
    password: changeme-please
";

#[test]
fn what_no_controller_can_open() {
    let run = |manifest: &str, flags: &[&str]| {
        let answer =
            mksecret(["check", "a.yaml"].iter().chain(flags)).file("a.yaml", manifest).run();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (answer.status, text(answer.stdout), text(answer.stderr))
    };
    let (status, found, said) = run(SEALED, &["--require-sealed"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        found,
        "a.yaml:8:23: warning: spec.encryptedData[password]: is not valid base64 but plain text \
         (offset 8) [sealed/ciphertext]\n\
         8 |     password: …\n  |               ^\n\
         hint: seal it: kubeseal --raw --from-file=FILE --scope=strict --namespace=prod --name=db\n"
    );
    assert_eq!(said, "0 Secrets in 1 file: 0 errors, 1 warning (skipped: 1 SealedSecrets)\n");
    assert_eq!(run(SEALED, &["--warnings-as-errors"]).0, Some(1));
    let allowed = [
        SEALED.replace("please", "please # mksecret/allow: sealed/ciphertext"),
        SEALED.replace("  name", "  annotations: {mksecret/allow: sealed/ciphertext}\n  name"),
        format!("# mksecret/allow: sealed/ciphertext\n{SEALED}"),
    ];
    for manifest in allowed {
        assert_eq!(run(&manifest, &["--warnings-as-errors"]).1, "", "{manifest}");
    }
    assert_eq!(run(SEALED, &["--allow=sealed/ciphertext"]).1, "");
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", SEALED.replace('\n', "\n  "));
    assert!(run(&list, &[]).1.starts_with("a.yaml:11:25: warning: spec.encryptedData[password]"));
    let (status, found, _) = run(&SEALED.replace("changeme-please", "1234"), &[]);
    assert_eq!(status, Some(1));
    assert!(found.contains("error: spec.encryptedData[password]: must be a string, not a number"));
    // What a kustomization uses as a patch has only a part of the fields.
    let patch = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db}\n";
    let answer = mksecret(["check", "."])
        .file("kustomization.yaml", "patches:\n- path: a.yaml\n")
        .file("a.yaml", patch)
        .run();
    assert_eq!((answer.status, answer.stdout.as_slice()), (Some(0), &b""[..]));
}

const ENCRYPTED: &str = "apiVersion: v1
kind: Secret
metadata:
    name: db
data:
    user: ENC[AES256_GCM,data:efaL9w==,iv:NnE=,tag:aN62zg==,type:str]
    password: aHVudGVyMg==
sops:
    mac: ENC[AES256_GCM,data:efaL9w==,iv:NnE=,tag:aN62zg==,type:str]
    version: 3.11.0
";

#[test]
fn what_sops_has_left_readable() {
    let run = |manifest: &str, flags: &[&str]| {
        let answer =
            mksecret(["check", "a.yaml"].iter().chain(flags)).file("a.yaml", manifest).run();
        (answer.status, String::from_utf8(answer.stdout).unwrap())
    };
    let (status, found) = run(ENCRYPTED, &[]);
    assert_eq!(status, Some(0));
    let want = "a.yaml:7:15: warning: data[password]: SOPS has not encrypted the value [sops/readable]\n\
                7 |     password: …\n";
    assert!(found.starts_with(want), "{found}");
    assert!(!found.contains("aHVudGVyMg"), "{found}");
    let (status, found) = run(ENCRYPTED, &["--require-sealed"]);
    assert_eq!(status, Some(1));
    assert!(found.starts_with("a.yaml:5:1: error: the Secret contains values"), "{found}");
    let silent = ENCRYPTED.replace("    password: aHVudGVyMg==\n", "");
    assert_eq!(run(&silent, &["--require-sealed"]), (Some(0), String::new()));
    let fields = ENCRYPTED.split_once("sops:").unwrap();
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}\nsops:{}",
        fields.0.trim_end().replace('\n', "\n  "),
        fields.1
    );
    let (status, found) = run(&list, &["--require-sealed"]);
    assert_eq!(status, Some(1));
    assert!(found.contains("a.yaml:10:17: warning: data[password]"), "{found}");
    let note = silent.replace("\ndata:\n", "\nstringData:\n");
    assert!(run(&note, &["--warnings-as-errors"]).1.starts_with("a.yaml:5:1: note: stringData:"));
    let allowed = note.replace("stringData:", "stringData: # mksecret/allow: sops/string-data");
    assert_eq!(run(&allowed, &[]), (Some(0), String::new()));
}

#[test]
fn text_of_sops_that_nothing_can_decrypt() {
    let plain = ENCRYPTED.split_once("sops:").unwrap().0;
    let text = "ENC[AES256_GCM,data:efaL9w==,iv:NnE=,tag:aN62zg==,type:str]";
    let of_text = plain.replace("\ndata:\n", "\nstringData:\n");
    let rows = [
        (plain.to_owned(), Some(1)),
        (of_text, Some(0)),
        (
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData: {{a: '{text}'}}\n"
            ),
            Some(0),
        ),
    ];
    for (manifest, status) in rows {
        let answer = mksecret(["check", "a.yaml"]).file("a.yaml", &manifest).run();
        let found = String::from_utf8(answer.stdout).unwrap();
        assert_eq!(answer.status, status, "{found}");
        assert!(found.contains("is encrypted by SOPS, and without the field sops"), "{found}");
        assert!(!found.contains("move it to stringData"), "{found}");
    }
}

#[test]
fn reports_for_other_programs() {
    let bad = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\ndta: {}\n";
    let run = |format: &str| {
        let manifest = format!("{GOOD}{bad}");
        let answer = mksecret(["check", "-o", format, "a b.yaml"]).file("a b.yaml", manifest).run();
        assert_eq!(answer.status, Some(1), "{format}");
        String::from_utf8(answer.stdout).unwrap()
    };
    let log: serde_json::Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run_of_tool = &log["runs"][0];
    let rules = run_of_tool["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["data/empty", "manifest/unknown-field", "value/placeholder"]);
    let results = run_of_tool["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(ids[index], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "a%20b.yaml");
        assert!(location["region"]["startLine"].as_u64().unwrap() > 0);
        assert!(result["partialFingerprints"]["secret/v1"].as_str().unwrap().ends_with(":1"));
        assert!(location["region"].get("snippet").is_none());
    }
    assert_eq!(
        run("github").lines().next().unwrap(),
        "::warning file=a b.yaml,line=5,col=17,title=value/placeholder::data[a]: is a placeholder, not a value"
    );
    let xml = run("junit");
    assert!(
        xml.contains("<testsuite name=\"mksecret check\" tests=\"1\" failures=\"1\">"),
        "{xml}"
    );
    assert!(xml.contains("<failure type=\"manifest/unknown-field\""), "{xml}");
    assert!(!xml.contains("changeme"), "{xml}");
}

#[test]
fn fingerprints_do_not_move_with_lines() {
    let prints = |text: &str| {
        let answer = mksecret(["check", "-o", "sarif", "a.yaml"]).file("a.yaml", text).run();
        let log: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|each| each["partialFingerprints"].to_string()).collect::<Vec<_>>()
    };
    let first = prints(GOOD);
    assert_eq!(first.len(), 1);
    assert_eq!(first, prints(&format!("# a comment\n\n{GOOD}")));
    assert_ne!(first, prints(&GOOD.replace("after", "other")));
    // Messages that count lines or bytes.
    let counting =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: eA==\n  a: eQ==\n  b: _\n";
    let counted = prints(counting);
    assert_eq!(counted.len(), 2);
    assert_eq!(counted, prints(&format!("# a comment\n{counting}")));
}

const BROKEN: &str = "# A comment\r\napiVersion: v1 # v1\nkind: Secret\nmetadata: {name: a, labels: {on: yes}}\n\
                      stringData:\n  port: 010 # octal?\n  \"other\": &x 'x'\n  password: \"hunter2\\n\"\ndata:\n  \
                      user: aHVudGVyMg\n";

#[test]
fn what_has_one_right_answer_is_repaired() {
    let run = mksecret(["check", "--fix", "a.yaml"]).file("a.yaml", BROKEN);
    let answer = run.run();
    let said = String::from_utf8(answer.stderr.clone()).unwrap();
    let repaired = std::fs::read_to_string(run.work().join("a.yaml")).unwrap();
    let want = BROKEN
        .replace("on: yes", "on: \"yes\"")
        .replace("port: 010", "port: \"010\"")
        .replace("aHVudGVyMg", "aHVudGVyMg==");
    assert_eq!(repaired, want, "{said}");
    assert_eq!(answer.status, Some(0), "{said}");
    assert_eq!(said.matches(": fixed: ").count(), 3, "{said}");
    let left = String::from_utf8(answer.stdout).unwrap();
    assert!(left.contains("value/trailing-newline") && !left.contains("error"), "{left}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_preview_changes_nothing_and_shows_no_value() {
    let run = mksecret(["check", "--diff", "a.yaml"]).file("a.yaml", BROKEN);
    let answer = run.run();
    assert_eq!(std::fs::read_to_string(run.work().join("a.yaml")).unwrap(), BROKEN);
    let shown = String::from_utf8(answer.stdout).unwrap();
    assert!(shown.contains("-   port: …\n+   port: … (in quotes)\n"), "{shown}");
    assert!(shown.contains("+   user: … (with padding)\n"), "{shown}");
    assert!(!shown.contains("010") && !shown.contains("aHVu"), "{shown}");
}

#[test]
fn pem_in_data_is_encoded_again() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let key =
        std::fs::read_to_string(crate::harness::source("tests/fixtures/web/web.crt")).unwrap();
    let manifest = |value: &str| {
        let encoded = BASE64_STANDARD.encode(value);
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  ca.crt: '{encoded}' # ca\n"
        )
    };
    let run =
        mksecret(["check", "--fix", "."]).file("a.yaml", manifest(&key.replace('\n', "\r\n")));
    assert_eq!(run.run().status, Some(0));
    assert_eq!(std::fs::read_to_string(run.work().join("a.yaml")).unwrap(), manifest(&key));
    mksecret(["check", "--fix", "-"]).stdin("a: b").run().fails(
        "error: --fix and --diff are for files, not for standard input\n\
         hint: write it to a file first: mksecret check --fix FILE\n",
    );
}

#[test]
fn an_error_cannot_be_allowed() {
    mksecret(["check", "--allow=data/base64", "a.yaml"]).run().fails(
        "error: --allow=data/base64: the API server rejects it, so it cannot be allowed\n\
         hint: mksecret check --explain data/base64 says why\n",
    );
}

#[test]
fn no_report_shows_a_value() {
    const CANARY: &str = "s3cr3tCanary";
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a, annotations: {{note: \"{CANARY}1\"}}}}\n\
         type: {CANARY}\ndata: {{a: {CANARY}-, b: {CANARY}, b: {CANARY}}}\nstringData:\n  c: \"{CANARY}\\n\"\n  \
         d: ' {CANARY}'\n  e: |\n    {CANARY}\n  f: [{CANARY}]\n  g: '\"{CANARY}\"'\ndta: {CANARY}\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {{name: b}}\nstringData: {{a: \"{CANARY}\n---\n\
         {{\"kind\": \"Secret\", \"data\": {{\"a\": \"{CANARY}\", }}}}\n"
    );
    for flags in [
        &["-o", "text"][..],
        &["-o", "json"],
        &["-o", "sarif"],
        &["-o", "github"],
        &["-o", "junit"],
        &["--diff"],
        &["--fix"],
        &["--require-sealed", "--consumer=argocd-repository,flux-git"],
    ] {
        let words = ["check", "a.yaml"].iter().chain(flags);
        let answer = mksecret(words).file("a.yaml", &manifest).run();
        let all = [answer.stdout, answer.stderr].concat();
        let all = String::from_utf8_lossy(&all);
        assert!(!all.contains(CANARY), "{flags:?}: {all}");
        assert!(all.contains("a.yaml") || flags == ["--diff"], "{flags:?}: {all}");
    }
}

#[test]
fn a_repair_never_touches_anything_else() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let pem =
        std::fs::read_to_string(crate::harness::source("tests/fixtures/web/web.crt")).unwrap();
    let head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
    let quoted = serde_json::to_string(&pem.replace('\n', "\r\n")).unwrap();
    let both = format!("{head}data: {{ca.crt: eA==}}\nstringData: {{ca.crt: {quoted}}}\n");
    let tagged = format!("{head}stringData:\n  port: !!int 010\n  other: !!int &a 011\n");
    let windows = BASE64_STANDARD.encode(pem.replace('\n', "\r\n"));
    let unix = BASE64_STANDARD.encode(&pem);
    let aliased = |value: &str| format!("{head}data:\n  a.crt: &x {value}\n  b.crt: *x\n");
    let rows = [
        (both.clone(), both, 0),
        (tagged.clone(), tagged, 1),
        (aliased(&windows), aliased(&unix), 0),
    ];
    for (before, after, status) in rows {
        let run = mksecret(["check", "--fix", "a.yaml"]).file("a.yaml", &before);
        assert_eq!(run.run().status, Some(status), "{before}");
        assert_eq!(std::fs::read_to_string(run.work().join("a.yaml")).unwrap(), after);
    }
    let other = "no manifest, and nothing to repair here\n";
    let run = mksecret(["check", "--fix"]).file("<stdin>", other).stdin(BROKEN);
    assert_eq!(run.run().status, Some(0));
    assert_eq!(std::fs::read_to_string(run.work().join("<stdin>")).unwrap(), other);
    mksecret(["check", "--fix", "--live"]).run().fails(
        "error: --fix and --diff are for files, not for the Secrets of a cluster\n\
         hint: leave out --live\n",
    );
}
