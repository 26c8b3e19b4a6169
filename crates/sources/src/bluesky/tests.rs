//! Frames in, events out: made-up ones of every kind, any bytes, and captured ones where there are some.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::{AuthorId, Label, MediaKind, Post, PostId, PurgeCause, SpanKind, Timestamp};

const DID: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const TIME: &str = "2026-11-23T12:00:00.000000Z";

fn stamp() -> Stamp {
    let received = Timestamp::parse("2026-11-23T12:00:02Z").unwrap();
    Stamp { source: "bluesky".into(), received }
}

/// The same change as both wires have it.
fn frames(operation: &str, collection: &str, record: &Value) -> [(Wire, Vec<u8>); 2] {
    let micros = Timestamp::parse(TIME).unwrap().as_micros();
    let mut commit = json!({
        "rev": "3mptbypluud2a", "operation": operation, "collection": collection, "rkey": "3mptbyplj5d2a"
    });
    if !record.is_null() {
        commit["record"] = record.clone();
        commit["cid"] = json!("bafyreia");
    }
    let mut payload = commit.clone();
    payload["$type"] = json!("network.bsky.jetstream.subscribeEvents#commit");
    payload["seq"] = json!(7);
    payload["did"] = json!(DID);
    payload["time"] = json!(TIME);
    let v1 = json!({"did": DID, "time_us": micros, "kind": "commit", "commit": commit});
    let v2 = json!({"$type": "message", "payload": payload});
    [(Wire::V1, v1.to_string().into_bytes()), (Wire::V2, v2.to_string().into_bytes())]
}

#[track_caller]
fn content(wire: Wire, bytes: &[u8]) -> Content {
    match decode(wire, bytes, &stamp()) {
        Ok(Frame::Event(event)) => {
            assert_eq!(event.at, Timestamp::parse(TIME).unwrap());
            assert_eq!(event.seq, if wire == Wire::V2 { 7 } else { 1_795_435_200_000_000 });
            event.content
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn read(operation: &str, record: &Value) -> Content {
    let [one, two] =
        frames(operation, "app.bsky.feed.post", record).map(|(wire, bytes)| content(wire, &bytes));
    assert_eq!(one, two, "both wires say the same");
    one
}

#[track_caller]
fn post(record: &Value) -> Post {
    match read("create", record) {
        Content::Event(SourceEvent::Upsert(post)) => *post,
        other => panic!("{other:?}"),
    }
}

fn record(fields: Value) -> Value {
    let mut record = json!({
        "$type": "app.bsky.feed.post", "text": "Bonjour 👋🏽 #Été", "createdAt": "2026-11-23T11:59:58.5Z"
    });
    if let (Value::Object(record), Value::Object(fields)) = (&mut record, fields) {
        record.extend(fields);
    }
    record
}

#[test]
fn a_post_comes_out_whole() {
    let post = post(&record(json!({
        "langs": ["fr", "fr", "en-US", "", "x y"],
        "reply": {
            "root": {"cid": "bafyr", "uri": format!("at://{DID}/app.bsky.feed.post/3root")},
            "parent": {"cid": "bafyp", "uri": format!("at://{DID}/app.bsky.feed.post/3parent")}
        },
        "labels": {"values": [{"val": "porn"}, {"val": "nudity"}, {"val": "!hide"}, {"val": "mine"}]},
        "tags": ["Outside", "#sharp", " "],
    })));
    let native = format!("at://{DID}/app.bsky.feed.post/3mptbyplj5d2a");
    assert_eq!(post.id, PostId::new("bluesky", &native));
    assert_eq!(post.author.id, AuthorId::new("bluesky", DID));
    assert_eq!(&*post.text, "Bonjour 👋🏽 #Été");
    assert_eq!(post.languages, ["fr", "en-US", "x y"]);
    let parent = format!("at://{DID}/app.bsky.feed.post/3parent");
    assert_eq!(post.reply_to, Some(PostId::new("bluesky", parent)));
    assert_eq!(post.labels, [Label::Sexual, Label::Hidden]);
    let link = format!("https://bsky.app/profile/{DID}/post/3mptbyplj5d2a");
    assert_eq!(post.link.as_deref(), Some(&*link));
    assert_eq!(post.published, Timestamp::parse("2026-11-23T11:59:58.5Z").unwrap());
    assert_eq!(post.received, stamp().received);
    assert_eq!(post.edited, None);
    let tags: Vec<_> = post.spans.iter().map(|span| (&span.kind, post.span_text(span))).collect();
    assert_eq!(
        tags,
        [(&SpanKind::Tag("Outside".into()), ""), (&SpanKind::Tag("sharp".into()), "")]
    );
}

#[test]
fn changes_and_deletions_come_through() {
    let Content::Event(SourceEvent::Upsert(edited)) = read("update", &record(json!({}))) else {
        panic!("no post")
    };
    assert_eq!(edited.edited, Some(Timestamp::parse(TIME).unwrap()));
    let native = format!("at://{DID}/app.bsky.feed.post/3mptbyplj5d2a");
    let deleted = Content::Event(SourceEvent::Delete(PostId::new("bluesky", native)));
    assert_eq!(read("delete", &Value::Null), deleted);
    assert_eq!(read("archive", &Value::Null), Content::Other);
    for (wire, bytes) in frames("create", "app.bsky.feed.like", &json!({"text": 1})) {
        assert_eq!(content(wire, &bytes), Content::Other);
    }
}

#[track_caller]
fn check_published(created_at: &Value, expected: &str) {
    let post = post(&record(json!({"createdAt": created_at})));
    assert_eq!(post.published.to_string(), expected);
}

#[test]
fn nobody_publishes_in_the_future() {
    check_published(&json!("2026-11-23T11:59:58.78349200Z"), "2026-11-23T11:59:58.783492Z");
    check_published(&json!("2026-11-23T12:59:58.150931+01:00"), "2026-11-23T11:59:58.150931Z");
    check_published(&json!("2031-01-01T00:00:00Z"), "2026-11-23T12:00:00Z");
    check_published(&json!("1999-01-01T00:00:00Z"), "1999-01-01T00:00:00Z");
    check_published(&json!("yesterday"), "2026-11-23T12:00:00Z");
    check_published(&Value::Null, "2026-11-23T12:00:00Z");
}

/// `(byteStart, byteEnd, $type, field, value)` of one facet.
fn facet(start: i64, end: i64, kind: &str, field: &str, value: &str) -> Value {
    let kind = format!("app.bsky.richtext.facet#{kind}");
    json!({"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": kind, field: value}]})
}

#[track_caller]
fn check_spans(text: &str, facets: &[Value], expected: &[(&str, SpanKind)]) {
    let post = post(&record(json!({"text": text, "facets": facets})));
    let spans: Vec<_> =
        post.spans.iter().map(|span| (post.span_text(span), span.kind.clone())).collect();
    assert_eq!(spans, expected);
}

#[test]
fn facets_count_bytes() {
    let tag = |text: &str| SpanKind::Tag(text.into());
    let link = |text: &str| SpanKind::Link(text.into());
    check_spans("👋 #été!", &[facet(5, 11, "tag", "tag", "été")], &[("#été", tag("été"))]);
    check_spans("👋 #été!", &[facet(2, 10, "tag", "tag", "x")], &[("👋 #ét", tag("x"))]);
    check_spans("👋", &[facet(1, 3, "tag", "tag", "x")], &[]);
    check_spans("ab", &[facet(-5, 99, "link", "uri", "https://a")], &[("ab", link("https://a"))]);
    check_spans("ab", &[facet(2, 1, "tag", "tag", "x"), facet(0, 0, "tag", "tag", "y")], &[]);
    check_spans("ab", &[facet(0, 2, "poll", "tag", "x"), facet(0, 2, "tag", "uri", "x")], &[]);
    let later_first = [facet(3, 5, "tag", "tag", "2"), facet(0, 2, "tag", "tag", "1")];
    check_spans("ab cd", &later_first, &[("ab", tag("1")), ("cd", tag("2"))]);
    let overlap = [facet(0, 4, "tag", "tag", "1"), facet(2, 5, "tag", "tag", "2")];
    check_spans("ab cd", &overlap, &[("ab c", tag("1"))]);
    let mention = SpanKind::Mention(AuthorId::new("bluesky", DID));
    check_spans("@ada", &[facet(0, 4, "mention", "did", DID)], &[("@ada", mention)]);
    check_spans("@ada", &[facet(0, 4, "mention", "did", "did:<b>:x")], &[]);
}

/// The media of a post with this embed, in short.
fn media(embed: &Value) -> (Vec<String>, Option<PostId>) {
    let post = post(&record(json!({"embed": embed})));
    let short = |media: &crate::model::Media| {
        let picture = media.picture.as_deref().unwrap_or("-");
        format!("{:?} {picture} {:?} {}", media.kind, media.size_px, media.description)
    };
    (post.media.iter().map(short).collect(), post.quote_of)
}

#[test]
fn pictures_films_cards_and_quotes() {
    let blob =
        |cid: &str| json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": "image/jpeg"});
    let images = json!({"$type": "app.bsky.embed.images", "images": [
        {"alt": " a cat ", "aspectRatio": {"width": 3, "height": 4}, "image": blob("bafya")},
        {"alt": "", "aspectRatio": {"width": 0, "height": 4}, "image": {"cid": "bafyold", "mimeType": "x"}},
        {"alt": "", "image": blob("../../evil")}
    ]});
    let picture =
        |cid: &str| format!("https://cdn.bsky.app/img/feed_fullsize/plain/{DID}/{cid}@jpeg");
    let two = vec![
        format!("Image {} Some((3, 4)) a cat", picture("bafya")),
        format!("Image {} None ", picture("bafyold")),
    ];
    assert_eq!(media(&images), (two.clone(), None));

    let video = json!({"$type": "app.bsky.embed.video", "video": blob("bafyv"), "alt": "waves"});
    let poster =
        format!("https://video.bsky.app/watch/{}/bafyv/thumbnail.jpg", DID.replace(':', "%3A"));
    assert_eq!(media(&video), (vec![format!("Video {poster} None waves")], None));

    let external = json!({"$type": "app.bsky.embed.external", "external":
        {"uri": "https://a.example", "title": "News", "description": "", "thumb": blob("bafyt")}});
    assert_eq!(media(&external).0, [format!("Card {} None News", picture("bafyt"))]);

    let uri = format!("at://{DID}/app.bsky.feed.post/3quoted");
    let quoted = PostId::new("bluesky", &uri);
    let quote = json!({"$type": "app.bsky.embed.record", "record": {"cid": "bafyq", "uri": uri}});
    assert_eq!(media(&quote), (vec![], Some(quoted.clone())));
    let both = json!({"$type": "app.bsky.embed.recordWithMedia", "record": quote, "media": images});
    assert_eq!(media(&both), (two, Some(quoted)));

    let list =
        json!({"record": {"cid": "bafyl", "uri": format!("at://{DID}/app.bsky.graph.list/3l")}});
    assert_eq!(media(&list), (vec![], None));
    assert_eq!(media(&json!({"$type": "app.example.hologram", "depth": 3})), (vec![], None));
}

#[test]
fn a_record_that_is_no_post_is_unreadable_and_its_frame_is_not() {
    for bad in [json!({"text": 7}), json!({}), json!({"text": "a", "langs": "fr"}), json!("post")] {
        assert!(matches!(read("create", &bad), Content::Unreadable(_)), "{bad}");
    }
    assert!(matches!(read("create", &Value::Null), Content::Unreadable(_)));
}

#[test]
fn an_endless_text_is_cut_between_characters() {
    let post = post(&record(json!({"text": "👋".repeat(40_000)})));
    assert_eq!(post.text.len(), Post::MAX_TEXT_BYTES);
}

#[track_caller]
fn check_account(account: &Value, expected: Option<PurgeCause>) {
    let micros = Timestamp::parse(TIME).unwrap().as_micros();
    let v1 = json!({"did": DID, "time_us": micros, "kind": "account", "account": account});
    let kind = "network.bsky.jetstream.subscribeEvents#account";
    let payload = json!({"$type": kind, "seq": 7, "did": DID, "time": TIME, "account": account});
    let v2 = json!({"$type": "message", "payload": payload});
    let expected = expected.map_or(Content::Other, |cause| {
        Content::Event(SourceEvent::PurgeAuthor(AuthorId::new("bluesky", DID), cause))
    });
    assert_eq!(content(Wire::V1, v1.to_string().as_bytes()), expected);
    assert_eq!(content(Wire::V2, v2.to_string().as_bytes()), expected);
}

#[test]
fn an_account_that_is_gone_takes_its_posts_along() {
    check_account(&json!({"active": true, "did": DID, "seq": 1}), None);
    check_account(&json!({"active": false, "status": "deleted"}), Some(PurgeCause::Deleted));
    check_account(&json!({"active": false, "status": "takendown"}), Some(PurgeCause::Suspended));
    check_account(&json!({"active": false, "status": "suspended"}), Some(PurgeCause::Suspended));
    let deactivated = Some(PurgeCause::Deactivated);
    check_account(&json!({"active": false, "status": "deactivated"}), deactivated);
    check_account(&json!({"active": false}), deactivated);
    check_account(&json!({"active": false, "status": "throttled"}), None);
}

#[track_caller]
fn check_v2(text: &str, expected: &Frame) {
    assert_eq!(decode(Wire::V2, text.as_bytes(), &stamp()).as_ref(), Ok(expected));
}

#[test]
fn knows_what_it_does_not_know() {
    check_v2(
        r#"{"$type":"error","error":"ConsumerTooSlow","message":"m"}"#,
        &Frame::Fault("ConsumerTooSlow".into()),
    );
    let info = r#"{"$type":"message","payload":{"$type":"x.y#info","name":"OutdatedCursor"}}"#;
    check_v2(info, &Frame::Advice("OutdatedCursor".into()));
    check_v2(r#"{"$type":"ping"}"#, &Frame::Unknown);
    check_v2(r#"{"$type":"message","payload":{"$type":"x.y#later"}}"#, &Frame::Unknown);
    let v1 = format!(r#"{{"did":"{DID}","time_us":1,"kind":"later","later":{{}}}}"#);
    assert_eq!(decode(Wire::V1, v1.as_bytes(), &stamp()), Ok(Frame::Unknown));
    for bad in ["", "{}", "[]", "null", r#"{"$type":"message"}"#, "\u{0}"] {
        assert!(decode(Wire::V2, bad.as_bytes(), &stamp()).is_err(), "{bad}");
        assert!(decode(Wire::V1, bad.as_bytes(), &stamp()).is_err(), "{bad}");
    }
    let evil = r#"{"did":"did:plc:a/../b","time_us":1,"kind":"identity"}"#;
    assert_eq!(decode(Wire::V1, evil.as_bytes(), &stamp()), Err(DecodeError::Field("did")));
}

#[track_caller]
fn check_options(text: &str, expected: &str) {
    let answer = match Bluesky::new(&text.parse().unwrap()) {
        Ok(_) => "fine".to_owned(),
        Err(err) => err.to_string(),
    };
    assert!(answer.contains(expected), "{answer}");
}

#[test]
fn options_say_what_is_wrong() {
    check_options("", "fine");
    check_options("servers = ['ws://127.0.0.1:9/subscribe']\nprofiles = false", "fine");
    check_options("servers = ['ws://example.org']", "servers[0]: `ws://example.org` must begin");
    check_options("servers = []", "servers: name at least one server");
    check_options("accounts = ['@ada']", "accounts[0]: `@ada` is no DID");
    check_options("server = 'x'", "server: unknown field `server`, expected one of `servers`");
}

proptest! {
    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        decode(Wire::V1, &bytes, &stamp()).ok();
        decode(Wire::V2, &bytes, &stamp()).ok();
    }

    #[test]
    fn a_frame_with_any_byte_changed_does_no_harm(at in 0..900_usize, byte in any::<u8>(), cut in any::<bool>()) {
        let facets = [facet(0, 9, "tag", "tag", "x"), facet(4, 12, "link", "uri", "https://a")];
        let whole = record(json!({"facets": facets, "langs": ["fr"], "embed": {"images": []}}));
        for (wire, mut bytes) in frames("create", "app.bsky.feed.post", &whole) {
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            if let Ok(Frame::Event(Event { content: Content::Event(SourceEvent::Upsert(post)), .. })) =
                decode(wire, &bytes, &stamp())
            {
                prop_assert!(post.published <= post.received);
                for span in &post.spans {
                    prop_assert!(post.text.get(span.range()).is_some());
                }
            }
        }
    }

    #[test]
    fn facets_anywhere_fit_the_text(text in "\\PC{0,40}", ends in prop::collection::vec((-9..99_i64, -9..99_i64), 0..9)) {
        let facets: Vec<_> = ends.iter().map(|(start, end)| facet(*start, *end, "tag", "tag", "x")).collect();
        let post = post(&record(json!({"text": text, "facets": facets})));
        let mut covered = 0;
        for span in &post.spans {
            prop_assert!(post.text.get(span.range()).is_some());
            prop_assert!(span.start >= covered && span.end > span.start);
            covered = span.end;
        }
    }
}

mod captures;
