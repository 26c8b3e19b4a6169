//! Any text as a post: it is read without a panic, twice alike, and the fast way to its rows gives those of the plain
//! one.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vigie_analysis::{Features, TermReader, WordFilter, fold};

static TERMS: LazyLock<TermReader> = LazyLock::new(TermReader::new);
static WORDS: LazyLock<WordFilter> = LazyLock::new(WordFilter::new);

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut features = Features::new();
    features.read(&text, []);
    let mut rows = features.rows().to_vec();
    features.trace(&text, []);
    let mut traced = features.rows().to_vec();
    rows.sort_unstable();
    traced.sort_unstable();
    assert_eq!(rows, traced);
    assert_eq!(TERMS.terms(&text), TERMS.terms(&text));
    let folded = fold(&text);
    assert_eq!(WORDS.flags(&folded, "fr").is_empty(), WORDS.hits(&folded, "fr").is_empty());
});
