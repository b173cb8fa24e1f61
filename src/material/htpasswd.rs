//! A line of Apache's `htpasswd`, as its `-B` writes one: `USER:$2y$COST$…`.

use bcrypt::Version;
use zeroize::Zeroizing;

/// How many bytes of a password bcrypt looks at.
pub(crate) const PASSWORD_MAX: usize = 72;
/// Each step doubles the time that a guess takes, and each request. `htpasswd` has 5, from 1999;
/// 10 is the least that OWASP's Password Storage Cheat Sheet allows.
const COST: u32 = 10;
/// Beside the user's name: colon, hash, line feed.
const ROOM: usize = 1 + 60 + 1;

/// The line, with its line feed. `salt` has to come from a good random source.
pub(crate) fn line(
    user: &[u8],
    password: &[u8],
    salt: [u8; 16],
) -> Result<Zeroizing<Vec<u8>>, HtpasswdError> {
    // A colon parts the fields, and a control character may end the line.
    if let Some(at) = user.iter().position(|b| *b == b':' || b.is_ascii_control()) {
        return Err(HtpasswdError::UserName { at: at + 1 });
    }
    if user.is_empty() {
        return Err(HtpasswdError::NoUserName);
    }
    if password.contains(&0) {
        return Err(HtpasswdError::Nul);
    }
    let hash = bcrypt::hash_with_salt(password, COST, salt).map_err(|_| HtpasswdError::Bcrypt)?;
    let mut text = String::with_capacity(60);
    hash.write_for_version(Version::TwoY, &mut text).map_err(|_| HtpasswdError::Bcrypt)?;
    let mut line = Zeroizing::new(Vec::with_capacity(user.len() + ROOM));
    for part in [user, b":", text.as_bytes(), b"\n"] {
        line.extend_from_slice(part);
    }
    Ok(line)
}

/// Why a line cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HtpasswdError {
    #[error("bcrypt failed")]
    Bcrypt,
    #[error("the user name is empty")]
    NoUserName,
    /// A zero byte, at which a C library ends the password.
    #[error("the password contains a zero byte, where a server would cut it off")]
    Nul,
    /// A character that the file cannot hold in a user's name.
    #[error("the user name contains a colon or a control character (byte {at})")]
    UserName {
        /// Its place, counted from 1.
        at: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_htpasswd_writes_it() {
        let line = line("änn".as_bytes(), b"hunter2", *b"0123456789abcdef").unwrap();
        let text = std::str::from_utf8(&line).unwrap();
        let hash = text.strip_prefix("änn:").unwrap().strip_suffix('\n').unwrap();
        assert!(hash.starts_with("$2y$10$") && hash.len() == 60, "{hash}");
        assert!(bcrypt::verify("hunter2", hash).unwrap());
        assert!(!bcrypt::verify("hunter3", hash).unwrap());
        assert_eq!(line.capacity(), line.len());
    }

    #[test]
    fn bcrypt_sees_the_first_bytes_alone() {
        let hash = |password: &[u8]| line(b"a", password, [7; 16]).unwrap();
        let long = [b'x'; PASSWORD_MAX + 1];
        assert_eq!(hash(&long), hash(&long[..PASSWORD_MAX]));
        assert_ne!(hash(&long), hash(&long[..PASSWORD_MAX - 1]));
    }

    #[test]
    fn what_the_file_cannot_hold() {
        for (user, password, wanted) in [
            (&b""[..], &b"a"[..], HtpasswdError::NoUserName),
            (b"a:b", b"a", HtpasswdError::UserName { at: 2 }),
            (b"ab\n", b"a", HtpasswdError::UserName { at: 3 }),
            (b"a", b"a\0b", HtpasswdError::Nul),
        ] {
            assert_eq!(line(user, password, [0; 16]), Err(wanted), "{user:?}");
        }
    }
}
