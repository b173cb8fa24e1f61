use super::*;

#[test]
fn reads_what_go_reads() {
    for (text, nanos) in [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("5s", 5_000_000_000),
        ("+5s", 5_000_000_000),
        ("-1.5h", -5_400_000_000_000),
        ("24h", 86_400_000_000_000),
        ("1h2m3s4ms5us6ns", 3_723_004_005_006),
        ("1µs", 1_000),
        ("1μs", 1_000),
        (".5s", 500_000_000),
        ("5.s", 5_000_000_000),
        ("1s.5s", 1_500_000_000),
        ("0.3333333333333333333h", 1_200_000_000_000),
        ("0.100000000000000000000h", 360_000_000_000),
        ("9223372036854775807ns", i64::MAX),
        ("-9223372036854775808ns", i64::MIN),
        ("9007199254740993ns", 9_007_199_254_740_993),
        ("000000000000000000000000001s", 1_000_000_000),
    ] {
        assert_eq!(parse_duration(text), Ok(GoDuration(nanos)), "{text}");
    }
}

#[test]
fn refuses_the_rest_in_gos_words() {
    for (text, said) in [
        ("", r#"time: invalid duration """#),
        ("x", r#"time: invalid duration "x""#),
        ("-", r#"time: invalid duration "-""#),
        (".", r#"time: invalid duration ".""#),
        (".s", r#"time: invalid duration ".s""#),
        ("--1s", r#"time: invalid duration "--1s""#),
        (" 1s", r#"time: invalid duration " 1s""#),
        ("5", r#"time: missing unit in duration "5""#),
        ("1s5", r#"time: missing unit in duration "1s5""#),
        ("00", r#"time: missing unit in duration "00""#),
        ("1d", r#"time: unknown unit "d" in duration "1d""#),
        ("1s ", r#"time: unknown unit "s " in duration "1s ""#),
        ("1S", r#"time: unknown unit "S" in duration "1S""#),
        ("1h-2m", r#"time: unknown unit "h-" in duration "1h-2m""#),
        ("1é\n\"", r#"time: unknown unit "\xc3\xa9\x0a\"" in duration "1\xc3\xa9\x0a\"""#),
        ("9223372036854775808ns", r#"time: invalid duration "9223372036854775808ns""#),
        ("99999999999999999999", r#"time: invalid duration "99999999999999999999""#),
        ("9223372037s", r#"time: invalid duration "9223372037s""#),
        ("2562047h60m", r#"time: invalid duration "2562047h60m""#),
    ] {
        assert_eq!(parse_duration(text).map_err(|e| e.to_string()), Err(said.to_owned()));
    }
}

#[test]
fn reads_what_go_writes() {
    for (nanos, text) in [
        (0, "0s"),
        (1, "1ns"),
        (-999, "-999ns"),
        (1_100, "1.1µs"),
        (2_200_000, "2.2ms"),
        (3_300_000_000, "3.3s"),
        (60_000_000_000, "1m0s"),
        (245_000_000_000, "4m5s"),
        (86_400_000_000_000, "24h0m0s"),
        (3_600_000_000_001, "1h0m0.000000001s"),
        (i64::MAX, "2562047h47m16.854775807s"),
        (i64::MIN, "-2562047h47m16.854775808s"),
    ] {
        assert_eq!(parse_duration(text), Ok(GoDuration(nanos)), "{text}");
    }
}

#[test]
fn reads_a_request_timeout() {
    for (text, nanos) in [
        ("", 0),
        ("0", 0),
        ("5", 5_000_000_000),
        ("+5", 5_000_000_000),
        ("2m", 120_000_000_000),
        ("-1s", -1_000_000_000),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(parse_request_timeout(text), Ok(GoDuration(nanos)), "{text}");
    }
    for text in ["-1", "x", "5.5", "0x5", "1_0", "1d", " 5", "99999999999999999999"] {
        assert_eq!(parse_request_timeout(text), Err(TimeoutError), "{text}");
    }
}
