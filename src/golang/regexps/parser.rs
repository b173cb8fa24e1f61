//! From a pattern of Go's to one of the crate `regex`.

use std::fmt::Write as _;

use super::class::Class;
use super::fault::RegexpFault;

/// The largest count of a repetition, and of repetitions in repetitions.
const REPEAT_MAX: u32 = 1000;

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Go's")]
pub(super) struct Flags {
    /// `i`: letters match in any case.
    pub(super) folds: bool,
    /// `m`: `^` and `$` match at every line.
    lines: bool,
    /// `s`: `.` matches a line end.
    dot_all: bool,
    /// `U`: repetitions are lazy, and greedy with `?`.
    lazy: bool,
}

/// What a repetition would repeat.
#[derive(Clone, Copy)]
struct Atom {
    /// How often a part of it is repeated at the most, by counts in counts.
    repeats: u32,
    is_repetition: bool,
}

/// A group that is open; the first one is the whole pattern.
#[derive(Clone, Copy, Default)]
struct Group {
    flags: Flags,
    /// The largest [`Atom::repeats`] in it.
    repeats: u32,
}

pub(super) struct Parser<'p> {
    pub(super) rest: &'p str,
    out: String,
    groups: Vec<Group>,
    atom: Option<Atom>,
}

impl<'p> Parser<'p> {
    pub(super) fn new(pattern: &'p str) -> Self {
        let out = String::with_capacity(pattern.len() * 2);
        Self { rest: pattern, out, groups: vec![Group::default()], atom: None }
    }

    pub(super) fn translate(mut self) -> Result<String, RegexpFault> {
        while let Some(c) = self.next() {
            match c {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.out.push('|');
                    self.atom = None;
                }
                '*' => self.repeat("*", 1)?,
                '+' => self.repeat("+", 1)?,
                '?' => self.repeat("?", 1)?,
                '{' => self.braces()?,
                '[' => self.class()?,
                '.' => self.plain(if self.flags().dot_all { "(?s:.)" } else { "." }),
                '^' => self.plain(if self.flags().lines { "(?m:^)" } else { "\\A" }),
                '$' => self.plain(if self.flags().lines { "(?m:$)" } else { "\\z" }),
                '\\' => self.escape()?,
                c => self.literal(c)?,
            }
        }
        if self.groups.len() == 1 { Ok(self.out) } else { Err(RegexpFault::Parenthesis) }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    pub(super) fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What comes before this text, which is skipped too.
    pub(super) fn until(&mut self, end: &str) -> Option<&'p str> {
        let (before, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(before)
    }

    pub(super) fn flags(&self) -> Flags {
        self.groups.last().copied().unwrap_or_default().flags
    }

    pub(super) fn plain(&mut self, text: &str) {
        self.out.push_str(text);
        self.complete(Atom { repeats: 1, is_repetition: false });
    }

    fn complete(&mut self, atom: Atom) {
        if let Some(group) = self.groups.last_mut() {
            group.repeats = group.repeats.max(atom.repeats);
        }
        self.atom = Some(atom);
    }

    pub(super) fn literal(&mut self, c: char) -> Result<(), RegexpFault> {
        if self.flags().folds && c.is_alphabetic() {
            let mut class = Class::default();
            class.add(c, c);
            return self.set(&class.fold().ok_or(RegexpFault::Unicode)?, false);
        }
        // Writing to a String cannot fail.
        let _ = write!(self.out, "\\x{{{:X}}}", u32::from(c));
        self.plain("");
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "every part of a pattern ends like this")]
    pub(super) fn set(&mut self, class: &Class, is_negated: bool) -> Result<(), RegexpFault> {
        class.write(is_negated, &mut self.out);
        self.plain("");
        Ok(())
    }

    fn open(&mut self) -> Result<(), RegexpFault> {
        let mut flags = self.flags();
        if self.skip("?") {
            let looks_back = self.rest.starts_with("<!") || self.rest.starts_with("<=");
            if !looks_back && (self.skip("P<") || self.skip("<")) {
                let name = self.until(">").ok_or(RegexpFault::GroupName)?;
                let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                if name.is_empty() || !name.bytes().all(is_word) {
                    return Err(RegexpFault::GroupName);
                }
            } else if !self.set_flags(&mut flags)? {
                if let Some(group) = self.groups.last_mut() {
                    group.flags = flags;
                }
                return Ok(());
            }
        }
        self.groups.push(Group { flags, repeats: 1 });
        self.out.push_str("(?:");
        self.atom = None;
        Ok(())
    }

    /// Reads flags, and whether a group follows that they are for.
    fn set_flags(&mut self, flags: &mut Flags) -> Result<bool, RegexpFault> {
        let mut is_set = true;
        let mut count = 0;
        loop {
            let flag = match self.next() {
                Some('i') => &mut flags.folds,
                Some('m') => &mut flags.lines,
                Some('s') => &mut flags.dot_all,
                Some('U') => &mut flags.lazy,
                Some('-') if is_set => {
                    is_set = false;
                    count = 0;
                    continue;
                }
                Some(end @ (':' | ')')) if is_set || count > 0 => return Ok(end == ':'),
                _ => return Err(RegexpFault::Group),
            };
            *flag = is_set;
            count += 1;
        }
    }

    fn close(&mut self) -> Result<(), RegexpFault> {
        let group = self.groups.pop().filter(|_| !self.groups.is_empty());
        let repeats = group.ok_or(RegexpFault::Parenthesis)?.repeats;
        self.out.push(')');
        self.complete(Atom { repeats, is_repetition: false });
        Ok(())
    }

    /// Repeats what comes before, with the largest count.
    fn repeat(&mut self, operator: &str, count: u32) -> Result<(), RegexpFault> {
        let atom = self.atom.ok_or(RegexpFault::NothingToRepeat)?;
        if atom.is_repetition {
            return Err(RegexpFault::RepeatTwice);
        }
        let repeats = atom.repeats.saturating_mul(count.max(1));
        if repeats > REPEAT_MAX {
            return Err(RegexpFault::RepeatCount);
        }
        self.out.push_str(operator);
        if self.skip("?") != self.flags().lazy {
            self.out.push('?');
        }
        self.complete(Atom { repeats, is_repetition: true });
        Ok(())
    }

    /// A count in braces. What does not read as one is literal.
    fn braces(&mut self) -> Result<(), RegexpFault> {
        let counts = self.rest.split_once('}').and_then(|(counts, rest)| {
            let (low, high) = counts.split_once(',').unwrap_or((counts, counts));
            let is_open = high.is_empty() && counts.ends_with(',');
            (is_count(low) && (is_open || is_count(high))).then_some((low, high, rest))
        });
        let Some((low, high, rest)) = counts else { return self.literal('{') };
        self.rest = rest;
        // A number that does not fit is too large as well.
        let number = |digits: &str| digits.parse().unwrap_or(u32::MAX);
        let (first, last) = (number(low), if high.is_empty() { number(low) } else { number(high) });
        if first > last || last > REPEAT_MAX {
            return Err(RegexpFault::RepeatCount);
        }
        let operator = match high {
            "" => format!("{{{first},}}"),
            _ => format!("{{{first},{last}}}"),
        };
        self.repeat(&operator, last)
    }
}

/// Whether it is a number without leading zeros.
fn is_count(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && !text.is_empty() && (text == "0" || !text.starts_with('0'))
}
