//! Secrets that stand on the command line, where the process list shows them.

use std::ffi::OsString;

use super::Create;
use crate::flags::{self, Flag, FlagKind};

/// The first flag of the type with a secret on the command line, where the process list shows it
/// and the shell's history keeps it. kubectl's global flags hold secrets that no Secret contains.
pub(crate) fn value_in_argv(create: &Create) -> Option<&'static str> {
    let names_a_secret = |value: &OsString| {
        let value = value.to_string_lossy();
        value.split_once('=').is_some_and(|(key, _)| is_secret_key(key))
    };
    let shows_a_secret = |flag: &Flag| match flag.kind {
        FlagKind::KeyValue => flag
            .as_list()
            .is_some_and(|flag| flags::values(&create.flags, &flag).any(names_a_secret)),
        FlagKind::Secret => flags::is_given(&create.flags, flag),
        _ => false,
    };
    let flags = (create.secret_type.flags)().into_iter();
    let mut typed = flags.filter(|flag| !create.preferences.flags.contains(&flag.name));
    typed.find(shows_a_secret).map(|flag| flag.name)
}

/// Whether a key has a word for what is kept secret: `db-password`, `API_TOKEN`, `sshKey`.
fn is_secret_key(key: &str) -> bool {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (!before.is_uppercase() || next_is_lower);
        if !letter.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.iter().any(|word| {
        matches!(
            word.trim_end_matches('s'),
            "password" | "passwd" | "token" | "secret" | "key" | "credential"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_secrets_are_known_by_their_words() {
        let secret = [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "DBPassword",
            "api-token",
            "aws.credentials",
            "sshKey",
            "SECRET",
            "tokens",
            "key",
            "passwd",
        ];
        for key in secret {
            assert!(is_secret_key(key), "{key}");
        }
        for key in ["user", "", "monkey", "tokenizer", "url", "passwordless", "KEYBOARD"] {
            assert!(!is_secret_key(key), "{key}");
        }
    }
}
