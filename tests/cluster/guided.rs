//! `mksecret new` puts a Secret on a cluster.

use std::fs;

use super::double::Double;
use crate::new::Player;

#[test]
fn a_guided_secret_is_created_and_then_applied() {
    let double = Double::start();
    for (deed, said, wants) in [
        ("Create it", "secret/web created\n", "--key=p256.key\n"),
        ("Apply it", "secret/web configured\n", "--apply\n"),
    ] {
        let mut player = Player::start(&["tls", "web"]);
        // Where the terminal's KUBECONFIG leads.
        fs::write(player.terminal.folder.work().join("none"), double.kubeconfig()).unwrap();
        player.answer("--cert FILE", "p256.crt");
        player.answer("--key FILE", "p256.key");
        if deed == "Apply it" {
            player.pick("Next step", "Change something");
            player.pick("Add or change", "--labels");
            player.answer("--labels KEY=VALUE,…", "app=shop");
            player.pick("Add or change", "Done: review");
        }
        player.pick("Next step", deed);
        let end = player.end();
        assert_eq!((&*end.status, &*end.stdout), ("0", said), "{}", end.stderr);
        assert!(end.stderr.ends_with(wants), "{}", end.stderr);
    }
    let stored = double.secret("default", "web").unwrap();
    assert_eq!(stored["metadata"]["labels"]["app"], "shop");
    assert_eq!(stored["type"], "kubernetes.io/tls");
}

/// What was typed unseen is not asked for again, and what failed is known at the end.
#[test]
fn answers_survive_an_error_on_the_cluster() {
    let double = Double::start();
    for (deed, status, stdout) in [
        ("Create it", "0", "secret/git created\n"),
        ("Apply it", "0", "secret/git unchanged\n"),
        ("Quit", "1", ""),
    ] {
        let mut player = Player::start(&["basic-auth", "git"]);
        let file = player.terminal.folder.work().join("none");
        fs::write(file, double.kubeconfig()).unwrap();
        player.answer("--username NAME", "ann");
        player.pick("How to enter the password", "Type it without echo");
        player.answer("Enter the password", "hunter2");
        player.answer("Enter the password again", "hunter2");
        player.expect("Cluster: context ");
        player.expect(", namespace default\r\n");
        if deed != "Create it" {
            player.pick("Next step", "Create it in namespace default of context ");
        }
        player.pick("Next step", deed);
        let end = player.end();
        assert_eq!((&*end.status, &*end.stdout), (status, stdout), "{}", end.stderr);
        assert_eq!(end.stderr.contains("already exists"), deed != "Create it", "{}", end.stderr);
        assert!(end.stderr.contains("The same as one command:\n"), "{}", end.stderr);
        let shown = String::from_utf8_lossy(&end.shown).into_owned();
        assert_eq!(shown.matches("Enter the password").count(), 2, "{shown}");
    }
    assert_eq!(double.secret("default", "git").unwrap()["type"], "kubernetes.io/basic-auth");
}

#[test]
fn ctrl_c_ends_it_after_an_error_on_the_cluster() {
    let double = Double::start();
    let mut player = Player::start(&["basic-auth", "git"]);
    let file = player.terminal.folder.work().join("none");
    fs::write(&file, double.kubeconfig_for("unknown")).unwrap();
    player.answer("--username NAME", "ann");
    player.pick("How to enter the password", "Skip");
    player.pick("Next step", "Create it");
    player.expect("Next step:\r\n");
    player.terminal.type_in("\x03");
    let end = player.end();
    assert_eq!((&*end.status, &*end.stdout), ("130", ""), "{}", end.stderr);
}
