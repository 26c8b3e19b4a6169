//! Queries: what they mean, what is refused, and that writing and reading are inverse.

use proptest::prelude::*;
use vigie_model::{Attitude, Condition, Feature, Language, Network};

use super::*;

/// The query's meaning with every parenthesis, or its errors with their columns.
fn answer(text: &str) -> String {
    match parse(text, &["bluesky", "feed", "mastodon"]) {
        Ok(query) => shape(&query),
        Err(errors) => errors
            .iter()
            .map(|err| {
                let help = err.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
                let column = err.diagnostic(&"q".into(), text).column;
                format!("{column}: {}{help}", err.message)
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn shape(query: &Query) -> String {
    let list = |parts: &[Query]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
    match query {
        Query::And(parts) => format!("(and {})", list(parts)),
        Query::Or(parts) => format!("(or {})", list(parts)),
        Query::Not(part) => format!("(not {})", shape(part)),
        Query::Is(Condition::Phrase(phrase)) => format!("{:?}", phrase.as_str()),
        Query::All | Query::Is(_) => to_text(query),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(answer(text), expected);
}

#[test]
fn joins_by_their_strength() {
    check("train", r#""train""#);
    check("train retard", r#"(and "train" "retard")"#);
    check("a OR b c", r#"(or "a" (and "b" "c"))"#);
    check("(a OR b) c", r#"(and (or "a" "b") "c")"#);
    check("NOT a b", r#"(and (not "a") "b")"#);
    check("a AND NOT (b OR c)", r#"(and "a" (not (or "b" "c")))"#);
    check("a -b -#c", r#"(and "a" (not "b") (not #c))"#);
    check("a AND b AND c", r#"(and "a" "b" "c")"#);
    check("(a b) c", r#"(and (and "a" "b") "c")"#);
    check("-(a)", r#"(not "a")"#);
    check("((a))", r#""a""#);
    check("*", "*");
}

#[test]
fn reads_every_condition() {
    check(
        "(#DemandezAuCM OR @SNCF) AND lang:fr AND NOT is:repost",
        "(and (or #DemandezAuCM @SNCF) lang:fr (not is:repost))",
    );
    check(r#""à quai" from:@cm.bsky.social"#, r#"(and "à quai" from:cm.bsky.social)"#);
    check("network:Bluesky SENTIMENT:Negative", "(and network:bluesky sentiment:negative)");
    check("has:image has:video has:media", "(and has:image has:video has:media)");
    check("lang:pt-BR lang:und", "(and lang:pt lang:und)");
    check("@user@mastodon.social", "@user@mastodon.social");
    check("“dans le train”", r#""dans le train""#);
    check(r#""say \"hi\"""#, r#""say \"hi\"""#);
    check("c'est aujourd'hui rendez-vous", r#"(and "c'est" "aujourd'hui" "rendez-vous")"#);
    check(r#"lang:"fr""#, "lang:fr");
    check("🚄 東京", r#"(and "🚄" "東京")"#);
}

#[test]
fn names_what_is_wrong_and_where() {
    check("", "1: the query is empty (every post is `*`)");
    check("  ", "1: the query is empty (every post is `*`)");
    check("a OR", "5: the query ends where a term is expected");
    check("a OR OR b", "6: `OR` stands where a term is expected");
    check("AND a", "1: `AND` stands where a term is expected");
    check("(a", "1: this `(` is never closed");
    check("a)", "2: this `)` closes nothing");
    check("()", "2: `)` stands where a term is expected");
    check("é \"a", "3: this quotation mark is never closed");
    check("\" \"", "1: an empty phrase matches nothing");
    check("#", "1: the hashtag has no name");
    check("#a#b", "1: a hashtag holds no `#`, `@` or `:`; separate conditions with a space");
    check("a - b", "3: a lone `-`: it stands right before what it excludes");
    check("a || b", "3: `||` is no operator (write OR)");
    check("lang:", "1: `lang:` needs a value right after it");
}

#[test]
fn offers_the_allowed_values_and_the_nearest() {
    check(
        "lang:french",
        "1: `french` is no language: write its two letters, as in `lang:fr` (did you mean `lang:fr`?)",
    );
    check("lang:xx", "1: `xx` is no language: write its two letters, as in `lang:fr`");
    check(
        "has:vidéo",
        "1: unknown `has:vidéo`; `has:` takes media, image, video, link, tag, mention \
         (did you mean `has:video`?)",
    );
    check(
        "has:reply",
        "1: unknown `has:reply`; `has:` takes media, image, video, link, tag, mention \
         (did you mean `is:reply`?)",
    );
    check(
        "network:blusky",
        "1: unknown network `blusky`; `network:` takes bluesky, feed, mastodon \
         (did you mean `network:bluesky`?)",
    );
    check(
        "sentiment:bad",
        "1: unknown sentiment `bad`; `sentiment:` takes negative, neutral, positive",
    );
    check(
        "sentimant:negative",
        "1: unknown condition `sentimant:`; conditions are from:, has:, is:, lang:, network:, sentiment: \
         (did you mean `sentiment:`?)",
    );
    check(
        "https://sncf.com",
        "1: unknown condition `https:`; conditions are from:, has:, is:, lang:, network:, sentiment: \
         (put text that holds `:` into quotes)",
    );
}

#[test]
fn gives_all_errors_in_one_go() {
    check(
        "lang:xx (#a OR has:foo",
        "1: `xx` is no language: write its two letters, as in `lang:fr`\n\
         9: this `(` is never closed\n\
         16: unknown `has:foo`; `has:` takes media, image, video, link, tag, mention",
    );
}

#[test]
fn operators_in_small_letters_are_doubtful() {
    let doubtful = |text: &str| {
        doubtful_word(text).map(|(span, operator)| (text.get(span).unwrap().to_owned(), operator))
    };
    assert_eq!(doubtful("#a or #b"), Some(("or".to_owned(), "OR")));
    assert_eq!(doubtful("(a et b)"), Some(("et".to_owned(), "AND")));
    assert_eq!(doubtful("a not"), Some(("not".to_owned(), "NOT")));
    assert_eq!(doubtful("a OR \"lost or found\" AND order"), None);
    assert_eq!(doubtful(""), None);
}

#[test]
fn limits_hold() {
    let deep = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(answer(&deep(MAX_QUERY_DEPTH)), r#""a""#);
    check(&deep(MAX_QUERY_DEPTH + 1), "33: a query nests at most 32 deep");
    assert!(answer(&"-".repeat(4_000)).contains("at most 32 deep"));
    assert!(parse(&"a ".repeat(MAX_QUERY_TERMS), &[]).is_ok());
    assert!(answer(&"a ".repeat(MAX_QUERY_TERMS + 1)).contains("at most 512 terms"));
    assert!(answer(&"a".repeat(MAX_QUERY_BYTES + 1)).contains("at most 8192 bytes"));
    assert!(parse(&"lang:xx ".repeat(500), &[]).unwrap_err().len() == MAX_ERRORS);
}

#[test]
fn without_a_list_any_network_goes() {
    assert!(parse("network:vkontakte", &[]).is_ok());
    assert!(parse("network:a/b", &[]).is_err());
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let name = || "[\\p{L}0-9_.]{1,8}";
    prop_oneof![
        "\\PC{0,12}"
            .prop_filter("blank phrases are refused", |text| !text.trim().is_empty())
            .prop_map(|text| Condition::Phrase(text.into())),
        name().prop_map(|tag| Condition::Tag(tag.into())),
        name().prop_map(|user| Condition::Mention(user.into())),
        name().prop_map(|user| Condition::From(user.into())),
        prop::sample::select(vec!["fr", "en", "und"])
            .prop_map(|code| Condition::Lang(Language::from_tag(code))),
        "[a-z]{1,8}".prop_map(|network| Condition::Network(Network::new(network))),
        prop::sample::select(vec![Attitude::Negative, Attitude::Neutral, Attitude::Positive])
            .prop_map(Condition::Sentiment),
        prop::sample::select(Feature::ALL.map(|(_, feature)| feature).to_vec())
            .prop_map(Condition::Feature),
    ]
}

fn any_query() -> impl Strategy<Value = Query> {
    let leaf = prop_oneof![4 => any_condition().prop_map(Query::Is), 1 => Just(Query::All)];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::Or),
            inner.prop_map(|query| Query::Not(Box::new(query))),
        ]
    })
}

proptest! {
    #[test]
    fn a_written_query_reads_back(query in any_query()) {
        let text = to_text(&query);
        prop_assert_eq!(parse(&text, &[]), Ok(query), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|[\\s\"()#@:\\-]|AND |OR |NOT |lang:|is:){0,60}") {
        match parse(&text, &[]) {
            Ok(query) => prop_assert_eq!(parse(&to_text(&query), &[]), Ok(query)),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for err in errors {
                    prop_assert!(text.get(err.span.clone()).is_some(), "{:?}", err.span);
                }
            }
        }
    }
}
