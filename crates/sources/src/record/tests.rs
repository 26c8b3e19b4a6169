//! The record form: what is read, what is refused, and that both ways agree.

use proptest::prelude::*;

use super::*;
use crate::model::{Label, MediaKind, Post, PurgeCause, SpanKind};

fn event(json: &str) -> Result<SourceEvent, RecordError> {
    let source = SourceId::new("hook");
    let received = Timestamp::from_secs(1_000_000);
    let origin = Origin { network: "press", source: &source, received };
    Record::parse(json.as_bytes())?.into_event(&origin)
}

fn post(json: &str) -> Post {
    match event(json).unwrap() {
        SourceEvent::Upsert(post) => *post,
        other => panic!("no post: {other:?}"),
    }
}

#[track_caller]
fn check_refused(json: &str, expected: &str) {
    let message = match event(json) {
        Ok(event) => panic!("accepted: {event:?}"),
        Err(err) => err.to_string(),
    };
    assert!(message.contains(expected), "{message}");
}

#[test]
fn the_shortest_post_is_enough() {
    let post = post(r#"{"type":"post","id":"1","author":{"id":"a"},"text":"Salut #SNCF"}"#);
    assert_eq!(post.id, PostId::new("press", "1"));
    assert_eq!(post.author.display_name(), "a");
    assert_eq!(post.spans[0].kind, SpanKind::Tag("SNCF".into()));
    assert_eq!(post.published, post.received);
    assert_eq!(post.source.as_str(), "hook");
}

#[test]
fn every_field_arrives() {
    let post = post(
        r#"{"type":"post","network":"masto","id":"1","author":{"id":"a","handle":"@ada","name":"Ada",
            "avatar":"https://example.org/a.png"},"text":"hé #x","spans":[{"start":4,"end":6,"tag":"x"}],
            "languages":["fr-CA"],"media":[{"kind":"video","picture":"https://example.org/p.jpg",
            "size_px":[640,360],"description":"a train"}],"labels":["sexual","bot"],"warning":"mind this",
            "reply_to":"0","quote_of":"q","repost_of":"r","link":"https://example.org/1",
            "published":"1970-01-02T00:00:00Z","edited":"2999-01-01T00:00:00Z"}"#,
    );
    assert_eq!(post.author.handle, "ada");
    assert_eq!(post.author.avatar.as_deref(), Some("https://example.org/a.png"));
    assert_eq!(post.span_text(&post.spans[0]), "#x");
    assert_eq!(post.languages, ["fr-CA"]);
    assert_eq!(post.media[0].kind, MediaKind::Video);
    assert_eq!(post.media[0].size_px, Some((640, 360)));
    assert_eq!(post.labels, [Label::Sexual, Label::Bot, Label::Warning("mind this".into())]);
    assert_eq!(post.reply_to, Some(PostId::new("masto", "0")));
    assert_eq!(post.link.as_deref(), Some("https://example.org/1"));
    assert_eq!(post.published.as_secs(), 86_400);
    assert_eq!(post.edited, Some(post.received), "a time to come is now");
}

#[test]
fn deletes_and_purges_are_events_too() {
    assert_eq!(
        event(r#"{"type":"delete","id":"1"}"#).unwrap(),
        SourceEvent::Delete(PostId::new("press", "1"))
    );
    assert_eq!(
        event(r#"{"type":"purge","network":"x","author":"a","why":"opted_out"}"#).unwrap(),
        SourceEvent::PurgeAuthor(AuthorId::new("x", "a"), PurgeCause::OptedOut)
    );
}

#[test]
fn errors_name_the_field_and_repeat_nothing() {
    check_refused(r#"{"type":"post","id":"1","author":{},"text":""}"#, "missing field `id`");
    check_refused(r#"{"type":"delete","id":7}"#, "expected a string");
    check_refused(r#"{"type":"delete","id":" "}"#, "id: must not be empty");
    check_refused(r#"{"type":"delete","id":"1","nework":"x"}"#, "unknown field `nework`");
    check_refused(r#"{"type":"delete","id":"1","network":"X Y"}"#, "network: must be a noun");
    check_refused(r#"{"type":"vanish"}"#, "expected one of `post`, `delete`, `purge`");
    check_refused(r#"{"id":"1"}"#, "missing field `type`");
    check_refused(r#"{"type":"delete","id":"1"} x"#, "trailing characters");
    check_refused("", "EOF while parsing");
    check_refused(
        r#"{"type":"post","id":"1","author":{"id":"a"},"text":"t","published":"noon"}"#,
        "published: must be a time such as",
    );
    let err = event(r#"{"type":"post","id":"1","author":"hunter2","text":"t"}"#).unwrap_err();
    assert!(!err.to_string().contains("hunter2"), "{err}");
}

#[test]
fn spans_that_do_not_fit_are_left_out() {
    let post = post(
        r#"{"type":"post","id":"1","author":{"id":"a"},"text":"é#x","spans":[
            {"start":2,"end":4,"tag":"x"},{"start":1,"end":2,"tag":"y"},{"start":3,"end":4,"tag":"z"},
            {"start":0,"end":99,"tag":"w"},{"start":2,"end":2,"tag":"v"},{"start":0,"end":2}]}"#,
    );
    let texts: Vec<&str> = post.spans.iter().map(|span| post.span_text(span)).collect();
    assert_eq!(texts, ["#x"]);
}

#[test]
fn addresses_that_nobody_should_fetch_are_left_out() {
    let post = post(
        r#"{"type":"post","id":"1","author":{"id":"a","avatar":"file:///etc/passwd"},"text":"t",
            "link":"javascript:alert(1)","media":[{"picture":"data:image/png;base64,x"}]}"#,
    );
    assert_eq!((post.author.avatar.as_deref(), post.link.as_deref()), (None, None));
    assert_eq!(post.media[0].picture, None);
}

#[test]
fn the_schema_names_the_three_types() {
    let schema = serde_json::to_string(&schemars::schema_for!(Record)).unwrap();
    for word in ["\"post\"", "\"delete\"", "\"purge\"", "opted_out", "size_px"] {
        assert!(schema.contains(word), "{word} is not in {schema}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        Record::parse(&bytes).ok();
    }

    #[test]
    fn cut_anywhere_it_is_an_error(n_bytes in 0_usize..60) {
        let json = r#"{"type":"post","id":"1","author":{"id":"a"},"text":"Salut"}"#;
        prop_assume!(n_bytes < json.len());
        prop_assert!(Record::parse(&json.as_bytes()[..n_bytes]).is_err());
    }

    #[test]
    fn a_post_survives_being_recorded(
        text in "\\PC{0,80}", id in "[a-z:/]{1,20}", name in "\\PC{0,20}", label in any::<bool>(),
    ) {
        let json = serde_json::json!({
            "type": "post", "id": id, "author": {"id": "a", "name": name}, "text": text,
            "labels": if label { vec!["sensitive"] } else { vec![] },
            "published": "1970-01-02T00:00:00Z",
        });
        let first = event(&json.to_string()).unwrap();
        let at = Timestamp::from_secs(1_000_000);
        let line = serde_json::to_string(&Record::of(&first, at).unwrap()).unwrap();
        prop_assert_eq!(event(&line).unwrap(), first);
        prop_assert_eq!(Record::parse(line.as_bytes()).unwrap().time(), Some(at));
    }
}
