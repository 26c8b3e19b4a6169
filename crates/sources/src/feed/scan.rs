//! A first pass over an XML feed: what the feed parser does not read, and what it should not be given.
//!
//! It finds Atom tombstones (RFC 6721) and the update period of RSS, and refuses documents that are built to cost time
//! or stack: deep nesting, tags with very many attributes.

use quick_xml::{
    NsReader, XmlVersion,
    encoding::DecodingReader,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};

/// XHTML content nests some ten deep; parsers that recurse need some hundred bytes a level.
const MAX_DEPTH: usize = 128;

/// The parser compares attributes pair by pair; Media RSS knows 14.
const MAX_ATTRIBUTES: usize = 200;

/// More tombstones than this in one document are left for the next one.
const MAX_TOMBSTONES: usize = 500;

const TOMBSTONES: Namespace<'_> = Namespace("http://purl.org/atompub/tombstones/1.0");
const SYNDICATION: Namespace<'_> = Namespace("http://purl.org/rss/1.0/modules/syndication/");

/// What the first pass found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Ids of entries that are gone.
    pub tombstones: Vec<String>,
    /// How often the feed is brought up to date, in seconds.
    pub period_secs: Option<u64>,
}

/// Why a document is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ScanError {
    /// It nests deeper than any feed.
    #[error("it nests more than {MAX_DEPTH} elements")]
    TooDeep,
    /// One of its tags has more attributes than any feed's.
    #[error("a tag has more than {MAX_ATTRIBUTES} attributes")]
    TooManyAttributes,
}

/// Reads through an XML document; one that is broken gives what was found before the break.
pub(super) fn scan(document: &[u8]) -> Result<Scan, ScanError> {
    let mut reader = NsReader::from_reader(DecodingReader::new(document));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    let mut scan = Scan::default();
    let mut period = Period::default();
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_resolved_event_into(&mut buffer) {
            Ok((namespace, Event::Start(tag))) => {
                depth += 1;
                check(&tag, depth)?;
                scan.open(&namespace, &tag);
                period.open(&namespace, &tag);
            }
            Ok((_, Event::Text(text))) => period.text(&text),
            Ok((_, Event::End(_))) => {
                depth = depth.saturating_sub(1);
                period.element = None;
            }
            // A broken document is the parser's to report.
            Ok((_, Event::Eof)) | Err(_) => break,
            Ok(_) => {}
        }
    }
    scan.period_secs = period.secs();
    Ok(scan)
}

fn check(tag: &BytesStart<'_>, depth: usize) -> Result<(), ScanError> {
    if depth > MAX_DEPTH {
        return Err(ScanError::TooDeep);
    }
    let n_attributes = tag.attributes_raw().bytes().filter(|byte| *byte == b'=').count();
    // Addresses hold `=` as well, so that a long one alone must not be taken for many attributes.
    let room = MAX_ATTRIBUTES.max(tag.attributes_raw().len() / 16);
    if n_attributes > room || n_attributes > MAX_ATTRIBUTES * 10 {
        return Err(ScanError::TooManyAttributes);
    }
    Ok(())
}

impl Scan {
    fn open(&mut self, namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) {
        let is_tombstone = *namespace == ResolveResult::Bound(TOMBSTONES)
            && tag.local_name().as_ref() == "deleted-entry";
        if !is_tombstone || self.tombstones.len() >= MAX_TOMBSTONES {
            return;
        }
        if let Ok(Some(attribute)) = tag.try_get_attribute("ref")
            && let Ok(id) = attribute.normalized_value(XmlVersion::Explicit1_0)
            && !id.trim().is_empty()
        {
            self.tombstones.push(id.trim().to_owned());
        }
    }
}

/// `sy:updatePeriod` and `sy:updateFrequency`, while they are being read.
#[derive(Default)]
struct Period {
    element: Option<Element>,
    period_secs: Option<u64>,
    frequency: Option<u64>,
}

#[derive(Clone, Copy)]
enum Element {
    Period,
    Frequency,
}

impl Period {
    fn open(&mut self, namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) {
        self.element = match (namespace, tag.local_name().as_ref()) {
            (ResolveResult::Bound(bound), "updatePeriod") if *bound == SYNDICATION => {
                Some(Element::Period)
            }
            (ResolveResult::Bound(bound), "updateFrequency") if *bound == SYNDICATION => {
                Some(Element::Frequency)
            }
            _ => None,
        };
    }

    fn text(&mut self, text: &str) {
        let Some(element) = self.element else { return };
        match element {
            Element::Period => {
                self.period_secs = match text.trim() {
                    "hourly" => Some(3_600),
                    "daily" => Some(86_400),
                    "weekly" => Some(7 * 86_400),
                    "monthly" => Some(30 * 86_400),
                    "yearly" => Some(365 * 86_400),
                    _ => None,
                };
            }
            Element::Frequency => self.frequency = text.trim().parse().ok(),
        }
    }

    fn secs(&self) -> Option<u64> {
        Some(self.period_secs? / self.frequency.unwrap_or(1).max(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tombstones_are_found_by_their_namespace() {
        let document = br#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://purl.org/atompub/tombstones/1.0">
            <d:deleted-entry ref=" tag:a&amp;b " when="2026-01-01T00:00:00Z"/>
            <d:deleted-entry ref="tag:c" when="2026-01-01T00:00:00Z"><d:by/></d:deleted-entry>
            <d:deleted-entry when="x"/><deleted-entry ref="tag:other"/></feed>"#;
        assert_eq!(scan(document).unwrap().tombstones, ["tag:a&b", "tag:c"]);
    }

    #[test]
    fn the_period_is_divided_by_the_frequency() {
        let document = br#"<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
            <sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel></rss>"#;
        assert_eq!(scan(document).unwrap().period_secs, Some(1_800));
        assert_eq!(scan(b"<rss/>").unwrap().period_secs, None);
    }

    #[test]
    fn documents_that_are_built_to_cost_are_refused() {
        assert_eq!(scan("<a>".repeat(200).as_bytes()), Err(ScanError::TooDeep));
        assert_eq!(scan("<a></a>".repeat(200).as_bytes()), Ok(Scan::default()));
        let many: String = (0..300).map(|idx| format!("a{idx}='' ")).collect();
        assert_eq!(scan(format!("<a {many}/>").as_bytes()), Err(ScanError::TooManyAttributes));
        let long = "k=v&amp;".repeat(150);
        assert_eq!(scan(format!("<a href='{long}'/>").as_bytes()), Ok(Scan::default()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            scan(&bytes).ok();
        }
    }
}
