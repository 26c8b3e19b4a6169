//! Queries against posts.

use vigie_model::{Attitude, AuthorId, Language, Media, Network, PostId, Reading, Span, Tone};

use super::*;
use crate::testing::post;

fn phrase(text: &str) -> Query {
    Query::Is(Condition::Phrase(text.into()))
}

fn tag(name: &str) -> Query {
    Query::Is(Condition::Tag(name.into()))
}

fn mention(handle: &str) -> Query {
    Query::Is(Condition::Mention(handle.into()))
}

fn feature(feature: Feature) -> Query {
    Query::Is(Condition::Feature(feature))
}

fn named(query: Query) -> NamedQuery {
    NamedQuery { name: "q".into(), query }
}

#[track_caller]
fn check_post(query: Query, post: &Post, reading: &Reading, expected: bool) {
    let matcher = Matcher::new(&[named(query)]).unwrap();
    assert_eq!(matcher.matches(post, reading).contains(0), expected, "{}", post.text);
}

#[track_caller]
fn check(query: Query, text: &str, expected: bool) {
    check_post(query, &post(text), &Reading::default(), expected);
}

#[test]
fn phrases_are_whole_words_whatever_case_and_accents() {
    check(phrase("à quai"), "Le train est A QUAI !", true);
    check(phrase("a quai"), "Le train est à  quai", true);
    check(phrase("quai"), "les quais", false);
    check(phrase("train"), "entraîner le train", true);
    check(phrase("train"), "entrain", false);
    check(phrase("l'heure"), "À L’HEURE.", true);
    check(phrase("café"), "cafe\u{301} froid", true);
}

#[test]
fn scripts_without_spaces_match_inside() {
    check(phrase("地震"), "大地震発生", true);
    check(phrase("기차"), "기차가 늦어요", true);
    check(phrase("قطار"), "قطار متأخر", true);
    check(phrase("👍"), "super👍🏽", true);
}

#[test]
fn tags_and_mentions_keep_to_their_names() {
    check(tag("DemandezAuCM"), "vu sur #demandezaucm!", true);
    check(tag("demandez"), "#DemandezAuCM", false);
    check(tag("cm"), "un CM sans signe", false);
    check(tag("cm"), "a#cm", false);
    check(mention("railazur"), "merci @RailAzur.", true);
    check(mention("railazur"), "merci @railazur.example", false);
    check(mention("railazur.example"), "merci @railazur.example !", true);
    check(phrase("railazur"), "@railazur", true);
}

#[test]
fn facets_count_where_the_text_is_silent() {
    let mut tagged = post("sans signe");
    tagged.spans.push(Span { start: 0, end: 4, kind: SpanKind::Tag("Été".into()) });
    tagged.spans.push(Span {
        start: 5,
        end: 10,
        kind: SpanKind::Mention(AuthorId::new("bluesky", "did:plc:b")),
    });
    check_post(tag("ete"), &tagged, &Reading::default(), true);
    check_post(mention("did:plc:b"), &tagged, &Reading::default(), true);
    check_post(feature(Feature::Tag), &tagged, &Reading::default(), true);
    check_post(feature(Feature::Mention), &tagged, &Reading::default(), true);
}

#[test]
fn logic_is_plain_logic() {
    let query = || {
        Query::And(vec![
            Query::Or(vec![phrase("train"), phrase("gare")]),
            Query::Not(Box::new(phrase("retard"))),
        ])
    };
    check(query(), "le train arrive", true);
    check(query(), "la gare est belle", true);
    check(query(), "train en retard", false);
    check(query(), "rien", false);
    check(Query::All, "", true);
    check(Query::And(Vec::new()), "x", true);
    check(Query::Or(Vec::new()), "x", false);
}

#[test]
fn conditions_look_at_the_post_and_its_reading() {
    let is = Query::Is;
    let reading = Reading {
        language: Language::from_tag("fr"),
        tone: Tone { attitude: Attitude::Negative, score: -0.5, unsure: false },
        question: true,
        terms: Vec::new(),
        ..Reading::default()
    };
    let mut reply = post("Pourquoi ? https://a.example");
    reply.reply_to = Some(PostId::new("bluesky", "0"));
    reply.media.push(Media {
        kind: MediaKind::Video,
        picture: None,
        size_px: None,
        description: "".into(),
    });
    let unsure = Reading { tone: Tone { unsure: true, ..reading.tone }, ..reading.clone() };
    let negative = || is(Condition::Sentiment(Attitude::Negative));
    check_post(is(Condition::Lang(Language::from_tag("fr"))), &reply, &reading, true);
    check_post(is(Condition::Lang(Language::from_tag("en"))), &reply, &reading, false);
    check_post(is(Condition::Network(Network::new("bluesky"))), &reply, &reading, true);
    check_post(is(Condition::From("@lea.EXAMPLE".into())), &reply, &reading, true);
    check_post(is(Condition::From("lea".into())), &reply, &reading, false);
    check_post(negative(), &reply, &reading, true);
    check_post(negative(), &reply, &unsure, false);
    for (wanted, expected) in [
        (Feature::Reply, true),
        (Feature::Question, true),
        (Feature::Link, true),
        (Feature::Media, true),
        (Feature::Video, true),
        (Feature::Image, false),
        (Feature::Repost, false),
        (Feature::Quote, false),
        (Feature::Edited, false),
        (Feature::Sensitive, false),
    ] {
        check_post(feature(wanted), &reply, &reading, expected);
    }
}

#[test]
fn all_queries_answer_at_once() {
    let queries: Vec<_> = (0..MAX_QUERIES).map(|idx| named(phrase(&format!("mot{idx}")))).collect();
    let matcher = Matcher::new(&queries).unwrap();
    let set = matcher.matches(&post("mot3 mot63, mot0!"), &Reading::default());
    assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63]);
}

#[test]
fn limits_are_errors() {
    let many: Vec<_> = (0..=MAX_QUERIES).map(|_| named(Query::All)).collect();
    assert_eq!(
        Matcher::new(&many).unwrap_err(),
        MatcherError::TooManyQueries { n_queries: MAX_QUERIES + 1 }
    );
    let wordy = Query::Or((0..=MAX_PHRASES).map(|idx| phrase(&format!("w{idx}"))).collect());
    assert_eq!(Matcher::new(&[named(wordy)]).unwrap_err(), MatcherError::TooManyPhrases);
    for empty in [phrase(" \u{200b} "), tag("#"), mention("")] {
        assert_eq!(
            Matcher::new(&[named(empty)]).unwrap_err(),
            MatcherError::EmptyPhrase { query: "q".into() }
        );
    }
    let deep = (0..=MAX_DEPTH).fold(Query::All, |inner, _| Query::Not(Box::new(inner)));
    assert_eq!(
        Matcher::new(&[named(deep)]).unwrap_err(),
        MatcherError::TooDeep { query: "q".into() }
    );
}

proptest::proptest! {
    #[test]
    fn a_word_between_spaces_is_always_found(word in "\\w{1,12}", before in "\\PC*", after in "\\PC*") {
        proptest::prop_assume!(!fold(&word).trim().is_empty());
        let matcher = Matcher::new(&[named(phrase(&word))]).unwrap();
        let text = format!("{before} {word} {after}");
        proptest::prop_assert!(matcher.matches(&post(&text), &Reading::default()).contains(0));
    }
}
