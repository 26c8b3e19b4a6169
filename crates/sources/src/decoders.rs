//! Every decoder under one form, for fuzzers and random tests: any bytes in, no panic, sound posts out.

use std::hint::black_box;

use crate::{
    bluesky::{self, Content, Frame, Stamp, Wire},
    feed, media,
    model::{Post, SourceEvent, SourceId, Timestamp},
    record::{Origin, Record},
    transport::sse::SseReader,
};

/// A decoder: its name, and a function that reads any bytes and checks what comes out of them.
pub type Decoder = (&'static str, fn(&[u8]));

/// Every decoder that reads what a network sends.
pub const DECODERS: &[Decoder] = &[
    ("bluesky_profiles", |bytes| drop(black_box(bluesky::decode_profiles(bytes)))),
    ("bluesky_v1", |bytes| jetstream(Wire::V1, bytes)),
    ("bluesky_v2", |bytes| jetstream(Wire::V2, bytes)),
    ("feed", |bytes| feed::decode_any(bytes, &source(), RECEIVED).iter().for_each(check)),
    ("picture", |bytes| drop(black_box(media::decode(bytes)))),
    ("record", record),
    ("sse", |bytes| SseReader::default().push(bytes, |event| drop(black_box(event)))),
];

/// When everything is received here.
const RECEIVED: Timestamp = Timestamp::from_secs(1_800_000_000);

fn source() -> SourceId {
    SourceId::new("fuzz")
}

fn jetstream(wire: Wire, bytes: &[u8]) {
    let stamp = Stamp { source: source(), received: RECEIVED };
    if let Ok(Frame::Event(event)) = bluesky::decode(wire, bytes, &stamp)
        && let Content::Event(SourceEvent::Upsert(post)) = event.content
    {
        check(&post);
    }
}

fn record(bytes: &[u8]) {
    let source = source();
    let origin = Origin { network: "fuzz", source: &source, received: RECEIVED };
    if let Ok(Ok(SourceEvent::Upsert(post))) =
        Record::parse(bytes).map(|record| record.into_event(&origin))
    {
        check(&post);
    }
}

/// What every post promises.
fn check(post: &Post) {
    assert!(post.text.len() <= Post::MAX_TEXT_BYTES, "the text is too long");
    assert!(post.published <= post.received, "it is from the future");
    let mut covered = 0;
    for span in &post.spans {
        assert!(post.text.get(span.range()).is_some(), "a span does not fit the text");
        assert!(span.start >= covered, "spans overlap or are not in order");
        covered = span.end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Something that each decoder reads without an error, to be broken at random.
    const SAMPLES: &[&str] = &[
        r#"{"profiles":[{"did":"did:plc:a","handle":"a.example","displayName":"A","labels":[{"val":"x"}]}]}"#,
        r##"{"did":"did:plc:a","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3m","record":{"text":"é #x","createdAt":"2026-11-23T12:00:00Z","facets":[{"index":{"byteStart":3,"byteEnd":5},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"x"}]}]}}}"##,
        r##"{"$type":"message","payload":{"$type":"a.b#commit","seq":1,"did":"did:plc:a","time":"2026-11-23T12:00:00Z","operation":"create","collection":"app.bsky.feed.post","rkey":"3m","record":{"text":"é #x","langs":["fr"],"facets":[{"index":{"byteStart":3,"byteEnd":5},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"x"}]}]}}}"##,
        "<feed xmlns='http://www.w3.org/2005/Atom'><id>a</id><title>t</title><updated>2026-11-23T12:00:00Z</updated><entry><id>b</id><title type='html'>&lt;b&gt;é&lt;/b&gt; #x</title><updated>2026-11-23T12:00:00Z</updated></entry></feed>",
        r##"{"type":"post","id":"1","author":{"id":"u"},"text":"é #x https://a.example","published":"2026-11-23T12:00:00Z"}"##,
        "id: 1\r\nevent: update\ndata: {}\n\n",
    ];

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            DECODERS.iter().for_each(|(_, decode)| decode(&bytes));
        }

        #[test]
        fn a_broken_sample_does_no_harm(
            sample in prop::sample::select(SAMPLES),
            cuts in (0..400_usize, 0..400_usize),
            bytes in prop::collection::vec(any::<u8>(), 0..4),
        ) {
            let at = |cut: usize| cut % (sample.len() + 1);
            let (start, end) = (at(cuts.0).min(at(cuts.1)), at(cuts.0).max(at(cuts.1)));
            let mut broken = sample.as_bytes().to_vec();
            broken.splice(start..end.min(start + 8), bytes);
            DECODERS.iter().for_each(|(_, decode)| decode(&broken));
        }
    }

    #[test]
    fn each_sample_is_whole() {
        for sample in SAMPLES {
            DECODERS.iter().for_each(|(_, decode)| decode(sample.as_bytes()));
        }
        let stamp = Stamp { source: source(), received: RECEIVED };
        for (wire, sample) in [(Wire::V1, SAMPLES[1]), (Wire::V2, SAMPLES[2])] {
            let frame = bluesky::decode(wire, sample.as_bytes(), &stamp).unwrap();
            let Frame::Event(event) = frame else { panic!("{frame:?}") };
            assert!(matches!(event.content, Content::Event(SourceEvent::Upsert(_))));
        }
        assert_eq!(feed::decode_any(SAMPLES[3].as_bytes(), &source(), RECEIVED).len(), 1);
        assert!(Record::parse(SAMPLES[4].as_bytes()).is_ok());
    }
}
