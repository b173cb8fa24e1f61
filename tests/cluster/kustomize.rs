//! `mksecret kustomize` puts the Secrets of a kustomization on a cluster.

use super::double::Double;
use super::tool::tool;

const KUSTOMIZATION: &str = "secretGenerator:\n- name: a\n  literals: [x=hunter2]\n\
                             - name: b\n  namespace: shop\n  literals: [x=hunter2]\n\
                             generatorOptions: {disableNameSuffixHash: true}\n";

#[test]
fn secrets_go_to_their_namespaces() {
    let double = Double::start();
    double.add_namespace("shop", &[]);
    let run = |words: &str| tool(&double, words).file("kustomization.yaml", KUSTOMIZATION).run();
    let answer = run("kustomize --dry-run=server");
    assert_eq!(answer.status, Some(0), "{answer:?}");
    assert!(double.secret("shop", "b").is_none(), "nothing is stored");
    let answer = run("kustomize --apply");
    assert_eq!(answer.status, Some(0), "{answer:?}");
    let printed = String::from_utf8(answer.stdout).unwrap();
    assert_eq!(printed.lines().count(), 2, "{printed}");
    assert!(printed.contains("secret/a") && printed.contains("secret/b"), "{printed}");
    for (namespace, name) in [("default", "a"), ("shop", "b")] {
        let secret = double.secret(namespace, name).unwrap();
        assert_eq!(secret["data"]["x"], "aHVudGVyMg==", "{namespace}/{name}");
    }
}

#[test]
fn a_namespace_of_its_own_is_not_replaced() {
    let double = Double::start();
    double.add_namespace("shop", &[]);
    for words in ["kustomize --apply -n other", "kustomize --apply --namespaces=default,shop"] {
        let answer = tool(&double, words).file("kustomization.yaml", KUSTOMIZATION).run();
        let said = String::from_utf8(answer.stderr).unwrap();
        assert_eq!(answer.status, Some(1), "{said}");
        assert!(
            said.starts_with("error: kustomization.yaml:4:3: Secret b is in namespace shop"),
            "{said}"
        );
        assert!(double.seen().is_empty(), "nothing is sent");
    }
}

#[test]
fn what_the_server_would_reject_is_not_sent() {
    let double = Double::start();
    let bad = KUSTOMIZATION.replace("name: b", "name: B");
    let answer = tool(&double, "kustomize --apply").file("kustomization.yaml", bad).run();
    assert_eq!(answer.status, Some(1), "{answer:?}");
    assert!(double.seen().is_empty(), "nothing is sent");
}
