//! Bootstrap tokens: `[a-z0-9]{6}.[a-z0-9]{16}`, an id that may be known and a secret.

use std::fmt;
use std::io;

use zeroize::Zeroizing;

use crate::sources::{Charset, Inputs};

const ID_LEN: usize = 6;
const SECRET_LEN: usize = 16;
const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A bootstrap token (`k8s.io/cluster-bootstrap/token/api`). `Debug` shows the id alone.
pub(super) struct Token(Zeroizing<String>);

impl Token {
    /// Takes a token in the form above.
    pub(super) fn parse(text: &str) -> Result<Self, NoToken> {
        let form = text.split_once('.').is_some_and(|(id, secret)| {
            let part =
                |part: &str, len| part.len() == len && part.bytes().all(|b| ALPHABET.contains(&b));
            part(id, ID_LEN) && part(secret, SECRET_LEN)
        });
        if form {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(NoToken { len: text.len() })
        }
    }

    /// Makes a token of the system's randomness.
    pub(super) fn random(inputs: &Inputs) -> io::Result<Self> {
        let drawn = Charset::TOKEN.draw(ID_LEN + SECRET_LEN, inputs)?;
        let (id, secret) = drawn.as_text().unwrap_or_default().split_at(ID_LEN);
        let mut text = Zeroizing::new(String::with_capacity(ID_LEN + 1 + SECRET_LEN));
        text.extend([id, ".", secret]);
        Ok(Self(text))
    }

    /// The part that names the token.
    pub(super) fn id(&self) -> &str {
        &self.0[..ID_LEN]
    }

    /// The part that is secret.
    pub(super) fn secret(&self) -> &str {
        &self.0[ID_LEN + 1..]
    }

    /// Both with the dot between them.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.id())
    }
}

/// A text that is no token. It may be one with a slip in it, so only its length is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoToken {
    /// The length in bytes.
    pub len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let rows = [
            ("abcdef.0123456789abcdef", true),
            ("abcdef.0123456789abcde", false),
            ("Abcdef.0123456789abcdef", false),
            ("abcdef0123456789abcdef0", false),
            ("abcdé.0123456789abcdef", false),
            ("", false),
        ];
        for (text, good) in rows {
            assert_eq!(Token::parse(text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn random_tokens_have_the_form() {
        let token = Token::random(&Inputs::fixed()).unwrap();
        assert_eq!(token.as_str(), "012345.6789abcdefghijkl");
        for _ in 0..200 {
            let token = Token::random(&Inputs::system(crate::sources::Limit::API_SERVER)).unwrap();
            assert!(Token::parse(token.as_str()).is_ok());
        }
    }
}
