//! The known word that a mistyped one was meant for.

/// How alike two words are at the least, by Jaro and Winkler.
const LIKENESS: f64 = 0.85;

/// The known word that is nearest to a mistyped one, if any is near.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|known| (strsim::jaro_winkler(word, known), known));
    let best = near.filter(|(score, _)| *score > LIKENESS).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, word)| word)
}
