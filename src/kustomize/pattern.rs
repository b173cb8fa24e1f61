//! Regular expressions of selectors, which match a whole text.
//!
//! A pattern becomes a program of steps, of which all that are possible are followed at once: the
//! time is that of the text by that of the pattern, whatever the pattern is.

/// The most steps of a program.
const STEPS_MAX: usize = 10_000;
/// How deep groups may be nested.
const DEPTH_MAX: usize = 50;

/// A pattern that is ready to match.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    /// A character of one of these ranges, or of none of them.
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
    Start,
    End,
    Split(usize, usize),
    Jump(usize),
    Match,
}

/// The pattern is not valid, or has what is not implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoPattern;

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self, NoPattern> {
        let mut parser = Parser { rest: text.chars().peekable(), steps: Vec::new() };
        parser.alternatives(0)?;
        if parser.rest.next().is_some() {
            return Err(NoPattern);
        }
        parser.push(Step::Match)?;
        Ok(Self(parser.steps))
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let mut now = vec![false; self.0.len()];
        let mut next = now.clone();
        let mut left = text.chars();
        let mut is_start = true;
        self.follow(0, is_start, text.is_empty(), &mut now);
        loop {
            let Some(c) = left.next() else {
                return now.last().copied().unwrap_or_default();
            };
            let is_end = left.as_str().is_empty();
            is_start = false;
            next.fill(false);
            for (at, _) in now.iter().enumerate().filter(|(_, is_on)| **is_on) {
                if let Step::Class { ranges, is_negated } = &self.0[at] {
                    let is_in = ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
                    if is_in != *is_negated {
                        self.follow(at + 1, is_start, is_end, &mut next);
                    }
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
    }

    /// Marks a step, and those that follow it without a character.
    fn follow(&self, at: usize, is_start: bool, is_end: bool, marked: &mut [bool]) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut marked[at], true) {
                continue;
            }
            match self.0[at] {
                Step::Start if is_start => open.push(at + 1),
                Step::End if is_end => open.push(at + 1),
                Step::Jump(to) => open.push(to),
                Step::Split(one, other) => open.extend([one, other]),
                Step::Start | Step::End | Step::Class { .. } | Step::Match => {}
            }
        }
    }
}

struct Parser<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    steps: Vec<Step>,
}

impl Parser<'_> {
    fn push(&mut self, step: Step) -> Result<(), NoPattern> {
        if self.steps.len() >= STEPS_MAX {
            return Err(NoPattern);
        }
        self.steps.push(step);
        Ok(())
    }

    fn alternatives(&mut self, depth: usize) -> Result<(), NoPattern> {
        if depth > DEPTH_MAX {
            return Err(NoPattern);
        }
        let mut ends = Vec::new();
        loop {
            let start = self.steps.len();
            self.sequence(depth)?;
            if self.rest.next_if_eq(&'|').is_none() {
                break;
            }
            // The way to the next alternative is put before this one, whose jumps move by one.
            self.insert_at(start, Step::Jump(0))?;
            ends.push(self.steps.len());
            self.push(Step::Jump(0))?;
            self.steps[start] = Step::Split(start + 1, self.steps.len());
        }
        let end = self.steps.len();
        for at in ends {
            self.steps[at] = Step::Jump(end);
        }
        Ok(())
    }

    /// Inserts a step; jumps to what moves follow it.
    fn insert_at(&mut self, at: usize, step: Step) -> Result<(), NoPattern> {
        self.push(Step::Match)?;
        self.steps.pop();
        self.steps.insert(at, step);
        let moved = |to: usize| if to >= at { to + 1 } else { to };
        for step in &mut self.steps[at + 1..] {
            match step {
                Step::Jump(to) => *to = moved(*to),
                Step::Split(one, other) => (*one, *other) = (moved(*one), moved(*other)),
                _ => {}
            }
        }
        Ok(())
    }

    fn sequence(&mut self, depth: usize) -> Result<(), NoPattern> {
        while let Some(c) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let start = self.steps.len();
            match c {
                '(' => {
                    if self.rest.next_if_eq(&'?').is_some() && self.rest.next() != Some(':') {
                        return Err(NoPattern);
                    }
                    self.alternatives(depth + 1)?;
                    if self.rest.next() != Some(')') {
                        return Err(NoPattern);
                    }
                }
                '[' => self.class()?,
                '.' => self.push(Step::Class { ranges: vec![('\n', '\n')], is_negated: true })?,
                '^' => self.push(Step::Start)?,
                '$' => self.push(Step::End)?,
                '\\' => {
                    let (ranges, is_negated) = self.escape()?;
                    self.push(Step::Class { ranges, is_negated })?;
                }
                '*' | '+' | '?' => return Err(NoPattern),
                c => self.push(Step::Class { ranges: vec![(c, c)], is_negated: false })?,
            }
            self.repeat(start)?;
        }
        Ok(())
    }

    /// `*`, `+`, `?` and `{from,to}` after what begins at a step.
    fn repeat(&mut self, start: usize) -> Result<(), NoPattern> {
        match self.rest.peek() {
            Some('*') => {
                self.insert_at(start, Step::Jump(0))?;
                self.push(Step::Jump(start))?;
                self.steps[start] = Step::Split(start + 1, self.steps.len());
            }
            Some('+') => {
                let after = self.steps.len() + 1;
                self.push(Step::Split(start, after))?;
            }
            Some('?') => {
                self.insert_at(start, Step::Jump(0))?;
                self.steps[start] = Step::Split(start + 1, self.steps.len());
            }
            Some('{') => return self.counted(start),
            _ => return Ok(()),
        }
        self.rest.next();
        // Which way is tried first makes no difference to whether a text matches.
        self.rest.next_if_eq(&'?');
        match self.rest.peek() {
            Some('*' | '+' | '?' | '{') => Err(NoPattern),
            _ => Ok(()),
        }
    }

    fn counted(&mut self, start: usize) -> Result<(), NoPattern> {
        let mut inner = String::new();
        self.rest.next();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(c) => inner.push(c),
                None => return Err(NoPattern),
            }
        }
        let number =
            |text: &str| text.parse::<usize>().ok().filter(|n| *n <= 1000).ok_or(NoPattern);
        let (from, to) = match inner.split_once(',') {
            None => (number(&inner)?, Some(number(&inner)?)),
            Some((from, "")) => (number(from)?, None),
            Some((from, to)) => (number(from)?, Some(number(to)?)),
        };
        if to.is_some_and(|to| to < from) {
            return Err(NoPattern);
        }
        let once = self.steps.split_off(start);
        for _ in 0..from {
            self.copy(&once, start)?;
        }
        match to {
            None => {
                let begin = self.steps.len();
                self.push(Step::Match)?;
                self.copy(&once, start)?;
                self.push(Step::Jump(begin))?;
                self.steps[begin] = Step::Split(begin + 1, self.steps.len());
            }
            Some(to) => {
                for _ in from..to {
                    let begin = self.steps.len();
                    self.push(Step::Match)?;
                    self.copy(&once, start)?;
                    self.steps[begin] = Step::Split(begin + 1, self.steps.len());
                }
            }
        }
        Ok(())
    }

    /// Appends steps that were made for another place.
    fn copy(&mut self, steps: &[Step], made_for: usize) -> Result<(), NoPattern> {
        let by = self.steps.len() - made_for;
        for step in steps {
            self.push(match step {
                Step::Jump(to) => Step::Jump(to + by),
                Step::Split(one, other) => Step::Split(one + by, other + by),
                other => other.clone(),
            })?;
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), NoPattern> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let c = self.rest.next().ok_or(NoPattern)?;
            let from = match c {
                ']' if !ranges.is_empty() => break,
                '[' if self.rest.peek() == Some(&':') => return Err(NoPattern),
                '\\' => {
                    let (mut escaped, negated) = self.escape()?;
                    if negated {
                        return Err(NoPattern);
                    }
                    if let [(one, other)] = escaped[..]
                        && one == other
                    {
                        one
                    } else {
                        ranges.append(&mut escaped);
                        continue;
                    }
                }
                c => c,
            };
            if self.rest.next_if_eq(&'-').is_none() {
                ranges.push((from, from));
                continue;
            }
            match self.rest.peek() {
                Some(']') => ranges.extend([(from, from), ('-', '-')]),
                Some('\\' | '[') | None => return Err(NoPattern),
                Some(to) if *to < from => return Err(NoPattern),
                Some(to) => {
                    ranges.push((from, *to));
                    self.rest.next();
                }
            }
        }
        self.push(Step::Class { ranges, is_negated })
    }

    fn escape(&mut self) -> Result<(Vec<(char, char)>, bool), NoPattern> {
        let c = self.rest.next().ok_or(NoPattern)?;
        let ranges = match c.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')],
            _ if c.is_ascii_punctuation() => return Ok((vec![(c, c)], false)),
            _ => return Err(NoPattern),
        };
        Ok((ranges, c.is_ascii_uppercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        let rows = [
            ("", "", true),
            ("a", "ab", false),
            ("a.*", "abc", true),
            ("a|bc|d", "bc", true),
            ("a|bc|d", "abc", false),
            ("(a|b)+-x?", "abba-", true),
            ("(a|b)+-x?", "-", false),
            ("db-[a-c0-9]{2,3}", "db-a9", true),
            ("db-[a-c0-9]{2,3}", "db-a9bb", false),
            ("x{2,}", "xxxx", true),
            ("x{2,}", "x", false),
            ("x{3}", "xxx", true),
            ("[^-]+", "a-b", false),
            ("[a-]+", "a-a", true),
            (r"\d+\.\w*", "12.a_", true),
            (r"\D+", "1", false),
            ("^a$", "a", true),
            ("a^", "a", false),
            ("(?:ab)*", "abab", true),
            ("(ab*c|d)*e", "abbcdace", true),
            (".*?b", "aab", true),
            ("()", "", true),
        ];
        for (pattern, text, want) in rows {
            assert_eq!(Pattern::new(pattern).unwrap().matches(text), want, "{pattern} {text}");
        }
    }

    #[test]
    fn no_patterns() {
        for pattern in
            ["(", ")", "*", "a**", "[", "[]", "a{2", "a{2,1}", "(?P<x>a)", r"\p", "[b-a]"]
        {
            assert_eq!(Pattern::new(pattern).unwrap_err(), NoPattern, "{pattern}");
        }
        let deep = "(".repeat(10_000);
        assert_eq!(Pattern::new(&deep).unwrap_err(), NoPattern);
        assert_eq!(Pattern::new("((a{1000}){1000}){1000}").unwrap_err(), NoPattern);
    }
}
