use std::ffi::OsString;

use super::*;

/// A folder with these files, which is removed with the value.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root =
            std::env::temp_dir().join(format!("mksecret-sops-{name}-{}", std::process::id()));
        #[expect(clippy::disallowed_methods, reason = "a test makes the files that are looked for")]
        for (file, text) in files {
            let file = root.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, with_names(text)).unwrap();
        }
        Self(root)
    }

    fn find(&self, inputs: &Inputs, below: &str, file: &str) -> Result<Found, ConfigError> {
        let real = self.0.join(below);
        let here = WorkingDirectory { path: Path::new("/link").join(below), real };
        find_from(inputs, &here, Some(Path::new(file)))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_configuration_is_looked_for_upwards() {
    let tree = Tree::new(
        "up",
        &[
            (".sops.yaml", "creation_rules:\n- path_regex: ^k8s/db\n  age: ANN\n"),
            ("k8s/.sops.yml", "creation_rules:\n- age: BOB\n"),
            ("k8s/own/.sops.yaml", "creation_rules:\n- path_regex: ^db|^/\n  age: BOB\n"),
            ("k8s/own/folder/x", ""),
        ],
    );
    let rows = [
        ("", "k8s/db.yaml", Some(ANN), ".sops.yaml"),
        ("", "./k8s/../k8s//db.yaml", Some(ANN), ".sops.yaml"),
        ("", "/link/k8s/db.yaml", Some(ANN), ".sops.yaml"),
        ("", "db.yaml", None, ".sops.yaml"),
        ("", "/real/k8s/db.yaml", None, ".sops.yaml"),
        ("k8s", "db.yaml", Some(ANN), "../.sops.yaml"),
        ("k8s", "../db.yaml", None, "../.sops.yaml"),
        ("k8s/own", "db.yaml", Some(BOB), ".sops.yaml"),
        ("k8s/own/folder", "../db.yaml", Some(BOB), "../.sops.yaml"),
        ("k8s/own/folder", "db.yaml", None, "../.sops.yaml"),
        ("k8s/own/folder", "/elsewhere/x", Some(BOB), "../.sops.yaml"),
    ];
    for (below, file, want, path) in rows {
        let found = tree.find(&Inputs::fixed(), below, file).unwrap();
        let config = found.config.unwrap();
        let recipient = match config.rule {
            RuleMatch::Found(rule) => Some(rule.keys.unwrap().age.join(" ")),
            _ => None,
        };
        assert_eq!(recipient.as_deref(), want, "{file} in {below:?}");
        assert_eq!(config.path, Path::new(path), "{file} in {below:?}");
        let ignored = (below == "k8s").then(|| PathBuf::from(".sops.yml"));
        assert_eq!(found.ignored, ignored, "{file} in {below:?}");
    }
}

#[test]
fn a_variable_names_the_configuration() {
    let tree = Tree::new(
        "variable",
        &[
            (".sops.yaml", "creation_rules:\n- age: ANN\n"),
            ("k8s/other.yaml", "creation_rules:\n- path_regex: ^db\n  age: BOB\n"),
        ],
    );
    let named = Inputs::with_variables(|name| {
        (name == "SOPS_CONFIG").then(|| OsString::from("k8s/other.yaml"))
    });
    let found = tree.find(&named, "", "k8s/db.yaml").unwrap().config.unwrap();
    assert!(matches!(found.rule, RuleMatch::Found(_)));
    let empty = Inputs::with_variables(|name| (name == "SOPS_CONFIG").then(OsString::new));
    let found = tree.find(&empty, "", "k8s/db.yaml").unwrap().config.unwrap();
    assert_eq!(found.path, Path::new(".sops.yaml"));
    let error = tree.find(&named, "k8s", "db.yaml").unwrap_err();
    assert_eq!(error.to_string(), "cannot read k8s/other.yaml: no such file or directory");
}
