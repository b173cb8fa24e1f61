//! The flags with which a suggested command reaches the cluster of this run.

use std::path::Path;

use super::Reach;
use crate::golang;
use crate::hints::shell_text;
use crate::sources::shell_word;

/// The flags of this run that choose a cluster and a user. A token or a password is not among them,
/// nor the user information of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConnectionFlags {
    context: Option<String>,
    /// All others, each with a blank before it.
    others: String,
    /// Whether the server's address is one of them, and not the kubeconfig's.
    pub names_server: bool,
}

impl ConnectionFlags {
    /// The flags of a command line.
    pub(crate) fn new(reach: &Reach) -> Self {
        let server = reach.server.as_deref().map(without_login);
        let proxy = reach.proxy_url.as_deref().map(without_login);
        let mut others = String::new();
        push_path(&mut others, "--kubeconfig", reach.kubeconfig.as_deref());
        for (flag, value) in [
            ("--cluster", &reach.cluster),
            ("--user", &reach.user),
            ("-s", &server),
            ("--as", &reach.act_as),
        ] {
            push(&mut others, flag, value.as_deref());
        }
        for group in &reach.act_in_groups {
            push(&mut others, "--as-group", Some(group));
        }
        let authority = reach.certificate_authority.as_deref().map(Path::new);
        push_path(&mut others, "--certificate-authority", authority);
        push(&mut others, "--tls-server-name", reach.tls_server_name.as_deref());
        if reach.insecure {
            others.push_str(" --insecure-skip-tls-verify");
        }
        push(&mut others, "--proxy-url", proxy.as_deref());
        Self { context: reach.context.clone(), others, names_server: server.is_some() }
    }

    /// The flags for one context, the command line's if `None`, each with a blank before it.
    pub(crate) fn of_context(&self, context: Option<&str>) -> String {
        let mut flags = String::new();
        push(&mut flags, "--context", context.or(self.context.as_deref()));
        flags + &self.others
    }
}

fn push(flags: &mut String, flag: &str, value: Option<&str>) {
    if let Some(value) = value {
        flags.extend([" ", flag, " ", &shell_text(value)]);
    }
}

fn push_path(flags: &mut String, flag: &str, path: Option<&Path>) {
    if let Some(path) = path {
        flags.extend([" ", flag, " ", &shell_word(path)]);
    }
}

fn without_login(url: &str) -> String {
    golang::urls::without_userinfo(url).replacen("xxxxx@", "", 1)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn what_is_pasted_reaches_the_same_cluster_and_shows_no_login() {
        let text = |text: &str| Some(text.to_owned());
        let secret = |text: &str| Some(Zeroizing::new(text.to_owned()));
        let reach = Reach {
            kubeconfig: Some("./files/config".into()),
            context: text("prod"),
            cluster: text("c"),
            user: text("it's"),
            server: text("https://u:hunter2@h:6443"),
            token: secret("hunter2"),
            username: text("hunter2"),
            password: secret("hunter2"),
            act_as: text("system:serviceaccount:a:b"),
            act_in_groups: vec!["g".into(), "h i".into()],
            certificate_authority: text("ca.pem"),
            tls_server_name: text("api"),
            insecure: true,
            proxy_url: text("http://u:hunter2@proxy:3128"),
            ..Reach::default()
        };
        let flags = ConnectionFlags::new(&reach);
        let others = " --kubeconfig ./files/config --cluster c --user 'it'\\''s' -s https://h:6443 \
                      --as system:serviceaccount:a:b --as-group g --as-group 'h i' \
                      --certificate-authority ca.pem --tls-server-name api \
                      --insecure-skip-tls-verify --proxy-url http://proxy:3128";
        assert_eq!(flags.of_context(None), format!(" --context prod{others}"));
        assert_eq!(flags.of_context(Some("a b")), format!(" --context 'a b'{others}"));
        assert_eq!(ConnectionFlags::default().of_context(None), "");
    }
}
