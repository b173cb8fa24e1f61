//! Errors that know what to do about them, and the words of the commands that they suggest.

use crate::shown;

/// Stands in a hint for the flags that reach this run's cluster.
pub(crate) const REACH: &str = "\u{1}";
/// Stands in a hint for the same and the namespace.
pub(crate) const IN_NAMESPACE: &str = "\u{2}";
/// Stands in a hint for the same, and for what happens with the Secret: `--dry-run` and `-o`.
pub(crate) const SAME_RUN: &str = "\u{3}";

pub(crate) trait Fault: std::error::Error {
    /// What to do, each a line; commands work when they are pasted.
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether somebody who is asked for a passphrase may mend it.
    fn lacks_passphrase(&self) -> bool {
        false
    }
}

/// A name as a word of a shell's command line, or the placeholder if a message may not show it.
pub(crate) fn shell_name(name: &str, placeholder: &str) -> String {
    shell_text(if shown::is_word(name) { name } else { placeholder })
}

/// A text as a word of a shell's command line.
pub(crate) fn shell_text(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell() {
        let rows = [
            ("config/a.b-c_d", "config/a.b-c_d"),
            ("größe", "größe"),
            ("my file", "'my file'"),
            ("it's", "'it'\\''s'"),
            ("$HOME;rm", "'$HOME;rm'"),
            ("", "''"),
        ];
        for (text, want) in rows {
            assert_eq!(shell_text(text), want);
        }
    }
}
