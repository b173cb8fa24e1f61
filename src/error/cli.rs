//! What to do about a wrong command line.

use crate::cli::{ArgvError, CliError, ClusterFlagError, CommonError};

pub(super) fn hints(error: &CliError) -> Vec<String> {
    let help = |subcommand: &str| match subcommand {
        "" => "mksecret --help shows what there is".to_owned(),
        _ => format!("mksecret {subcommand} --help shows its flags"),
    };
    match error {
        CliError::Argv { error, subcommand } => match error {
            ArgvError::UnknownFlag { similar: Some(similar), .. } => {
                vec![format!("there is --{similar}"), help(subcommand)]
            }
            ArgvError::UnknownFlag { name, .. } if subcommand.is_empty() => {
                vec![format!("write --{name} behind the type: mksecret TYPE NAME --{name}")]
            }
            ArgvError::UnknownLetter { letter: 'p', .. } => {
                vec!["no flag takes a password that way".to_owned(), help(subcommand)]
            }
            _ => vec![help(subcommand)],
        },
        CliError::Cluster(error) => match error {
            ClusterFlagError::NobodyToActAs => vec!["add --as=USER".to_owned()],
            ClusterFlagError::TwoLogins => {
                vec!["leave out either --token or --username and --password".to_owned()]
            }
            _ => Vec::new(),
        },
        CliError::Common(error) => match error {
            CommonError::Format { .. } => vec!["-o yaml prints the manifest".to_owned()],
            CommonError::DryRun { .. } => {
                vec!["--dry-run=client prints and stores nothing".to_owned()]
            }
            CommonError::Pair { flag, .. } | CommonError::PairTwice { flag, .. } => {
                vec![format!("write each as --{flag} KEY=VALUE")]
            }
            CommonError::TemplateNotYet => vec!["-o json goes through jq just as well".to_owned()],
            CommonError::NotText { .. } | CommonError::Validate { .. } => Vec::new(),
        },
        CliError::NameCount { split_dry_run: true, .. } => {
            vec!["--dry-run takes its value behind a =: --dry-run=client".to_owned()]
        }
        CliError::NameCount { subcommand, .. } => {
            vec![format!("mksecret {subcommand} NAME: one name, then flags")]
        }
        CliError::NameEmpty => vec!["give the Secret a name".to_owned()],
        CliError::NoShell { .. } => vec!["mksecret completion bash".to_owned()],
        CliError::Swallowed { flag } => {
            vec![format!("write --{flag}=VALUE, or put --{flag} behind the subcommand")]
        }
        CliError::UnknownCommand { similar: Some(similar), .. } => {
            vec![format!("there is mksecret {similar}")]
        }
        CliError::UnknownCommand { .. } => vec![help("")],
        CliError::Value { subcommand, .. } => vec![help(subcommand)],
    }
}
