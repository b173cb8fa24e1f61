//! What kubeseal 0.36.6 printed for the same manifests, its ciphertexts masked
//! (`fixtures/seal/kubeseal/NAME.in.yaml`, then `NAME.SCOPE.yaml` and `NAME.SCOPE.json`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Run, masked, mksecret, source};

const SCOPES: [&str; 3] = ["strict", "namespace-wide", "cluster-wide"];

fn golden(name: &str) -> PathBuf {
    source("tests/fixtures/seal/kubeseal").join(name)
}

fn seal(manifest: &str, scope: &str, flags: &[&str]) -> Run {
    let certificate = source("tests/fixtures/seal/cert.pem");
    mksecret(["seal"])
        .arg(format!("--seal={}", certificate.display()))
        .arg(format!("--seal-scope={scope}"))
        .arg(golden(&format!("{manifest}.in.yaml")))
        .words_added(flags)
}

/// The goldens of a manifest in this scope, each with the word after `-o`.
fn goldens(manifest: &str, scope: &str) -> Vec<(&'static str, Vec<u8>)> {
    let read = |format: &'static str| {
        let text = fs::read(golden(&format!("{manifest}.{scope}.{format}"))).ok()?;
        Some((format, text))
    };
    ["yaml", "json"].into_iter().filter_map(read).collect()
}

#[track_caller]
fn is_golden(manifest: &str, scope: &str, flags: &[&str]) -> usize {
    let goldens = goldens(manifest, scope);
    for (format, want) in &goldens {
        let answer = seal(manifest, scope, flags).words_added(&["-o", format]).run();
        let got = String::from_utf8(masked(&answer.stdout)).unwrap();
        assert_eq!(answer.status, Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
        assert_eq!(got, String::from_utf8_lossy(want), "{manifest} {scope} {format}");
    }
    goldens.len()
}

#[test]
fn manifests_are_those_of_kubeseal() {
    let rows: [(&str, &[&str]); 3] = [
        ("minimal", &[]),
        ("full", &["--validate=ignore"]),
        ("empty", &["--validate=ignore", "--allow-empty"]),
    ];
    let mut compared = 0;
    for (manifest, flags) in rows {
        for scope in SCOPES {
            compared += is_golden(manifest, scope, flags);
        }
    }
    compared += is_golden("nons", "cluster-wide", &[]);
    assert_eq!(compared, 13);
}

#[test]
fn yaml_is_the_default() {
    let printed = |flags: &[&str]| {
        let answer = seal("minimal", "strict", flags).run();
        String::from_utf8(masked(&answer.stdout)).unwrap()
    };
    assert_eq!(printed(&[]), printed(&["-o", "yaml"]));
    assert!(printed(&[]).starts_with("---\n"));
}

/// kubeseal takes the kubeconfig's namespace for a manifest without one, without a word, and seals what
/// the API server refuses.
#[test]
fn what_kubeseal_should_refuse_is_refused() {
    for scope in ["strict", "namespace-wide"] {
        seal("nons", scope, &[]).run().fails(&format!(
            "error: the scope {scope} binds the values to a namespace, and none is given\n\
             hint: add -n NAMESPACE; --seal-scope=cluster-wide works in every namespace\n"
        ));
    }
    for (manifest, words) in [("full", "error: "), ("empty", "there is no value to seal")] {
        let answer = seal(manifest, "strict", &[]).run();
        assert_eq!(answer.status, Some(1), "{manifest}");
        assert!(answer.stdout.is_empty(), "{manifest}");
        let stderr = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(stderr.contains(words), "{manifest}: {stderr}");
    }
}

/// Every value has a session key of its own, and no plain value is left.
#[test]
fn equal_values_have_different_ciphertexts() {
    let sealed = || {
        let run = mksecret(["generic", "db", "-n=prod", "--from-literal=a=hunter2"]);
        let certificate = source("tests/fixtures/seal/cert.pem");
        let run =
            run.arg("--from-literal=b=hunter2").arg(format!("--seal={}", certificate.display()));
        let answer = run.words_added(&["-o", "json"]).run();
        let manifest: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
        let data = &manifest["spec"]["encryptedData"];
        ["a", "b"].map(|key| data[key].as_str().unwrap().to_owned())
    };
    let [[a, b], [c, d]] = [sealed(), sealed()];
    let mut all = [a, b, c, d];
    all.sort();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(all.iter().all(|text| text.len() == 4 * (18_usize + 256 + 7).div_ceil(3)));
}

#[test]
fn an_output_file_is_whole_and_private() {
    use std::os::unix::fs::PermissionsExt as _;

    let run = seal("minimal", "strict", &["-o", "yaml", "--output-file=sealed.yaml"]);
    run.run().succeeds("", "");
    let file = run.work().join("sealed.yaml");
    let want = fs::read(golden("minimal.strict.yaml")).unwrap();
    assert_eq!(masked(&fs::read(&file).unwrap()), want);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(leftovers(&run.work()), ["sealed.yaml"]);
}

/// The names in a folder: no temporary file is left.
fn leftovers(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}
