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
            player.pick("What now", "Change something");
            player.pick("What goes into it", "--labels");
            player.answer("--labels KEY=VALUE,…", "app=shop");
            player.pick("What goes into it", "That is all");
        }
        player.pick("What now", deed);
        let end = player.end();
        assert_eq!((&*end.status, &*end.stdout), ("0", said), "{}", end.stderr);
        assert!(end.stderr.ends_with(wants), "{}", end.stderr);
    }
    let stored = double.secret("default", "web").unwrap();
    assert_eq!(stored["metadata"]["labels"]["app"], "shop");
    assert_eq!(stored["type"], "kubernetes.io/tls");
}
