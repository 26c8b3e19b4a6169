//! HTML into plain text with links, hashtags and pictures beside it.
//!
//! A token stream is enough for that: there is no tree, so no depth that could overflow a stack, and the work is
//! linear in the input.
//! Markup is never shown, scripts and styles are dropped, character references are read as browsers read them.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};
use smol_str::SmolStr;
use url::Url;

use crate::{
    model::{AuthorId, Span, SpanKind},
    record::cut,
    spans,
};

/// What an item shows is at most some kilobytes; of a whole book only the beginning is read.
const MAX_HTML_BYTES: usize = 512 * 1_024;

/// More pictures than this are decoration.
const MAX_PICTURES: usize = 8;

/// Text that was HTML.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Prose {
    /// The text, trimmed; blocks end with a line break.
    pub text: String,
    /// Links, and those links that are hashtags or mentions.
    pub spans: Vec<Span>,
    /// The pictures in it: address and description.
    pub pictures: Vec<(Url, String)>,
}

/// Reads `html`; relative addresses are relative to `base`, accounts belong to `network`.
pub(super) fn to_prose(html: &str, base: Option<&Url>, network: &str) -> Prose {
    let writer = Writer { base, network, ..Writer::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(writer)), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(cut(html, MAX_HTML_BYTES)));
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

/// Whether `text` holds markup or character references, as text does that was escaped once too often.
pub(super) fn looks_escaped(text: &str) -> bool {
    has_reference(text) || has_tag(text)
}

/// Whether there is a whole character reference such as `&amp;` or `&#8217;`.
fn has_reference(text: &str) -> bool {
    text.match_indices('&').any(|(start, _)| {
        let rest = text.get(start + 1..).unwrap_or_default();
        let name = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '#'));
        matches!(name, Some(2..=8) if rest.as_bytes().get(name.unwrap_or(0)) == Some(&b';'))
    })
}

/// Whether there is a tag that feeds use; a lone `<` is none.
fn has_tag(text: &str) -> bool {
    const NAMES: [&str; 14] =
        ["a", "b", "br", "div", "em", "h1", "h2", "i", "img", "li", "p", "span", "strong", "ul"];
    text.match_indices('<').any(|(start, _)| {
        let rest = text.get(start + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(0);
        let name = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        let closes = rest.get(end..).is_some_and(|rest| {
            rest.starts_with(['>', '/']) || rest.starts_with(' ') && rest.contains('>')
        });
        closes && NAMES.contains(&name.as_str())
    })
}

/// The tokenizer calls its sink through a shared reference.
struct Sink<'page>(RefCell<Writer<'page>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => writer.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return writer.start(&tag),
            Token::TagToken(tag) => writer.end(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Writer<'page> {
    base: Option<&'page Url>,
    network: &'page str,
    prose: Prose,
    /// White space that becomes real once a word follows.
    gap: Gap,
    /// Where the open link began, and where it leads.
    link: Option<(usize, Url)>,
    /// The element whose text is dropped.
    dropped: Option<SmolStr>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    Nothing,
    Space,
    Line,
    Paragraph,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        if self.dropped.is_some() {
            return;
        }
        for letter in text.chars() {
            if letter.is_ascii_whitespace() {
                self.widen(Gap::Space);
            } else if !letter.is_control() {
                self.close_gap();
                self.prose.text.push(letter);
            }
        }
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Writes the white space that was held back, and moves the beginning of an empty link behind it.
    fn close_gap(&mut self) {
        let before = self.prose.text.len();
        if before > 0 {
            self.prose.text.push_str(match self.gap {
                Gap::Nothing => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::Nothing;
        if let Some((start, _)) = &mut self.link
            && *start == before
        {
            *start = self.prose.text.len();
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        match name {
            "br" => self.widen(Gap::Line),
            "li" => {
                self.widen(Gap::Line);
                self.close_gap();
                self.prose.text.push('•');
                self.gap = Gap::Space;
            }
            "a" => self.open_link(tag),
            "img" => self.picture(tag),
            _ => self.widen(gap_around(name)),
        }
        let raw = match name {
            "script" => RawKind::ScriptData,
            "style" | "iframe" | "noembed" | "noframes" | "noscript" | "xmp" => RawKind::Rawtext,
            "title" | "textarea" => RawKind::Rcdata,
            _ => return TokenSinkResult::Continue,
        };
        self.dropped = Some(SmolStr::new(name));
        TokenSinkResult::RawData(raw)
    }

    fn end(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if self.dropped.as_deref() == Some(name) {
            self.dropped = None;
        } else if name == "a" {
            self.close_link();
        } else {
            self.widen(gap_around(name));
        }
    }

    fn open_link(&mut self, tag: &Tag) {
        self.close_link();
        if let Some(url) = attribute(tag, "href").and_then(|href| self.resolve(href)) {
            self.link = Some((self.prose.text.len(), url));
        }
    }

    fn close_link(&mut self) {
        let Some((start, url)) = self.link.take() else { return };
        let words = self.prose.text.get(start..).unwrap_or_default();
        let name = words.get(1..).filter(|name| !name.is_empty() && !name.contains(' '));
        let kind = match (words.chars().next(), name) {
            (None, _) => return,
            (Some('#'), Some(tag)) => SpanKind::Tag(SmolStr::new(tag)),
            (Some('@'), Some(handle)) => SpanKind::Mention(AuthorId::new(self.network, handle)),
            _ => SpanKind::Link(url.as_str().into()),
        };
        if self.prose.spans.len() < spans::MAX_SPANS {
            self.prose.spans.extend(spans::span(start, self.prose.text.len(), kind));
        }
    }

    fn picture(&mut self, tag: &Tag) {
        let tiny = |side| attribute(tag, side).is_some_and(|size| matches!(size, "0" | "1" | "2"));
        if tiny("width") || tiny("height") || self.prose.pictures.len() >= MAX_PICTURES {
            return;
        }
        if let Some(url) = attribute(tag, "src").and_then(|src| self.resolve(src)) {
            let alt = attribute(tag, "alt").unwrap_or_default();
            self.prose.pictures.push((url, alt.trim().to_owned()));
        }
    }

    fn resolve(&self, address: &str) -> Option<Url> {
        let url = match self.base {
            Some(base) => base.join(address.trim()),
            None => Url::parse(address.trim()),
        };
        // An address that cannot be read leads nowhere; its words stay.
        url.ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }

    fn finish(mut self) -> Prose {
        self.close_link();
        self.prose
    }
}

fn attribute<'tag>(tag: &'tag Tag, name: &str) -> Option<&'tag str> {
    tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| &*attr.value)
}

/// The white space that an element begins and ends with.
fn gap_around(name: &str) -> Gap {
    match name {
        "p" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table"
        | "pre" | "figure" | "section" | "article" => Gap::Paragraph,
        "div" | "tr" | "dt" | "dd" | "figcaption" | "header" | "footer" | "hr" => Gap::Line,
        "td" | "th" | "img" => Gap::Space,
        _ => Gap::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prose(html: &str) -> Prose {
        to_prose(html, Some(&Url::parse("https://example.org/blog/").unwrap()), "feed")
    }

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(prose(html).text, expected);
    }

    #[track_caller]
    fn check_span(html: &str, words: &str, kind: &SpanKind) {
        let prose = prose(html);
        let [span] = prose.spans.as_slice() else { panic!("{prose:?}") };
        assert_eq!((prose.text.get(span.range()), &span.kind), (Some(words), kind));
    }

    #[test]
    fn text_reads_as_a_browser_shows_it() {
        check("plain", "plain");
        check("  a \n\t b  ", "a b");
        check("<p>one</p><p>two</p>", "one\n\ntwo");
        check("one<br/>two<br>three", "one\ntwo\nthree");
        check("<ul><li>a</li><li>b</li></ul>c", "• a\n• b\n\nc");
        check("<b>bo</b>ld <i>it</i>", "bold it");
        check("caf&eacute; &amp; &#8217;&#x1F600; &unknown; AT&T", "café & ’😀 &unknown; AT&T");
        check("1 < 2 <3", "1 < 2 <3");
        check("<div>a</div> <div>b</div>", "a\nb");
        check("<td>a</td><td>b</td>", "a b");
        check("a&nbsp;b", "a\u{a0}b");
        check("<![CDATA[x]]>y<!-- z -->", "y");
        check("", "");
    }

    #[test]
    fn what_is_not_text_is_dropped() {
        check("a<script>if (1<2) alert('</p>')</script>b", "ab");
        check("a<style>p { }</style>b<title>t</title>c", "abc");
        check("<script>never closed", "");
        check("a<iframe src='x'>old</iframe>b", "ab");
        check("a\u{1}\u{7}b", "ab");
    }

    #[test]
    fn links_keep_their_address() {
        let link = |address: &str| SpanKind::Link(address.into());
        check_span(
            "a <a href='../x?a=1&amp;b=2'>b c</a> d",
            "b c",
            &link("https://example.org/x?a=1&b=2"),
        );
        check_span("<a href='https://e.org/'><p>x</p></a>", "x", &link("https://e.org/"));
        check_span("<a href='//e.org/y'>never closed", "never closed", &link("https://e.org/y"));
        check_span("<a href=/t>#<span>train</span></a>", "#train", &SpanKind::Tag("train".into()));
        let ada = SpanKind::Mention(AuthorId::new("feed", "ada"));
        check_span("<a href=/ada>@<span>ada</span></a>", "@ada", &ada);
        assert_eq!(prose("<a href='javascript:x'>a</a><a href='#'></a><a>b</a>").spans, []);
    }

    #[test]
    fn pictures_are_collected_but_not_the_counting_ones() {
        let prose =
            prose("<img src=a.png alt=' A '><img src=b.gif width=1><img><img src='data:x'>");
        assert_eq!(prose.pictures.len(), 1);
        assert_eq!(prose.pictures[0].0.as_str(), "https://example.org/blog/a.png");
        assert_eq!(prose.pictures[0].1, "A");
    }

    #[test]
    fn escaped_text_is_told_from_plain_text() {
        for text in ["a &amp; b", "&#39;", "<b>x</b>", "x<br/>", "<p class='x'>y", "&hellip;"] {
            assert!(looks_escaped(text), "{text}");
        }
        for text in ["AT&T; x", "a < b > c", "<3", "R&D", "if a<b then", "&;", "a & b; c", "<-- x"]
        {
            assert!(!looks_escaped(text), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        assert_eq!(prose(&"<div>".repeat(100_000)).text, "");
    }

    proptest! {
        #[test]
        fn any_text_gives_spans_that_fit(html in "(<a href='/x'>|</a>|<p>|&amp;|&#|<|>|é| |<script>|#|\\PC){0,40}") {
            let prose = prose(&html);
            for span in &prose.spans {
                prop_assert!(span.start < span.end);
                prop_assert!(prose.text.get(span.range()).is_some());
            }
        }
    }
}
