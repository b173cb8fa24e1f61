use super::*;

#[test]
fn patterns_match_what_they_match_in_go() {
    let rows = [
        (r"^k8s/", "k8s/db.yaml", true),
        (r"8s.d", "k8s/db.yaml", true),
        (r"yaml$", "k8s/db.yaml", true),
        (r"^db", "k8s/db.yaml", false),
        (r"^(data|stringData)$", "stringData", true),
        (r"^(data|stringData)$", "metadata", false),
        (r"", "anything", true),
        (r".", "\n", false),
        (r"(?s).", "\n", true),
        (r"^b$", "a\nb", false),
        (r"(?m)^b$", "a\nb", true),
        (r"^.$", "é", true),
        (r"^é+$", "éé", true),
        (r"^[é-ü]$", "ö", true),
        (r"(?i)^k", "\u{212a}", true),
        (r"(?i)^[r-t]$", "\u{17f}", true),
        (r"(?i:A)b", "ab", true),
        (r"(?i:A)b", "aB", false),
        (r"(a(?i)b)c", "aBc", true),
        (r"(a(?i)b)c", "aBC", false),
        (r"(?i-i)A", "a", false),
        (r"^\d$", "\u{0663}", false),
        (r"^\D$", "\u{0663}", true),
        (r"^\w$", "é", false),
        (r"^[\W]$", "é", true),
        (r"^\s$", "\u{b}", false),
        (r"^[[:space:]]$", "\u{b}", true),
        (r"^[[:^alpha:]]$", "1", true),
        (r"^[^[:alpha:]\d]$", "1", false),
        (r"\bé", "aé", true),
        (r"\B", "1éx", false),
        (r"^a(?i)*$", "aa", true),
        (r"[a&&b]", "&", true),
        (r"^[[a]$", "[", true),
        (r"^[]a]$", "]", true),
        (r"^[^]a]$", "]", false),
        (r"^[a-]$", "-", true),
        (r"^[a-b-c]$", "-", true),
        (r"^[--a]$", "0", true),
        (r"^[\-a]$", "-", true),
        (r"^\Qa.b\E+$", "a.bb", true),
        (r"\Qa.b", "axb", false),
        (r"\101\x41\x{41}\0", "AAA\0", true),
        (r"\<a\_\.", "<a_.", true),
        (r"a{,5}", "a{,5}", true),
        (r"x{01}", "x{01}", true),
        (r"a{", "a{", true),
        (r"^a{2,3}$", "aa", true),
        (r"^(?:a{2,})?$", "aaaa", true),
        (r"(?P<1>a)(?<b>b)(?<b>c)", "abc", true),
        (r"^*$*\b+^{2}()*(|a)+", "a", true),
    ];
    for (pattern, text, want) in rows {
        let regex = compile(pattern).unwrap_or_else(|fault| panic!("{pattern}: {fault}"));
        assert_eq!(regex.is_match(text), want, "{pattern} in {text}");
    }
}

#[test]
fn what_go_refuses() {
    use RegexpFault as F;
    let rows = [
        (F::Parenthesis, &["(", "a)", "(()"][..]),
        (F::Class, &["[a", "[", "[]", "[z-a]", "[a-"]),
        (F::ClassName, &["[[:foo:]]"]),
        (
            F::Escape,
            &[
                r"\",
                r"\8",
                r"\1",
                r"\u0041",
                r"\Z",
                r"\C",
                r"\é",
                r"\E",
                r"\x4",
                r"\x{}",
                r"[\b]",
                r"\x{110000}",
                r"[a-\d]",
                r"[\Q]",
            ],
        ),
        (F::Group, &["(?!x)", "(?<!x)", "(?=x)", "(?x)a", "(?#c)", "(?>a)", "(?P=n)", "(?i-)a"]),
        (F::GroupName, &["(?P<>a)", "(?P<a b>c)", "(?P<n"]),
        (F::NothingToRepeat, &["*", "+a", "(*)", "a|?", "{2}"]),
        (F::RepeatCount, &["x{1001}", "x{2,1}", "(x{100}){11}", "x{99999999999}"]),
        (F::RepeatTwice, &["a**", "a+??", "a{2}{3}", "a*+"]),
        (F::Unicode, &[r"\pL", r"[\P{Greek}]", "(?i)é"]),
    ];
    for (want, patterns) in rows {
        for pattern in patterns {
            assert_eq!(compile(pattern).err(), Some(want), "{pattern}");
        }
    }
}
