//! What to do about kubectl's preferences.

use crate::kuberc::{KubercError, PolicyFault};

/// About a file of preferences.
pub(super) fn hints(error: &KubercError) -> Vec<String> {
    let off = || "KUBERC=off ignores the file".to_owned();
    match error {
        KubercError::AliasName { .. } | KubercError::AliasTwice { .. } => {
            vec!["rename the alias: kubectl refuses the file too".to_owned(), off()]
        }
        KubercError::DashedName { .. } => {
            vec!["write the flag's long name, such as output".to_owned(), off()]
        }
        KubercError::FlagAndOff => vec!["leave out --kuberc, or unset KUBERC".to_owned()],
        KubercError::NoFile => vec!["for example --kuberc=$HOME/.kube/kuberc".to_owned()],
        KubercError::Policy { fault, .. } => {
            let all = "credentialPluginPolicy is AllowAll, DenyAll or Allowlist";
            match fault {
                PolicyFault::Unknown { .. } => vec![all.to_owned()],
                PolicyFault::NotClean { .. } => {
                    vec!["write the path without ., .. and doubled slashes".to_owned()]
                }
                _ => vec!["credentialPluginAllowlist and Allowlist go together".to_owned()],
            }
        }
        KubercError::Read { .. } => {
            vec!["--kuberc and KUBERC set the file; KUBERC=off ignores all files".to_owned()]
        }
        KubercError::UnknownFlag { similar: Some(similar), .. } => {
            vec![format!("did you mean the name {similar}?"), off()]
        }
        KubercError::UnknownFlag { command, is_kubectls: false, .. } => {
            let subcommand = command.rsplit(' ').next().unwrap_or_default();
            vec![format!("mksecret {subcommand} --help shows its flags"), off()]
        }
        KubercError::UnknownFlag { .. } => {
            vec!["kubectl refuses the file too: only its own flags can have a default".to_owned()]
        }
        KubercError::Value { flag, .. } => {
            vec![format!("correct the default, or give --{flag} on the command line"), off()]
        }
    }
}

/// What an alias of kubectl's stands for. Of what it adds only the names are shown.
pub(super) fn alias(name: &str, subcommand: &str, flags: &[String], words: usize) -> String {
    let mut adds: Vec<_> = flags.iter().map(|flag| format!("--{flag}")).collect();
    adds.extend(
        (words > 0).then(|| format!("{words} more argument{}", if words == 1 { "" } else { "s" })),
    );
    let adds = if adds.is_empty() { String::new() } else { format!(", with {}", adds.join(", ")) };
    format!("kubectl {name} runs kubectl create secret {subcommand}{adds}")
}
