//! The chains that `tests/conformance/chains.py` makes, judged at a fixed time. kubectl judges them
//! alike, but for the rows that are marked.

use std::time::Duration;

use rustls::pki_types::{CertificateDer, UnixTime};

use super::certificate::Certificate;
use super::{algorithms, path, roots};
use crate::material::der::Reader;

static CHAINS: &[u8] = include_bytes!("../../../tests/fixtures/chains.der");
static VERDICTS: &str = include_str!("../../../tests/fixtures/chains.txt");

const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_796_083_200));

struct Row {
    name: String,
    host: String,
    sent: Vec<CertificateDer<'static>>,
    trusted: Vec<Vec<u8>>,
}

fn rows() -> Vec<Row> {
    let text = |reader: &mut Reader<'_>| {
        let (_, text) = reader.any().unwrap();
        String::from_utf8(text.to_vec()).unwrap()
    };
    let certificates = |reader: &mut Reader<'_>| {
        let mut list = reader.sequence().unwrap();
        let next = || list.raw().filter(|one| !one.is_empty()).map(<[u8]>::to_vec);
        std::iter::from_fn(next).collect::<Vec<_>>()
    };
    let mut all = Reader::new(CHAINS).sequence().unwrap();
    let mut rows = Vec::new();
    while let Some(mut row) = all.sequence() {
        let (name, host) = (text(&mut row), text(&mut row));
        let sent = certificates(&mut row).into_iter().map(CertificateDer::from).collect();
        rows.push(Row { name, host, sent, trusted: certificates(&mut row) });
    }
    rows
}

fn judge(row: &Row) -> String {
    if let Err(error) = path::check(&row.sent, &roots(&row.trusted), &row.host, NOW) {
        return error.to_string();
    }
    let leaf = Certificate::parse(&row.sent[0]).unwrap();
    leaf.unsupported_key().map_or("trusted".to_owned(), |key| format!("key: {key}"))
}

#[test]
fn chains() {
    let rows = rows();
    let judged = rows
        .iter()
        .fold(String::new(), |all, row| all + &format!("{}: {}\n", row.name, judge(row)));
    #[expect(clippy::disallowed_methods, reason = "the table is written on request")]
    if std::env::var_os("BLESS").is_some() {
        std::fs::write("tests/fixtures/chains.txt", &judged).unwrap();
    }
    similar(&judged, VERDICTS);
    assert!(rows.len() > 200, "{}", rows.len());
}

fn similar(judged: &str, wanted: &str) {
    for (judged, wanted) in judged.lines().zip(wanted.lines()) {
        assert_eq!(judged, wanted);
    }
    assert_eq!(judged.lines().count(), wanted.lines().count());
}

/// What rustls-webpki says of a row with all that was sent and all that is trusted.
fn webpki_takes(row: &Row) -> bool {
    let Some((leaf, intermediates)) = row.sent.split_first() else { return false };
    let trusted: Vec<_> =
        row.trusted.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let anchors: Vec<_> =
        trusted.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok()).collect();
    let Ok(leaf) = webpki::EndEntityCert::try_from(leaf) else { return false };
    leaf.verify_for_usage(
        algorithms::ALL,
        &anchors,
        intermediates,
        NOW,
        path::ForServers,
        None,
        None,
    )
    .is_ok()
}

/// Whether a row is one of the two that rustls-webpki is not asked about.
fn is_exception(row: &Row) -> bool {
    let is_trusted = row.trusted.iter().any(|der| der.as_slice() == row.sent[0].as_ref());
    is_trusted || Certificate::parse(&row.sent[0]).is_ok_and(|leaf| leaf.is_authority())
}

/// A small generator, always from the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(count).unwrap()).unwrap()
    }
}

/// Chains put together of the certificates of all rows, most of which are of the same few keys and
/// names, some with a bit changed: what is trusted, rustls-webpki trusts too.
#[test]
fn what_is_trusted_webpki_trusts_too() {
    // Others are slow without optimization, and differ in nothing but their signatures.
    let mut rows = rows();
    rows.retain(|row| !row.name.contains("p521") && !row.name.contains("sha512"));
    let mut sent: Vec<_> = rows.iter().flat_map(|row| row.sent.clone()).collect();
    sent.dedup();
    let leaves: Vec<_> = rows.iter().map(|row| (row.host.clone(), row.sent[0].clone())).collect();
    let mut trusted: Vec<_> = rows.iter().flat_map(|row| row.trusted.clone()).collect();
    trusted.dedup();
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let (mut taken, mut exceptions) = (0, 0);
    for number in 0..10_000 {
        let (host, leaf) = leaves[draw.below(leaves.len())].clone();
        let mut row = Row { name: String::new(), host, sent: vec![leaf], trusted: Vec::new() };
        for _ in 0..draw.below(4) {
            row.sent.push(sent[draw.below(sent.len())].clone());
        }
        for _ in 0..=draw.below(3) {
            row.trusted.push(trusted[draw.below(trusted.len())].clone());
        }
        if draw.below(4) == 0 {
            let at = draw.below(row.sent.len());
            let mut der = row.sent[at].to_vec();
            let place = draw.below(der.len());
            der[place] ^= 1 << draw.below(8);
            row.sent[at] = CertificateDer::from(der);
        }
        if path::check(&row.sent, &roots(&row.trusted), &row.host, NOW).is_ok() {
            taken += 1;
            if is_exception(&row) {
                exceptions += 1;
            } else {
                assert!(webpki_takes(&row), "chain {number}");
            }
        }
    }
    assert!(taken - exceptions > 500 && exceptions > 50, "{taken} {exceptions}");
}
