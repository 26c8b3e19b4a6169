//! A stream of posts in, alerts out. What comes out depends on the posts' own times alone.

use std::{collections::VecDeque, hash::Hasher as _};

use rustc_hash::FxHasher;
use serde::Serialize;
use smol_str::SmolStr;
use vigie_analysis::{Burst, STEP_SECS, Said, TermReader, TermWatch, usual_phrase};

/// Texts that are kept for the way in which people write a term; about 10 MB.
const MAX_TEXTS: usize = 1 << 15;
/// A post this far ahead of all others has a wrong clock, unless more say the same.
const MAX_AHEAD_SECS: i64 = 600;
/// A post this far behind all others has a wrong clock, unless more say the same.
const MAX_BEHIND_SECS: i64 = 6 * 3_600;
/// So many posts in a row with the same wrong time have the right one: the stream's clock has jumped.
const MAX_ASTRAY: u32 = 50;

/// A term that bursts, as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TermAlert {
    /// When that was clear, in seconds of the posts' own time.
    pub(crate) time: i64,
    /// The term as most people write it.
    pub(crate) term: SmolStr,
    /// Posts over what was to be expected.
    pub(crate) ratio: f64,
    /// Distinct authors.
    pub(crate) authors: u64,
}

/// A stream of posts.
#[derive(Debug)]
pub(crate) struct PostStream {
    reader: TermReader,
    watch: TermWatch,
    texts: VecDeque<String>,
    /// The number of the next post.
    next: u32,
    /// The newest second that was heard of.
    now: Option<i64>,
    n_astray: u32,
    /// Posts that were passed over since their time was far off.
    pub(crate) n_skipped: u64,
}

impl PostStream {
    pub(crate) fn new() -> Self {
        Self {
            reader: TermReader::new(),
            watch: TermWatch::new(&[]),
            texts: VecDeque::new(),
            next: 0,
            now: None,
            n_astray: 0,
            n_skipped: 0,
        }
    }

    /// Takes in a post; tells the alerts of the step that ended before it.
    pub(crate) fn push(&mut self, time: i64, author: &str, text: &str) -> Vec<TermAlert> {
        let now = self.now.unwrap_or(time);
        if time > now.saturating_add(MAX_AHEAD_SECS) || time < now.saturating_sub(MAX_BEHIND_SECS) {
            self.n_astray += 1;
            if self.n_astray < MAX_ASTRAY {
                self.n_skipped += 1;
                return Vec::new();
            }
            if time < now {
                // The clock was set back: nothing that was learned has a time any more.
                self.watch = TermWatch::new(&[]);
                self.now = None;
            }
        }
        self.n_astray = 0;
        let alerts = self.pass_to(time);
        let mut hasher = FxHasher::default();
        hasher.write(author.as_bytes());
        // The upper half is the better mixed one.
        let author = (hasher.finish() >> 32) as u32;
        let terms = self.reader.terms(text);
        self.watch.add(&Said { at: time, post: self.next, author, terms: &terms, keys: &[] });
        self.next = self.next.wrapping_add(1);
        if self.texts.len() == MAX_TEXTS {
            self.texts.pop_front();
        }
        self.texts.push_back(text.to_owned());
        alerts
    }

    /// The alerts of the last step.
    pub(crate) fn finish(&mut self) -> Vec<TermAlert> {
        self.now.map_or_else(Vec::new, |now| self.pass_to(now.saturating_add(STEP_SECS)))
    }

    fn pass_to(&mut self, time: i64) -> Vec<TermAlert> {
        let before = self.now.unwrap_or(time);
        self.now = Some(before.max(time));
        if time.div_euclid(STEP_SECS) <= before.div_euclid(STEP_SECS) {
            return Vec::new();
        }
        let end = (before.div_euclid(STEP_SECS) + 1) * STEP_SECS;
        self.watch.close(end).iter().map(|burst| self.alert(burst)).collect()
    }

    fn alert(&self, burst: &Burst) -> TermAlert {
        let first = self.next.wrapping_sub(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text = |post: &u32| self.texts.get(post.wrapping_sub(first) as usize);
        let texts: Vec<&str> = burst.posts.iter().filter_map(text).map(String::as_str).collect();
        TermAlert {
            time: burst.at,
            term: usual_phrase(&texts, &burst.names),
            ratio: (burst.rise.ratio * 100.0).round() / 100.0,
            authors: burst.evidence.n_authors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of ten posts a second about this and that.
    fn usual(stream: &mut PostStream, seconds: std::ops::Range<i64>) -> Vec<TermAlert> {
        let mut alerts = Vec::new();
        for second in seconds {
            for voice in 0..10 {
                let text = format!("Parlons du sujet{} encore", (second * 7 + voice) % 400);
                alerts.extend(stream.push(second, &format!("a{second}-{voice}"), &text));
            }
        }
        alerts
    }

    fn with_burst(start: i64) -> Vec<TermAlert> {
        let mut stream = PostStream::new();
        let mut alerts = usual(&mut stream, start..start + 900);
        for second in start + 900..start + 960 {
            alerts.extend(stream.push(second, &format!("b{second}"), "C'est la #PanneGéante !"));
            alerts.extend(usual(&mut stream, second..second + 1));
        }
        alerts.extend(stream.finish());
        alerts
    }

    #[test]
    fn a_burst_is_told_once_as_people_write_it() {
        let alerts = with_burst(1_000);
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        assert_eq!(alerts[0].term, "#PanneGéante");
        assert!((1_900..1_920).contains(&alerts[0].time) && alerts[0].authors >= 5);
    }

    #[test]
    fn wrong_clocks_are_passed_over_and_jumps_are_followed() {
        let mut stream = PostStream::new();
        usual(&mut stream, 0..100);
        for time in [i64::MAX, i64::MIN, 1_000_000] {
            assert!(stream.push(time, "a", "x").is_empty());
        }
        assert_eq!((stream.n_skipped, stream.now), (3, Some(99)));
        usual(&mut stream, 1_000_000..1_000_100);
        assert_eq!(stream.now, Some(1_000_099));
        usual(&mut stream, 500..600);
        assert_eq!(stream.now, Some(599));
        stream.finish();
        assert!(PostStream::new().finish().is_empty());
    }

    #[test]
    fn the_order_within_a_step_changes_nothing() {
        assert_eq!(with_burst(5_000).len(), with_burst(-5_000).len());
    }
}
