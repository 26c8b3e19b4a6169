//! Texts in, pieces, rows and letters out.

use super::*;

fn cut(text: &str) -> Vec<(PieceKind, String, String)> {
    let mut features = Features::new();
    features.trace(text, []);
    assert_eq!(features.origins().len(), features.rows().len());
    features
        .pieces()
        .iter()
        .map(|piece| {
            let source = text.get(piece.source()).expect("borders").to_owned();
            (piece.kind, features.spelling(piece).to_owned(), source)
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(PieceKind, &str)]) {
    let found = cut(text);
    let found: Vec<_> = found.iter().map(|(kind, folded, _)| (*kind, folded.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn cuts_at_what_readers_see() {
    use PieceKind::{
        Emoji, Emoticon, Exclamation, Link, Mention, Number, Question, Stop, Tag, TagPart,
        Unspaced, Word,
    };
    check(
        "L’Été du #tgv_2 @Rail.Azur??",
        &[
            (Word, "l"),
            (Word, "ete"),
            (Word, "du"),
            (Tag, "#tgv_2"),
            (TagPart, "tgv"),
            (Mention, "@rail.azur"),
            (Question, "??"),
        ],
    );
    check("Don’t, 42!", &[(Word, "don't"), (Stop, ","), (Number, "42"), (Exclamation, "!")]);
    check(
        "voir HTTPS://a.Example/b 🚆",
        &[(Word, "voir"), (Link, "https://a.example/b"), (Emoji, "🚆")],
    );
    check("# @ -", &[]);
    check("@nom. fin", &[(Mention, "@nom"), (Stop, "."), (Word, "fin")]);
    check(
        "#JeSuisParis",
        &[(Tag, "#jesuisparis"), (TagPart, "je"), (TagPart, "suis"), (TagPart, "paris")],
    );
    check("電車が", &[(Unspaced, "電車が")]);
    check("ok :-) 👍🏽", &[(Word, "ok"), (Emoticon, ": )"), (Emoji, "👍")]);
    check("❤️❤️", &[(Emoji, "❤❤")]);
    check("e\u{301}te\u{301}", &[(Word, "ete")]);
    check("http t.co", &[(Link, "http"), (Word, "t"), (Stop, "."), (Word, "co")]);
}

#[test]
fn pieces_know_where_they_stand() {
    let found = cut("Ça, #ÉtéÀNice !!");
    let sources: Vec<_> = found.iter().map(|(_, _, source)| source.as_str()).collect();
    assert_eq!(sources, ["Ça", ",", "#ÉtéÀNice", "Été", "ÀNice", "!!"]);
}

#[test]
fn rows_are_each_once_and_the_same_with_and_without_trace() {
    let text = "Je ne suis PAS contennnnnt du tout du tout du tout :( #honte";
    let mut features = Features::new();
    features.read(text, ["Été"]);
    let rows = features.rows().to_vec();
    let mut sorted = rows.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), rows.len());
    assert!(rows.iter().all(|row| (*row as usize) < N_ROWS));
    features.trace(text, ["Été"]);
    let mut traced = features.rows().to_vec();
    traced.sort_unstable();
    assert_eq!(traced, sorted);
    let negated = |origin: &&Origin| origin.kind == RowKind::Negated;
    let mut negated =
        features.origins().iter().filter(negated).map(|origin| features.source(origin));
    assert!(negated.any(|range| text.get(range) == Some("PAS contennnnnt")));
}

#[test]
fn rows_stay_what_the_weights_were_trained_for() {
    let mut features = Features::new();
    features.trace("Ça va bien, 2 trains :) 😡 #TGV", []);
    let sum = features.rows().iter().fold(0_u64, |sum, row| sum * 31 % 1_000_003 + u64::from(*row));
    // Where this changes for another reason than `ROW_BITS`, `REVISION` must change, and all weights be trained again.
    assert_eq!((features.rows().len(), sum, REVISION), (55, 432_751, 2));
}

#[test]
fn letters_are_those_of_words_or_else_of_tags() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut features = Features::new();
        features.read(text, []);
        assert_eq!(features.letters().iter().collect::<String>(), expected);
    }
    check("L’Été 2024 @nom #Tag 😡 https://a.example", " l été ");
    check("DON'T stop", " don't stop ");
    check("#JeSuisÉmu", "je suis ému ");
    check("电车 ok", " 电车 ok ");
}

#[test]
fn texts_at_the_border_of_the_fast_way_have_the_same_rows() {
    let mut features = Features::new();
    for n_words in 60..140 {
        for word in ["abcdefg", "a", "été", "soooo", "don't", "b_2"] {
            let text: String = (0..n_words).map(|idx| format!("{word}{} ", idx % 90)).collect();
            features.read(&text, []);
            let mut rows = features.rows().to_vec();
            features.trace(&text, []);
            let mut traced = features.rows().to_vec();
            rows.sort_unstable();
            traced.sort_unstable();
            assert!(rows == traced, "{n_words} times {word}");
        }
    }
}

#[test]
fn hostile_texts_are_bounded() {
    let mut features = Features::new();
    let zalgo: String = std::iter::repeat_n("a\u{301}\u{302}\u{489}", 5_000).collect();
    let texts = [
        String::new(),
        "a".repeat(10_000),
        "é".repeat(100_000),
        "電".repeat(10_000),
        zalgo,
        "!".repeat(10_000),
        "#".repeat(10_000),
        ":)".repeat(10_000),
        "@a".repeat(10_000),
        "\u{0}\u{1}\u{7f}".repeat(1_000),
        (0..10_000).map(|idx| format!("mot{idx} ")).collect(),
    ];
    for text in &texts {
        features.read(text, []);
        let n_rows = features.rows().len();
        features.trace(text, []);
        assert_eq!(features.rows().len(), n_rows);
        assert!(features.rows().len() <= MAX_ROWS && features.pieces().len() <= MAX_PIECES + 9);
        assert!(features.letters().len() <= 2 * MAX_LETTERS);
        assert!(features.folded().len() <= 3 * MAX_READ_BYTES);
    }
}

/// Texts that try every turn of the fast ways: words of ASCII and not, drawn out, cut by apostrophes, long.
const TURNS: &str = "([a-zA-Z]{1,9}|[0-9_]{1,4}|[a-zé]{1,6}|[nN]['’][tT]?|(a|é|o|N){1,40}|[ \\t\n]{1,2}|[.,!?#@'’:;()-]|\
                     #[A-Z][a-z]{1,5}[A-Z][a-z]{1,5}|https?://[a-z./]{0,9}|:-?\\)|<3|\u{200b}|\u{301}|\u{1f621}|電車|[а-я]{1,6}){0,60}";

proptest::proptest! {
    #[test]
    fn the_fast_way_gives_the_rows_of_the_plain_one(text in TURNS, tag in "[a-zA-Zé]{0,9}") {
        let mut features = Features::new();
        let mut sorted = |traces: bool| {
            if traces {
                features.trace(&text, [tag.as_str()]);
            } else {
                features.read(&text, [tag.as_str()]);
            }
            let mut rows = features.rows().to_vec();
            rows.sort_unstable();
            rows
        };
        proptest::prop_assert_eq!(sorted(false), sorted(true));
    }

    #[test]
    fn words_are_folded_as_queries_are(text in TURNS) {
        let mut features = Features::new();
        features.read(&text, []);
        let mut end = 0;
        for piece in features.pieces().iter().filter(|piece| piece.kind == PieceKind::Word) {
            let source = text.get(piece.source()).unwrap_or_default();
            proptest::prop_assert_eq!(features.spelling(piece), crate::fold(source));
            proptest::prop_assert!(piece.source().start >= end);
            end = piece.source().end;
        }
    }

    #[test]
    fn any_text_is_cut_into_pieces_of_itself(text in "\\PC*") {
        let mut features = Features::new();
        features.read(&text, []);
        for piece in features.pieces() {
            proptest::prop_assert!(text.get(piece.source()).is_some());
        }
    }
}
