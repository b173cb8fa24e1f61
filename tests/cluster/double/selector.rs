//! Label selectors as the server parses and matches them (apimachinery's `labels.Parse`).

use serde_json::Value;

use super::decode::text;

/// Requirements that all must hold.
#[derive(Debug)]
pub struct Selector(Vec<Requirement>);

#[derive(Debug)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
}

impl Selector {
    pub fn parse(selector: &str) -> Result<Self, String> {
        let words = split(selector);
        let mut words = words.iter().map(String::as_str).peekable();
        let mut requirements = Vec::new();
        loop {
            let key = match words.next() {
                None if requirements.is_empty() => return Ok(Self(requirements)),
                None => return Err("found '', expected: identifier after ','".into()),
                Some("!") => {
                    let key = words.next().unwrap_or_default().to_owned();
                    requirements.push(Requirement { key, test: Test::Missing });
                    if Self::ends(words.next())? {
                        return Ok(Self(requirements));
                    }
                    continue;
                }
                Some(sign) if is_sign(sign) => {
                    return Err(format!(
                        "found '{sign}', expected: !, identifier, or 'end of string'"
                    ));
                }
                Some(key) => key.to_owned(),
            };
            let test = match words.peek().copied() {
                None | Some(",") => Test::Exists,
                Some(operator @ ("=" | "==" | "!=")) => {
                    words.next();
                    let value = words.next_if(|next| !is_sign(next)).unwrap_or_default();
                    let values = vec![value.to_owned()];
                    if operator == "!=" { Test::NotIn(values) } else { Test::In(values) }
                }
                Some(operator @ ("in" | "notin")) => {
                    words.next();
                    if words.next() != Some("(") {
                        return Err("found '', expected: '('".into());
                    }
                    let mut values = Vec::new();
                    loop {
                        match words.next() {
                            Some(")") => break,
                            Some(",") => {}
                            Some(value) => values.push(value.to_owned()),
                            None => return Err("found '', expected: ',' or ')'".into()),
                        }
                    }
                    if operator == "in" { Test::In(values) } else { Test::NotIn(values) }
                }
                Some(other) => {
                    return Err(format!(
                        "unable to parse requirement: found '{other}', expected: in, notin, =, \
                         ==, !=, gt, lt"
                    ));
                }
            };
            requirements.push(Requirement { key, test });
            if Self::ends(words.next())? {
                return Ok(Self(requirements));
            }
        }
    }

    fn ends(next: Option<&str>) -> Result<bool, String> {
        match next {
            None => Ok(true),
            Some(",") => Ok(false),
            Some(other) => Err(format!("found '{other}', expected: ',' or 'end of string'")),
        }
    }

    pub fn matches(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        self.0.iter().all(|one| {
            let value = labels.get(&one.key).map(text);
            match &one.test {
                Test::Exists => value.is_some(),
                Test::Missing => value.is_none(),
                Test::In(values) => value.is_some_and(|it| values.iter().any(|one| one == it)),
                Test::NotIn(values) => !value.is_some_and(|it| values.iter().any(|one| one == it)),
            }
        })
    }
}

fn is_sign(word: &str) -> bool {
    word.starts_with(['=', '!', '(', ')', ',', '<', '>'])
}

fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut glue = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            glue = false;
            continue;
        }
        let sign = is_sign(letter.encode_utf8(&mut [0; 4]));
        let last = words.last_mut();
        match last {
            Some(last) if glue && sign && letter == '=' && (last == "=" || last == "!") => {
                last.push(letter);
            }
            Some(last) if glue && !sign && !is_sign(last) => last.push(letter),
            _ => words.push(letter.to_string()),
        }
        glue = true;
    }
    words
}
