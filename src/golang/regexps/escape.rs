//! Escape sequences, and classes in brackets.

use super::class::Class;
use super::fault::RegexpFault;
use super::parser::Parser;

impl<'p> Parser<'p> {
    pub(super) fn escape(&mut self) -> Result<(), RegexpFault> {
        match self.rest.chars().next() {
            Some('A' | 'z' | 'b' | 'B') => {
                let of_ascii = match self.next() {
                    Some('A') => "\\A",
                    Some('z') => "\\z",
                    Some('b') => "(?-u:\\b)",
                    _ => "(?-u:\\B)",
                };
                self.plain(of_ascii);
                Ok(())
            }
            Some('Q') => {
                let quoted = self.rest.split_once("\\E");
                let (text, rest) = quoted.unwrap_or((self.rest, ""));
                self.rest = rest;
                text[1..].chars().try_for_each(|c| self.literal(c))
            }
            Some('p' | 'P') => Err(RegexpFault::Unicode),
            Some(letter @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                self.next();
                let class = Class::perl(letter, self.flags().folds);
                self.set(&class.ok_or(RegexpFault::Escape)?, false)
            }
            _ => {
                let c = self.escaped()?;
                self.literal(c)
            }
        }
    }

    /// The character that an escape sequence is, after the backslash.
    fn escaped(&mut self) -> Result<char, RegexpFault> {
        let code = match self.next().ok_or(RegexpFault::Escape)? {
            c @ '0'..='7' => self.octal(c).ok_or(RegexpFault::Escape)?,
            'x' => {
                let digits = if self.skip("{") { self.until("}") } else { self.two_digits() };
                let is_hex = |text: &&str| text.bytes().all(|b| b.is_ascii_hexdigit());
                let code = digits.filter(is_hex).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                code.ok_or(RegexpFault::Escape)?
            }
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c.into(),
            _ => return Err(RegexpFault::Escape),
        };
        char::from_u32(code).ok_or(RegexpFault::Escape)
    }

    /// At most three digits. One digit that is not 0 would be a reference to a group.
    fn octal(&mut self, first: char) -> Option<u32> {
        let is_digit = |c: char| matches!(c, '0'..='7');
        let more = self.rest.chars().take(2).take_while(|c| is_digit(*c)).count();
        if first != '0' && more == 0 {
            return None;
        }
        let (digits, rest) = self.rest.split_at(more);
        self.rest = rest;
        u32::from_str_radix(&format!("{first}{digits}"), 8).ok()
    }

    fn two_digits(&mut self) -> Option<&'p str> {
        let (digits, rest) = self.rest.split_at_checked(2)?;
        self.rest = rest;
        Some(digits)
    }

    /// A class, after its bracket.
    pub(super) fn class(&mut self) -> Result<(), RegexpFault> {
        let is_negated = self.skip("^");
        let folds = self.flags().folds;
        let mut class = Class::default();
        let mut is_first = true;
        while is_first || !self.skip("]") {
            is_first = false;
            if let Some(named) = self.named_class()? {
                class.extend(&named);
                continue;
            }
            let first = self.class_character()?;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let last = if is_range {
                self.next();
                self.class_character()?
            } else {
                first
            };
            if last < first {
                return Err(RegexpFault::Class);
            }
            let mut range = Class::default();
            range.add(first, last);
            class.extend(&if folds { range.fold().ok_or(RegexpFault::Unicode)? } else { range });
        }
        self.set(&class, is_negated)
    }

    /// `[:alpha:]` or `\d` in a class.
    fn named_class(&mut self) -> Result<Option<Class>, RegexpFault> {
        let folds = self.flags().folds;
        if let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|r| r.split_once(":]")) {
            self.rest = rest;
            return Class::posix(name, folds).map(Some).ok_or(RegexpFault::ClassName);
        }
        let letter = self.rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
        if matches!(letter, Some('p' | 'P')) {
            return Err(RegexpFault::Unicode);
        }
        let class = letter.and_then(|letter| Class::perl(letter, folds));
        if class.is_some() {
            self.rest = &self.rest[2..];
        }
        Ok(class)
    }

    fn class_character(&mut self) -> Result<char, RegexpFault> {
        match self.next().ok_or(RegexpFault::Class)? {
            '\\' => self.escaped(),
            c => Ok(c),
        }
    }
}
