//! Documents into posts: made ones case by case, captured ones by their shape.

use std::{env, fs, path::PathBuf};

use proptest::prelude::*;

use super::*;
use crate::{
    feed::Excerpt,
    model::{MediaKind, SpanKind},
};

fn read_as(bytes: &[u8], excerpt: Excerpt) -> Result<Document, DecodeError> {
    let address = Url::parse("https://www.example.org/feed.xml").unwrap();
    let received = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
    let source = SourceId::new("press");
    decode(bytes, &Reading { address: &address, source: &source, received, excerpt })
}

fn read(text: &str) -> Document {
    read_as(text.as_bytes(), Excerpt::Summary).unwrap()
}

fn rss(items: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
        <channel><title>The &amp;amp; News</title><link>https://example.org/</link><language>fr-FR</language>
        <ttl>15</ttl><image><url>http://example.org/logo.png</url></image>{items}</channel></rss>"#
    )
}

#[track_caller]
fn only(items: &str) -> Post {
    let mut document = read(&rss(items));
    assert_eq!(document.posts.len(), 1, "{document:?}");
    document.posts.remove(0)
}

#[track_caller]
fn check_text(item: &str, expected: &str) {
    assert_eq!(&*only(&format!("<item>{item}</item>")).text, expected);
}

#[test]
fn an_item_becomes_a_post() {
    let post = only(
        r#"<item><title>Trains stand still</title><link>/1</link><guid isPermaLink="false">n-1</guid>
        <description>&lt;p&gt;Read &lt;a href="/more"&gt;more&lt;/a&gt; #SNCF&lt;/p&gt;</description>
        <pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate></item>"#,
    );
    assert_eq!(post.id.native, "https://www.example.org/feed.xml#n-1");
    assert_eq!(&*post.text, "Trains stand still\n\nRead more #SNCF");
    assert_eq!(post.span_text(&post.spans[0]), "more");
    assert_eq!(post.spans[0].kind, SpanKind::Link("https://www.example.org/more".into()));
    assert_eq!(post.spans[1].kind, SpanKind::Tag("SNCF".into()));
    assert_eq!(post.link.as_deref(), Some("https://www.example.org/1"));
    assert_eq!(post.published.to_string(), "2026-11-23T09:00:00Z");
    assert_eq!(post.languages, ["fr-fr"]);
    assert_eq!(post.author.name, "The & News");
    assert_eq!(post.author.handle, "example.org");
    assert_eq!(post.author.avatar.as_deref(), Some("https://example.org/logo.png"));
    assert_eq!(read(&rss("")).period_secs, Some(900));
}

#[test]
fn an_id_is_guid_else_link_else_digest() {
    let id = |item: &str| only(&format!("<item><title>t</title>{item}</item>")).id.native;
    assert_eq!(id("<guid>https://e.org/1</guid><link>https://e.org/2</link>"), "https://e.org/1");
    assert_eq!(id("<guid>urn:uuid:1</guid>"), "urn:uuid:1");
    assert_eq!(id("<guid> 7 </guid>"), "https://www.example.org/feed.xml#7");
    assert_eq!(id("<link>https://e.org/2</link>"), "https://e.org/2");
    let digest = id("<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>");
    assert!(
        digest.starts_with("https://www.example.org/feed.xml#") && digest.len() == 57,
        "{digest}"
    );
    assert_eq!(digest, id("<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>"));
    assert_ne!(digest, id("<pubDate>Mon, 23 Nov 2026 10:00:01 GMT</pubDate>"));
    assert!(id(&format!("<guid>{}</guid>", "x".repeat(5_000))).len() < 100);
}

#[test]
fn a_guid_that_several_items_share_does_not_hide_them() {
    let item =
        |n: u32| format!("<item><guid>same</guid><title>t{n}</title><link>/{n}</link></item>");
    let document = read(&rss(&format!("{}{}{}", item(1), item(2), item(2))));
    assert_eq!(document.posts.len(), 2, "and an equal item comes once");
}

#[test]
fn titles_are_unescaped_as_often_as_they_were_escaped() {
    check_text("<title>AT&amp;T</title>", "AT&T");
    check_text("<title>AT&amp;amp;T</title>", "AT&T");
    check_text("<title>AT&amp;amp;amp;T</title>", "AT&T");
    check_text("<title>it&amp;#8217;s &lt;b&gt;bold&lt;/b&gt;</title>", "it’s bold");
    check_text("<title>a &lt; b and 2 &lt;3</title>", "a < b and 2 <3");
    check_text("<title><![CDATA[Caf&eacute; <em>x</em>]]></title>", "Café x");
    check_text("<title> two\n  lines </title>", "two lines");
}

#[test]
fn bodies_are_plain_text_and_repeat_nothing() {
    check_text("<title>Hello</title><description>Hello world</description>", "Hello world");
    check_text("<title>Hello wo…</title><description>Hello world</description>", "Hello world");
    check_text("<title>Hello</title><description/>", "Hello");
    check_text("<description>alone</description>", "alone");
    check_text(
        "<title>T</title><description>&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;</description>",
        "T\n\na",
    );
    check_text(
        "<title>T</title><description><![CDATA[a<script>x</script>b]]></description>",
        "T\n\nab",
    );
    let long = only(&format!(
        "<item><title>T</title><description>{}</description></item>",
        "word ".repeat(2_000)
    ));
    assert!(long.text.len() < 4_100 && long.text.ends_with("word…"), "{}", long.text.len());
}

#[test]
fn the_room_says_how_much_is_shown() {
    let document = rss("<item><title>T</title><description>short</description><x:encoded \
         xmlns:x='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;long&lt;/p&gt;</x:encoded></item>");
    for (excerpt, expected) in
        [(Excerpt::Title, "T"), (Excerpt::Summary, "T\n\nshort"), (Excerpt::Full, "T\n\nlong")]
    {
        assert_eq!(&*read_as(document.as_bytes(), excerpt).unwrap().posts[0].text, expected);
    }
}

#[track_caller]
fn check_date(date: &str, expected: &str) {
    let post = only(&format!("<item><title>t</title><pubDate>{date}</pubDate></item>"));
    assert_eq!(post.published.to_string(), expected, "{date}");
}

#[test]
fn dates_are_read_as_they_are_written_and_never_lie_ahead() {
    check_date("Mon, 23 Nov 2026 10:00:00 EST", "2026-11-23T12:00:00Z");
    check_date("Sun, 22 Nov 2026 10:00:00 EST", "2026-11-22T15:00:00Z");
    check_date("Wed, 22 November 2026 10:00 +0000", "2026-11-22T10:00:00Z");
    check_date("2026-11-22T10:00:00+02:00", "2026-11-22T08:00:00Z");
    check_date("Sun, 22 Nov 2026 10:00:00 CET", "2026-11-22T09:00:00Z");
    check_date("Sun, 22 Nov 2026 10:00:00 CEST", "2026-11-22T08:00:00Z");
    check_date("Sun, 22 Nov 2026 10:00:00 JST", "2026-11-22T01:00:00Z");
    check_date("Sat, 01 Jan 2999 00:00:00 GMT", "2026-11-23T12:00:00Z");
    check_date("the day before yesterday", "2026-11-23T12:00:00Z");
}

#[test]
fn authors_are_people_without_their_mail() {
    let author = |tag: &str| only(&format!("<item><title>t</title>{tag}</item>")).author;
    assert_eq!(author("<dc:creator>Ada Lovelace</dc:creator>").name, "Ada Lovelace");
    let ada = author("<author>ada@example.org (Ada)</author>");
    assert_eq!((ada.name.as_str(), ada.id.native.contains('@')), ("Ada", false));
    assert_eq!(author("<author>ada@example.org</author>").name, "The & News");
    assert_eq!(author("").id.native, "https://www.example.org/feed.xml");
}

#[test]
fn pictures_come_from_where_feeds_put_them() {
    let media = |tag: &str| only(&format!("<item><title>t</title>{tag}</item>")).media;
    let [picture] =
        &media("<enclosure url='http://e.org/a.jpg' type='image/jpeg' length='1'/>")[..]
    else {
        panic!()
    };
    assert_eq!(picture.picture.as_deref(), Some("https://e.org/a.jpg"));
    let [film] = &media(
        "<media:group><media:content url='https://e.org/f.mp4' type='video/mp4'/><media:title>F</media:title>\
         <media:thumbnail url='https://e.org/f.jpg' width='480' height='360'/></media:group>",
    )[..] else {
        panic!()
    };
    assert_eq!((film.kind, film.size_px), (MediaKind::Video, Some((480, 360))));
    assert_eq!((film.picture.as_deref(), &*film.description), (Some("https://e.org/f.jpg"), "F"));
    let inline = media("<description>&lt;img src='/b.png' alt='B'&gt; text</description>");
    assert_eq!(inline[0].picture.as_deref(), Some("https://www.example.org/b.png"));
    assert_eq!(&*inline[0].description, "B");
    assert!(
        media("<enclosure url='https://e.org/a.mp3' type='audio/mpeg' length='1'/>").is_empty()
    );
}

#[test]
fn atom_and_json_are_feeds_too() {
    let document = read(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="de">
        <title type="text">A &amp;amp; B</title><id>urn:f</id><updated>2026-11-23T10:00:00Z</updated>
        <entry><id>urn:1</id><title type="html">x &amp;amp; y</title><updated>2026-11-23T10:00:00Z</updated>
        <link rel="self" href="https://e.org/self"/><link href="https://e.org/1"/>
        <author><name>Ada</name><uri>https://e.org/ada</uri></author>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>z</p></div></content></entry>
        <at:deleted-entry ref="urn:0" when="2026-11-23T10:00:00Z"/></feed>"#,
    );
    let post = &document.posts[0];
    assert_eq!((&*post.text, post.link.as_deref()), ("x & y\n\nz", Some("https://e.org/1")));
    assert_eq!(post.author.id.native, "https://e.org/ada");
    assert_eq!(document.deleted, [PostId::new("feed", "urn:0")]);

    let document = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","language":"en","items":[
        {"id":"1","url":"https://e.org/1","content_text":"a <b> c","date_published":"2026-11-23T10:00:00Z",
         "attachments":[{"url":"https://e.org/p.png","mime_type":"image/png"}]},
        {"id":"2","content_html":"<p>Hi &amp; bye</p>"}, {"id":"3"}]}"#,
    );
    let texts: Vec<&str> = document.posts.iter().map(|post| &*post.text).collect();
    assert_eq!((texts, document.n_skipped), (vec!["a <b> c", "Hi & bye"], 1));
    assert_eq!(document.posts[0].media.len(), 1);
    assert_eq!(document.posts[0].languages, ["en"]);
}

#[track_caller]
fn check_refused(bytes: &[u8], expected: &str) {
    let err = read_as(bytes, Excerpt::Summary).unwrap_err();
    assert!(err.to_string().contains(expected), "{err}");
}

#[test]
fn what_is_no_feed_says_so() {
    check_refused(b"", "neither RSS nor Atom");
    check_refused(b"\n <!DOCTYPE html><html><body>Sorry</body></html>", "web page");
    check_refused(b"<HTML><title>503</title>", "web page");
    check_refused(b"<opml version='2.0'/>", "neither RSS nor Atom");
    check_refused(b"{\"error\":\"no\"}", "JSON");
    check_refused(b"<rss version='2.0'>", "no readable feed");
    check_refused(format!("<rss version='2.0'>{}", "<a>".repeat(1_000)).as_bytes(), "nests");
}

#[test]
fn a_value_that_the_parser_cannot_bear_is_an_error() {
    let duration = "9".repeat(40);
    let document =
        rss(&format!("<item><title>t</title><itunes:duration>{duration}</itunes:duration></item>"));
    check_refused(document.as_bytes(), "cannot bear");
}

#[test]
fn other_character_sets_are_read() {
    let latin =
        b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>x</title>\
        <item><title>caf\xe9</title></item></channel></rss>";
    assert_eq!(&*read_as(latin, Excerpt::Summary).unwrap().posts[0].text, "café");
}

#[test]
fn of_a_huge_feed_only_the_newest_items_are_read() {
    let items: String = (0..600).map(|n| format!("<item><title>t{n}</title></item>")).collect();
    let document = read(&rss(&items));
    assert_eq!((document.posts.len(), document.n_skipped), (MAX_ITEMS, 100));
}

/// The captured feeds, if this machine has them.
fn captures() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(folder) = env::var_os("VIGIE_DATA") else {
        eprintln!("SKIPPED: VIGIE_DATA is not set, so the captured feeds are not read");
        return Vec::new();
    };
    let folder = PathBuf::from(folder).join("captures/rss");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|err| panic!("{}: {err}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// What a document gave, without a word of it.
fn shape(document: &Document) -> String {
    let posts = &document.posts;
    let count = |fits: &dyn Fn(&Post) -> bool| posts.iter().filter(|post| fits(post)).count();
    format!(
        "posts {} skipped {} linked {} dated {} pictured {} films {} named {} languages {}",
        posts.len(),
        document.n_skipped,
        count(&|post| post.link.is_some()),
        count(&|post| post.published < post.received),
        count(&|post| !post.media.is_empty()),
        count(&|post| post.media.iter().any(|media| media.kind == MediaKind::Video)),
        count(&|post| post.author.name.len() > 1),
        count(&|post| !post.languages.is_empty()),
    )
}

#[test]
fn captured_feeds_give_their_items() {
    let shapes: Vec<String> = captures()
        .iter()
        .map(|(path, bytes)| {
            let document = read_as(bytes, Excerpt::Summary);
            let document = document.unwrap_or_else(|err| panic!("{}: {err}", path.display()));
            for post in &document.posts {
                assert!(!post.text.contains("</"), "{}", path.display());
                assert!(post.spans.iter().all(|span| !post.span_text(span).is_empty()));
            }
            format!("{}: {}", path.file_name().unwrap().display(), shape(&document))
        })
        .collect();
    if !shapes.is_empty() {
        assert_eq!(shapes.join("\n"), EXPECTED_SHAPES.trim());
    }
}

const EXPECTED_SHAPES: &str = "
atom_example_6.xml: posts 4 skipped 0 linked 4 dated 4 pictured 0 films 0 named 4 languages 4
atom_example_7.xml: posts 1 skipped 0 linked 0 dated 1 pictured 0 films 0 named 1 languages 0
atom_example_reddit.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
atom_mediarss_reddit_1.xml: posts 25 skipped 0 linked 25 dated 25 pictured 1 films 0 named 25 languages 0
atom_mediarss_youtube_1.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 1 named 1 languages 0
jsonfeed_elastic_1.1.json: posts 3 skipped 0 linked 3 dated 2 pictured 0 films 0 named 3 languages 3
rss_1.0_biorxiv.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
rss_2.0_anchorfm.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_bbc.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 1
rss_2.0_ch9.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 1 named 1 languages 1
rss_2.0_cloudflare.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
rss_2.0_element_io.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
rss_2.0_heated.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_ilgiornale.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_matrix.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
rss_2.0_nightvale.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_reddit.xml: posts 1 skipped 0 linked 1 dated 1 pictured 0 films 0 named 1 languages 0
rss_2.0_rps.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_spreaker.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
rss_2.0_vimeo_media.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 0
rss_2.0_wirecutter.xml: posts 1 skipped 0 linked 1 dated 1 pictured 1 films 0 named 1 languages 1
";

#[test]
fn captured_feeds_cut_anywhere_never_panic() {
    for (_, bytes) in captures() {
        for end in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            read_as(&bytes[..end], Excerpt::Full).ok();
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as(&bytes, Excerpt::Full).ok();
    }

    #[test]
    fn any_marks_in_an_item_are_an_answer(
        item in "(<title>|</title>|<description>|</description>|&lt;a href='|&gt;|&amp;|<guid>|</guid>|é|#a|\\PC){0,30}"
    ) {
        if let Ok(document) = read_as(rss(&format!("<item>{item}</item>")).as_bytes(), Excerpt::Full) {
            for post in &document.posts {
                prop_assert!(post.spans.iter().all(|span| !post.span_text(span).is_empty()));
            }
        }
    }
}
