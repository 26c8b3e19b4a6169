//! What is written comes back: every post that there can be, in the compact form and in the one before it.

use proptest::prelude::*;
use smol_str::SmolStr;
use vigie_model::{
    Attitude, Flag, Flags, Label, Language, Media, MediaKind, Severity, Span, SpanKind, Tone,
};

use super::*;
use crate::codec;

const DID: &str = "did:plc:abcdefghijklmnopqrstuvwx";

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,40}", Just(DID.to_owned()), "did:plc:[a-z1-8]{23,25}", Just(String::new())]
}

fn smol() -> impl Strategy<Value = SmolStr> {
    word().prop_map(SmolStr::from)
}

fn id() -> impl Strategy<Value = PostId> {
    let native = prop_oneof![
        word(),
        word().prop_map(|key| format!("at://{DID}/app.bsky.feed.post/{key}")),
        (word(), word()).prop_map(|(did, key)| format!("at://{did}/app.bsky.feed.post/{key}")),
    ];
    let network = prop_oneof![Just("bluesky"), Just("mastodon"), Just("")];
    (network, native).prop_map(|(network, native)| PostId::new(network, native))
}

fn some_author() -> impl Strategy<Value = Arc<Author>> {
    (id(), smol(), smol(), prop::option::of(word())).prop_map(|(id, handle, name, avatar)| {
        let id = AuthorId { network: id.network, native: id.native };
        Arc::new(Author { id, handle, name, avatar: avatar.map(Into::into) })
    })
}

fn span() -> impl Strategy<Value = Span> {
    let kind = prop_oneof![
        word().prop_map(|address| SpanKind::Link(address.into())),
        word().prop_map(|did| SpanKind::Mention(AuthorId::new("bluesky", did))),
        smol().prop_map(SpanKind::Tag),
    ];
    (any::<u32>(), any::<u32>(), kind).prop_map(|(start, end, kind)| Span { start, end, kind })
}

fn media() -> impl Strategy<Value = Media> {
    let kind = prop_oneof![Just(MediaKind::Image), Just(MediaKind::Video), Just(MediaKind::Card)];
    (kind, prop::option::of(word()), any::<Option<(u32, u32)>>(), word()).prop_map(
        |(kind, picture, size_px, description)| Media {
            kind,
            picture: picture.map(|picture| match description.len() % 2 {
                0 => picture.into(),
                _ => format!("https://cdn.bsky.app/img/feed_fullsize/plain/{DID}/{picture}@jpeg")
                    .into(),
            }),
            size_px,
            description: description.into(),
        },
    )
}

fn label() -> impl Strategy<Value = Label> {
    prop_oneof![Just(Label::Bot), word().prop_map(|warning| Label::Warning(warning.into()))]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_micros)
}

fn some_reading() -> impl Strategy<Value = Reading> {
    let attitude =
        prop_oneof![Just(Attitude::Negative), Just(Attitude::Neutral), Just(Attitude::Positive)];
    let tone = (attitude, -1.0_f32..=1.0, any::<bool>())
        .prop_map(|(attitude, score, unsure)| Tone { attitude, score, unsure });
    let language = prop_oneof![Just("fr"), Just("ja"), Just("")].prop_map(Language::from_tag);
    let flags = prop_oneof![
        3 => Just(Flags::NONE),
        1 => Just(Flags::one(Flag::Insult, Severity::Strong)),
    ];
    let words = prop_oneof!["[a-c]{0,2}", "[a-c]{1,2} [a-c]{1,2}", word()].prop_map(SmolStr::from);
    let terms = prop::collection::vec(words, 0..20);
    (language, tone, any::<bool>(), terms, flags, any::<u64>()).prop_map(
        |(language, tone, question, terms, flags, likeness)| Reading {
            language,
            tone,
            question,
            terms,
            flags,
            likeness,
        },
    )
}

fn some_post() -> impl Strategy<Value = Post> {
    let links = (
        prop::option::of(id()),
        prop::option::of(id()),
        prop::option::of(id()),
        prop::option::of(word()),
        any::<bool>(),
    );
    let parts = (
        prop::collection::vec(span(), 0..4),
        prop::collection::vec(smol(), 0..4),
        prop::collection::vec(media(), 0..3),
        prop::collection::vec(label(), 0..3),
    );
    let times = (instant(), instant(), prop::option::of(instant()));
    (id(), some_author(), word(), links, parts, times).prop_map(
        |(id, author, text, links, parts, (published, received, edited))| {
            let (reply_to, quote_of, repost_of, link, has_web_link) = links;
            let (spans, languages, media, labels) = parts;
            let key = id.native.rsplit('/').next().unwrap_or_default();
            let web_link = format!("https://bsky.app/profile/{DID}/post/{key}");
            let link = if has_web_link { Some(web_link) } else { link }.map(Into::into);
            Post {
                id,
                author,
                text: text.into(),
                spans,
                languages,
                media,
                labels,
                reply_to,
                quote_of,
                repost_of,
                link,
                published,
                received,
                edited,
                source: SourceId::new("live"),
            }
        },
    )
}

proptest! {
    #[test]
    fn every_post_comes_back_from_both_forms(post in some_post(), reading in some_reading()) {
        let event = Event::Post { post: Arc::new(post), reading: reading.into() };
        let mut payload = Vec::new();
        codec::encode(&event, &mut payload).unwrap();
        prop_assert_eq!(payload.first(), Some(&2));
        prop_assert_eq!(&codec::decode(Seq(1), &payload).unwrap(), &event);
        let mut named = vec![1];
        rmp_serde::encode::write_named(&mut named, &event).unwrap();
        prop_assert_eq!(&codec::decode(Seq(1), &named).unwrap(), &event);
    }

    #[test]
    fn bytes_of_others_are_no_event_and_no_panic(
        mut bytes in prop::collection::vec(any::<u8>(), 0..200),
        post in some_post(),
        cut in any::<prop::sample::Index>(),
        flip in any::<(prop::sample::Index, u8)>(),
    ) {
        bytes.insert(0, 2);
        codec::decode(Seq(1), &bytes).ok();
        let event = Event::Post { post: Arc::new(post), reading: Arc::default() };
        let mut payload = Vec::new();
        codec::encode(&event, &mut payload).unwrap();
        let cut = cut.index(payload.len());
        prop_assert!(codec::decode(Seq(1), &payload[..cut]).is_err());
        let place = flip.0.index(payload.len());
        payload[place] ^= flip.1;
        codec::decode(Seq(1), &payload).ok();
    }
}

/// The compact form must stay readable for ever, too.
#[test]
fn the_compact_form_of_a_post_is_still_read() {
    let Event::Post { post, .. } = posted(1, 7, 3, "Bonjour").event else { unreachable!() };
    let mut post = Post::clone(&post);
    post.id = PostId::new("bluesky", "at://did:plc:author3/app.bsky.feed.post/7");
    post.link = Some("https://bsky.app/profile/did:plc:author3/post/7".into());
    let reading = Reading { terms: vec!["#train".into()], ..Reading::default() };
    let event = Event::Post { post: Arc::new(post), reading: reading.into() };
    let bytes = b"\x02\x93\xc0\x02\x07bluesky\x0fdid:plc:author3\x0cauthor3.test\x0dAuthor 3 \xf0\x9f\x90\xa6\
        \x03\x017\x04live\x80\x89\xa9\xa3\xdb\xff\xad\x06\x00\x07Bonjour\x01\x02fr\x03und\x01\0\0\0\0\x01\x06#train";
    assert_eq!(codec::decode(Seq(1), bytes).unwrap(), event);
}

/// And so must what has become shorter since.
#[test]
fn the_present_form_of_a_post_is_still_read() {
    let Event::Post { post, .. } = posted(1, 7, 3, "Bonjour").event else { unreachable!() };
    let mut post = Post::clone(&post);
    let author = Author { id: AuthorId::new("bluesky", DID), ..Author::clone(&post.author) };
    post.author = Arc::new(author);
    post.id = PostId::new("bluesky", format!("at://{DID}/app.bsky.feed.post/7"));
    post.reply_to =
        Some(PostId::new("bluesky", "at://did:plc:234567abcdefghijklmnopqr/app.bsky.feed.post/8"));
    post.media = vec![Media {
        kind: MediaKind::Image,
        picture: Some(
            format!("https://cdn.bsky.app/img/feed_fullsize/plain/{DID}/bafy@jpeg").into(),
        ),
        size_px: None,
        description: "".into(),
    }];
    let terms = ["#train", "panne", "gare", "panne de gare", "lyon", "gare lyon"];
    let reading = Reading { terms: terms.map(Into::into).to_vec(), ..Reading::default() };
    let event = Event::Post { post: Arc::new(post), reading: reading.into() };
    let mut payload = Vec::new();
    codec::encode(&event, &mut payload).unwrap();
    let bytes: &[u8] = b"\x02\xf3\xc08\x00D2\x14\xc7BT\xb65\xcf\x84e:V\xd7\x0cauthor3.test\rAuthor 3 \xf0\x9f\x90\xa6\x03\x017\x04live\x80\x89\xa9\xa3\xdb\xff\xad\x06\x00\x07Bonjour\x01\x02fr\x01\x14\x04bafy\x00\x04\xd6\xf9\xdf|\x01\x10\xc8S\x1d\tR\xd8\xd7>\x11\x018\x03und\x01\x00\x00\x00\x00\x06\x0c#train\npanne\x08gare\t de \x08lyon\x03 ";
    assert_eq!(payload.escape_ascii().to_string(), bytes.escape_ascii().to_string());
    assert_eq!(codec::decode(Seq(1), bytes).unwrap(), event);
}
