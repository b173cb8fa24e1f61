use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What the items of a text set: the last one wins.
fn data(text: &str) -> BTreeMap<String, String> {
    let found = Items::new(text).filter_map(|item| match item {
        Item::Assignment(found) => {
            let value = found.value().as_text().unwrap().to_owned();
            Some((found.key.to_owned(), value))
        }
        Item::Ignored(_) => None,
    });
    found.collect()
}

fn first(text: &str) -> Assignment<'_> {
    match Items::new(text).next() {
        Some(Item::Assignment(found)) => found,
        other => panic!("{text:?}: {other:?}"),
    }
}

#[derive(serde::Deserialize)]
struct Recorded {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    text: String,
    data: BTreeMap<String, String>,
}

#[test]
fn reads_what_the_package_reads() {
    let text = include_str!("../../../tests/fixtures/dotenv.json");
    let recorded: Recorded = serde_json::from_str(text).unwrap();
    assert!(recorded.cases.len() >= 60);
    for case in recorded.cases {
        assert_eq!(data(&case.text), case.data, "{}: {:?}", case.name, case.text);
    }
}

#[test]
fn the_package_loses_one_name_that_is_kept_here() {
    // In JavaScript, `__proto__` of an object is no entry of it.
    assert_eq!(data("__proto__=1\n").len(), 1);
}

#[test]
fn lines_that_are_ignored() {
    let rows: [(&str, &[usize]); 8] = [
        ("A=1\n# c\n\n", &[]),
        ("A\nB=1\n", &[0]),
        ("A=1\n  x y\nB=2", &[6]),
        ("A=\"x\nB=y", &[]),
        ("A={\n  1\n}\n", &[6, 8]),
        ("A='x' y\nz", &[8]),
        ("export\n\nA", &[0, 8]),
        ("A=1\u{2028}z", &[]),
    ];
    for (text, want) in rows {
        let ignored = Items::new(text).filter_map(|item| match item {
            Item::Ignored(at) => Some(at),
            Item::Assignment(_) => None,
        });
        assert_eq!(ignored.collect::<Vec<_>>(), want, "{text:?}");
    }
}

#[test]
fn quotes_that_stay() {
    let rows = [
        ("A=x", false),
        ("A='x'", false),
        ("A='it's'", false),
        ("A=x'", false),
        ("A='x", true),
        ("A='", true),
        ("A='x' y", true),
        ("A=\"x'", true),
        ("A=\"x # y", true),
    ];
    for (text, want) in rows {
        assert_eq!(first(text).keeps_quote(), want, "{text}");
    }
}

#[test]
fn values_that_a_comment_cuts() {
    let rows = [
        ("A=x#y", true),
        ("A=#y", true),
        ("A='x#y", true),
        ("A=x #y", false),
        ("A= #y", false),
        ("A: #y", false),
        ("A='x'#y", false),
        ("A='x#y'", false),
    ];
    for (text, want) in rows {
        assert_eq!(first(text).is_cut(), want, "{text}");
    }
}

#[test]
fn quotes_that_are_escaped() {
    let rows = [
        (r#"A="a\"b""#, true),
        (r"A='a\'b'", true),
        (r"A='\''", true),
        (r#"A='a\"b'"#, false),
        (r#"A=a\"b"#, false),
        (r"A='a\\b'", false),
    ];
    for (text, want) in rows {
        assert_eq!(first(text).escapes_quote(), want, "{text}");
    }
}

#[test]
fn values_on_another_line() {
    let rows = [
        ("A=1", false),
        ("A=\n", false),
        ("A=\nB=1", false),
        ("A:\n\nB=1", false),
        ("export\nA=1", false),
        ("A=' \n1'", false),
        ("A:\nB=1", true),
        ("A:\r\nB=1", true),
        ("A=\n'1'", true),
        ("A\n=1", true),
    ];
    for (text, want) in rows {
        assert_eq!(first(text).is_on_next_line(), want, "{text:?}");
    }
}

/// dotenv-expand 12 gets values without their quotes, and so expands in single quotes too.
#[test]
fn references() {
    let rows = [
        ("A=${B}", true),
        ("A='${B}'", true),
        ("A=\"x${B:-y}z\"", true),
        ("A=`${B}`", true),
        ("A=${${B}", true),
        ("A=$B", false),
        ("A=${}", false),
        ("A=${B", false),
        ("A=${B{}", false),
        ("A=\\${B}", false),
        ("A={B}", false),
    ];
    for (text, want) in rows {
        assert_eq!(first(text).has_reference(), want, "{text}");
    }
}

#[test]
fn lines_that_are_read_as_meant() {
    let rows = [
        ("A=x", false, true),
        ("export A=x", false, true),
        ("A = x", false, true),
        ("A: x", false, true),
        ("1A=x", false, true),
        ("A='x' # y", false, true),
        ("..=x", false, false),
        ("A='x", false, false),
        ("A=x#y", false, false),
        ("A:\nB=1", false, false),
        ("A B=x", false, false),
        ("A\nB=x", false, false),
        ("", false, false),
        ("A='x\ny'", true, true),
        ("A=x \\\ny", true, false),
        ("A='x\ny", true, false),
    ];
    for (text, spans_lines, want) in rows {
        assert_eq!(reads_as_meant(text, spans_lines), want, "{text:?}");
    }
}

/// Where each quote or blank is looked at again for each line, this takes hours.
#[test]
fn long_texts() {
    let parts = [
        "A=\"\\\"\n",
        "A=\"b\nB='c\nC=`d\n",
        "A='\\",
        "A=\"\u{2028}\"x",
        "\u{2028}\"x",
        "export\n",
        "K\n",
        "A: \n",
        "\n",
        " ",
        "${",
        "A=\n",
        "\\\" ",
    ];
    for head in ["", "A=\"", "A=x", "A", "export "] {
        for part in parts {
            let text = head.to_owned() + &part.repeat(300_000 / part.len());
            for item in Items::new(&text) {
                if let Item::Assignment(found) = item {
                    let _ = (found.value(), found.has_reference(), found.escapes_quote());
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn items_are_in_order_and_leave_out_blanks_and_comments_only(
        text in "([A-B=:#'\"`\\\\ nr\n\r\u{2028}\u{feff}]|export |\\$\\{|é){0,40}",
    ) {
        let mut end = 0;
        let without = |part: &str| {
            // After a value, its comment is left.
            let part = part.trim_start_matches(|c| is_blank(c) && !LINE_ENDS.contains(&c));
            let part = if part.starts_with('#') { &part[next_line(part, 0)..] } else { part };
            part.split(LINE_ENDS).all(|line| {
                let line = line.trim_start_matches(is_blank);
                line.is_empty() || line.starts_with('#') || line.starts_with("export")
            })
        };
        for item in Items::new(&text) {
            let (at, next) = match item {
                Item::Assignment(found) => (found.at, found.end),
                Item::Ignored(at) => (at, next_line(&text, at)),
            };
            prop_assert!(at >= end && next > at);
            prop_assert!(without(&text[end..at]), "{text:?}: {:?}", &text[end..at]);
            if let Item::Assignment(found) = item {
                prop_assert!(found.value().len() <= found.raw.len());
            }
            end = next;
        }
        prop_assert!(without(&text[end..]), "{text:?}: {:?}", &text[end..]);
    }

    /// Without quotes, a `:` or a name without a `=`, each line is on its own.
    #[test]
    fn whole_lines_are_read_one_by_one(
        lines in prop::collection::vec(
            "(export )?[A-C]{1,2} ?= ?[a-z #$\\{\\}\\\\=]{0,9}|# [a-z=]{0,5}|[a-z]{0,3} [a-z]{1,3}", 0..9,
        ),
    ) {
        let mut one_by_one = BTreeMap::new();
        for line in &lines {
            one_by_one.extend(data(line));
        }
        prop_assert_eq!(data(&lines.join("\n")), one_by_one.clone());
        prop_assert_eq!(data(&lines.join("\r\n")), one_by_one);
    }
}
