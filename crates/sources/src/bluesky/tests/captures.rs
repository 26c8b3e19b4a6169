//! Real frames, where `VIGIE_DATA` names the folder that has them: each visible post must come out whole.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::*;

fn capture(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("VIGIE_DATA") else {
        eprintln!("SKIPPED: VIGIE_DATA is not set, real Bluesky frames were not tried");
        return None;
    };
    let path = PathBuf::from(folder).join("captures/bluesky").join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|err| panic!("{err}: {}", path.display())))
}

/// A v1 frame as a v2 host would send it.
fn as_v2(frame: &Value, seq: u64) -> Value {
    let kind = frame["kind"].as_str().unwrap();
    let mut payload = match kind {
        "commit" => frame["commit"].clone(),
        kind => json!({ kind: frame[kind] }),
    };
    payload["$type"] = json!(format!("network.bsky.jetstream.subscribeEvents#{kind}"));
    payload["seq"] = json!(seq);
    payload["did"] = frame["did"].clone();
    let micros = frame["time_us"].as_i64().unwrap();
    payload["time"] = json!(Timestamp::from_micros(micros).to_string());
    json!({"$type": "message", "payload": payload})
}

fn texts<'json>(value: &'json Value, pointer: &str) -> Vec<&'json str> {
    let items = value.pointer(pointer).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Compares a post with the record that it was made from, by another way than the decoder's.
#[track_caller]
fn check_post(post: &Post, frame: &Value) {
    let record = &frame["commit"]["record"];
    let text = record["text"].as_str().unwrap();
    assert_eq!(&*post.text, text);
    let did = frame["did"].as_str().unwrap();
    assert_eq!(post.author.id.native, did);
    let rkey = frame["commit"]["rkey"].as_str().unwrap();
    assert_eq!(post.id.native, format!("at://{did}/app.bsky.feed.post/{rkey}"));
    assert_eq!(post.languages, texts(record, "/langs"), "{record}");
    let parent = record.pointer("/reply/parent/uri").and_then(Value::as_str);
    assert_eq!(post.reply_to.as_ref().map(|id| id.native.as_str()), parent);
    let facets = record["facets"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(post.spans.len(), facets.len(), "{record}");
    for facet in facets {
        let at = |end: &str| usize::try_from(facet["index"][end].as_u64().unwrap()).unwrap();
        let covered = &text.as_bytes()[at("byteStart")..at("byteEnd")];
        let feature = &facet["features"][0];
        let found = post.spans.iter().any(|span| {
            post.span_text(span).as_bytes() == covered
                && match &span.kind {
                    SpanKind::Link(uri) => feature["uri"] == **uri,
                    SpanKind::Tag(tag) => feature["tag"] == tag.as_str(),
                    SpanKind::Mention(author) => feature["did"] == author.native.as_str(),
                }
        });
        assert!(found, "{facet} is not among {:?}", post.spans);
    }
    check_media(post, &record["embed"]);
    assert!(post.published <= post.received);
}

#[track_caller]
fn check_media(post: &Post, embed: &Value) {
    let kinds: Vec<_> = post.media.iter().map(|media| media.kind).collect();
    match embed["$type"].as_str() {
        Some("app.bsky.embed.images") => {
            let images = embed["images"].as_array().unwrap();
            assert_eq!(kinds, vec![MediaKind::Image; images.len()]);
            for (media, image) in post.media.iter().zip(images) {
                let cid = image.pointer("/image/ref/$link").and_then(Value::as_str).unwrap();
                assert!(media.picture.as_ref().unwrap().contains(cid));
                let side = |name: &str| image["aspectRatio"][name].as_u64().unwrap();
                let (width, height) = media.size_px.unwrap();
                assert_eq!((u64::from(width), u64::from(height)), (side("width"), side("height")));
                assert_eq!(image["alt"].as_str().unwrap().trim(), &*media.description);
            }
        }
        Some("app.bsky.embed.external") => {
            assert_eq!(kinds, [MediaKind::Card]);
            let title = embed.pointer("/external/title").and_then(Value::as_str).unwrap();
            assert_eq!(&*post.media[0].description, title.trim());
            let thumb = embed.pointer("/external/thumb/ref/$link").and_then(Value::as_str);
            assert_eq!(post.media[0].picture.is_some(), thumb.is_some());
        }
        Some(other) => panic!("a kind of embed that this test does not know: {other}"),
        None => assert_eq!(kinds, []),
    }
}

#[test]
fn every_frame_of_production_is_read_on_both_wires() {
    let (Some(lines), Some(manifest)) =
        (capture("jetstream-expected_v1.jsonl"), capture("jetstream-manifest.json"))
    else {
        return;
    };
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let mut counts = BTreeMap::<&str, u64>::new();
    for (line, seq) in lines.lines().zip(1_u64..) {
        let frame: Value = serde_json::from_str(line).unwrap();
        let Frame::Event(event) = decode(Wire::V1, line.as_bytes(), &stamp()).unwrap() else {
            panic!("{line}")
        };
        assert_eq!(event.at.as_micros(), frame["time_us"].as_i64().unwrap());
        let v2 = as_v2(&frame, seq).to_string();
        let Frame::Event(twin) = decode(Wire::V2, v2.as_bytes(), &stamp()).unwrap() else {
            panic!("{v2}")
        };
        assert_eq!((twin.seq, twin.at, &twin.content), (seq, event.at, &event.content));
        *counts.entry("v1_events").or_default() += 1;
        match frame["commit"]["operation"].as_str() {
            Some("create") => *counts.entry("creates").or_default() += 1,
            Some("update") => *counts.entry("updates").or_default() += 1,
            Some("delete") => *counts.entry("deletes").or_default() += 1,
            _ => {}
        }
        let is_post = frame["commit"]["collection"] == "app.bsky.feed.post";
        match event.content {
            Content::Event(SourceEvent::Upsert(post)) => {
                check_post(&post, &frame);
                *counts.entry("posts").or_default() += 1;
            }
            Content::Event(SourceEvent::Delete(id)) => {
                assert!(is_post && id.native.ends_with(frame["commit"]["rkey"].as_str().unwrap()));
                *counts.entry("deleted posts").or_default() += 1;
            }
            Content::Renamed { .. } => *counts.entry("identity").or_default() += 1,
            Content::Other if frame["kind"] == "account" => {
                *counts.entry("account").or_default() += 1;
            }
            Content::Other => assert!(!is_post, "{line}"),
            other => panic!("{other:?}"),
        }
    }
    for name in ["v1_events", "creates", "updates", "deletes", "identity", "account"] {
        assert_eq!(counts.get(name).copied(), manifest[name].as_u64(), "{name}");
    }
    assert_eq!((counts["posts"], counts["deleted posts"]), (17, 1));
}

#[test]
fn posts_with_facets_and_embeds_come_out_whole() {
    let Some(lines) = capture("firehose_posts.jsonl") else { return };
    let mut n_posts = 0;
    for line in lines.lines() {
        match decode(Wire::V1, line.as_bytes(), &stamp()) {
            Ok(Frame::Event(Event {
                content: Content::Event(SourceEvent::Upsert(post)), ..
            })) => {
                check_post(&post, &serde_json::from_str(line).unwrap());
                n_posts += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(n_posts, 5);
}

#[test]
fn a_real_frame_cut_anywhere_is_an_error() {
    let Some(lines) = capture("jetstream-expected_v1.jsonl") else { return };
    for line in lines.lines() {
        for cut in 0..line.len() {
            assert!(decode(Wire::V1, &line.as_bytes()[..cut], &stamp()).is_err());
        }
    }
}
