//! Files of users and hashes, as each reader wants them.

/// How a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `$apr1$`, the default of `htpasswd`.
    Apr1,
    Bcrypt,
    /// `$5$` and `$6$` of crypt(3).
    Crypt,
    /// `$1$`, the MD5 of crypt(3).
    Md5,
    Other,
    Sha1,
}

impl Scheme {
    fn of(hash: &[u8]) -> Self {
        let rows: [(&[u8], Self); 9] = [
            (b"$apr1$", Self::Apr1),
            (b"$2a$", Self::Bcrypt),
            (b"$2b$", Self::Bcrypt),
            (b"$2y$", Self::Bcrypt),
            (b"$2x$", Self::Bcrypt),
            (b"$5$", Self::Crypt),
            (b"$6$", Self::Crypt),
            (b"$1$", Self::Md5),
            (b"{SHA}", Self::Sha1),
        ];
        rows.iter().find(|(start, _)| hash.starts_with(start)).map_or(Self::Other, |row| row.1)
    }
}

/// A line that is not blank.
pub(super) struct Line<'a> {
    /// Its number in the file, counted from 1.
    pub number: usize,
    pub text: &'a [u8],
}

impl<'a> Line<'a> {
    pub(super) fn is_comment(&self) -> bool {
        self.text.starts_with(b"#")
    }

    fn hash(&self) -> Option<&'a [u8]> {
        let at = self.text.iter().position(|b| *b == b':')?;
        (at > 0).then(|| &self.text[at + 1..])
    }

    /// The scheme of its hash; `None` if there is no user or no colon.
    pub(super) fn scheme(&self) -> Option<Scheme> {
        self.hash().map(Scheme::of)
    }

    /// Whether there is exactly one colon.
    pub(super) fn has_one_colon(&self) -> bool {
        self.text.split(|b| *b == b':').count() == 2
    }
}

pub(super) fn lines(file: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let numbered = file.split(|b| *b == b'\n').zip(1..);
    let lines = numbered.map(|(text, number)| Line { number, text: text.trim_ascii_end() });
    lines.filter(|line| !line.text.is_empty())
}

/// Whether a value is such a file beyond doubt: its first line that is not a comment has a user and
/// a hash of a known scheme.
pub(super) fn is_like(file: &[u8]) -> bool {
    let first = lines(file).find(|line| !line.is_comment());
    first.and_then(|line| line.scheme()).is_some_and(|scheme| scheme != Scheme::Other)
}
