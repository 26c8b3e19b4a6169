//! Streams with known bursts: what must be found in them is known, and so is what must not.
//!
//! Two hours at sixty posts a second on average, along a curve like a day's.
//! Every post is a text of a real or synthetic corpus, some with a background tag.
//! Into that go bursts (a new hashtag, a phrase of two words, an old word revived) and traps: floods by a few
//! accounts, tags that are always busy, tags that return every ten minutes, a surge of everything, and a gap
//! whose posts come late, in no order.

use std::f64::consts::TAU;

use fastrand::Rng;

/// Length of the stream.
pub(crate) const LENGTH_SECS: f64 = 7_200.0;
/// Posts a second, on average.
const POSTS_PER_SEC: f64 = 60.0;
/// Bursts start no earlier: before, nobody could know what is usual.
const FIRST_BURST_SECS: f64 = 900.0;
const N_BURSTS: usize = 40;
const N_FLOODS: usize = 12;
const N_BUSY: usize = 10;
const N_RETURNING: usize = 8;
const N_TAGS: usize = 400;
const N_AUTHORS: u32 = 30_000;
const GAP_SECS: f64 = 45.0;
/// A burst begins to be one with its fifth post.
const TRUTH_POST: usize = 5;
/// Texts in which the words of a corpus are counted.
const MAX_SAMPLE: usize = 20_000;
/// An old word is in one text of so many at most.
const RARE_ONE_IN: usize = 5_000;
/// Bursts that would have fewer posts are made longer.
const MIN_BURST_POSTS: f64 = 20.0;

/// A post of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// When it says it was published.
    pub(crate) time: f64,
    /// When it comes.
    pub(crate) comes: f64,
    pub(crate) author: u32,
    pub(crate) text: String,
}

/// A burst that must be found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Truth {
    pub(crate) term: String,
    /// When its fifth post was published.
    pub(crate) start: f64,
    /// When its last post was.
    pub(crate) end: f64,
    pub(crate) peak: f64,
    pub(crate) shape: Shape,
}

/// How a burst grows and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// At once, then it fades.
    Sharp,
    /// Over half of its time, and down again.
    Slow,
    /// At once, and as sudden an end.
    Square,
}

/// A stream and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// In the order of coming.
    pub(crate) posts: Vec<Said>,
    pub(crate) truths: Vec<Truth>,
}

/// Makes the stream of a seed from these texts.
pub(crate) fn stream(seed: u64, texts: &[String], scale: f64) -> Stream {
    Maker { rng: Rng::with_seed(seed), texts, posts: Vec::new(), truths: Vec::new(), scale }.make()
}

struct Maker<'a> {
    rng: Rng,
    texts: &'a [String],
    posts: Vec<Said>,
    truths: Vec<Truth>,
    /// Part of the usual length, for tests.
    scale: f64,
}

impl Maker<'_> {
    fn make(mut self) -> Stream {
        self.background();
        for _ in 0..self.few(N_BURSTS) {
            self.burst();
        }
        for _ in 0..self.few(N_FLOODS) {
            self.flood();
        }
        for _ in 0..self.few(N_BUSY) {
            let (tag, rate) = (self.tag(), self.between(0.3, 2.0));
            self.run(&tag, (0.0, self.length()), |_| rate, None);
        }
        for _ in 0..self.few(N_RETURNING) {
            self.returning();
        }
        self.gap();
        self.posts.sort_by(|one, other| one.comes.total_cmp(&other.comes));
        Stream { posts: self.posts, truths: self.truths }
    }

    fn length(&self) -> f64 {
        LENGTH_SECS * self.scale
    }

    fn few(&self, count: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count"
        )]
        let few = (count as f64 * self.scale).ceil() as usize;
        few
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.rng.f64()
    }

    /// Small numbers as often as large ones.
    fn log_between(&mut self, low: f64, high: f64) -> f64 {
        self.between(low.ln(), high.ln()).exp()
    }

    fn text(&mut self) -> String {
        let place = self.rng.usize(..self.texts.len().max(1));
        self.texts.get(place).cloned().unwrap_or_default()
    }

    fn background(&mut self) {
        let length = self.length();
        let (phase, depth) = (self.between(0.0, TAU), self.between(0.3, 0.7));
        let surge = self.between(0.3 * length, 0.85 * length);
        let surge = (surge, surge + self.between(60.0, 180.0));
        let tags: Vec<String> = (0..N_TAGS).map(|_| self.tag()).collect();
        let tagged = self.between(0.2, 0.5);
        let mut time = 0.0;
        while time < length {
            let curve = 1.0 + depth * (time / length * TAU + phase).sin();
            let times = if (surge.0..surge.1).contains(&time) { 3.0 } else { 1.0 };
            time += self.pause(POSTS_PER_SEC * curve * times);
            let mut text = self.text();
            if self.rng.f64() < tagged {
                // Zipf's law: the second tag is half as frequent as the first.
                let place = self.log_between(1.0, N_TAGS as f64);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "small"
                )]
                let tag = tags.get(place as usize - 1).map_or("", String::as_str);
                text = format!("{text} {tag}");
            }
            let author = self.rng.u32(..N_AUTHORS);
            self.posts.push(Said { time, comes: time, author, text });
        }
    }

    /// Time to the next post at this rate.
    fn pause(&mut self, rate: f64) -> f64 {
        -(1.0 - self.rng.f64()).ln() / rate
    }

    /// Posts with `term` at a rate that changes with time, by anyone or by these accounts; their times.
    fn run(
        &mut self,
        term: &str,
        (start, end): (f64, f64),
        rate: impl Fn(f64) -> f64,
        accounts: Option<&[u32]>,
    ) -> Vec<f64> {
        let highest = (0..=100).map(|part| rate(start + (end - start) * f64::from(part) / 100.0));
        let highest = highest.fold(1e-6, f64::max) * 1.01;
        let (mut time, mut times) = (start, Vec::new());
        loop {
            time += self.pause(highest);
            if time >= end.min(self.length()) {
                return times;
            }
            if self.rng.f64() * highest > rate(time) {
                continue;
            }
            let author = match accounts {
                Some(accounts) => accounts.get(self.rng.usize(..accounts.len())).copied(),
                None => None,
            };
            let author = author.unwrap_or_else(|| self.rng.u32(..N_AUTHORS));
            let text = self.text();
            let text = self.insert(&text, term);
            self.posts.push(Said { time, comes: time, author, text });
            times.push(time);
        }
    }

    /// `term` somewhere in `text`, sometimes in capitals.
    fn insert(&mut self, text: &str, term: &str) -> String {
        let term = match self.rng.u8(..10) {
            0 => term.to_uppercase(),
            1 => term.to_lowercase(),
            _ => term.to_owned(),
        };
        let mut words: Vec<&str> = text.split(' ').collect();
        let place = match self.rng.u8(..3) {
            0 => 0,
            1 => words.len(),
            _ => self.rng.usize(..=words.len()),
        };
        words.insert(place, &term);
        words.join(" ")
    }

    fn burst(&mut self) {
        let shape =
            *self.rng.choice(&[Shape::Sharp, Shape::Slow, Shape::Square]).unwrap_or(&Shape::Slow);
        let peak = self.log_between(0.15, 6.0);
        let part = if shape == Shape::Square { 1.0 } else { 0.45 };
        let lasts = self.log_between(60.0, 1_200.0).max(MIN_BURST_POSTS / peak / part);
        let first = FIRST_BURST_SECS.min(self.length() / 2.0);
        let start = self.between(first, (self.length() - lasts).max(first + 1.0));
        let term = match self.rng.u8(..3) {
            0 => self.tag(),
            1 => self.phrase(),
            _ => self.old_word(),
        };
        let rate = move |time: f64| {
            let part = (time - start) / lasts;
            match shape {
                Shape::Sharp => peak * (-4.0 * part).exp(),
                Shape::Slow => peak * (1.0 - (2.0 * part - 1.0).abs()),
                Shape::Square => peak,
            }
        };
        let times = self.run(&term, (start, start + lasts), rate, None);
        if let (Some(start), Some(end)) = (times.get(TRUTH_POST - 1), times.last()) {
            self.truths.push(Truth { term, start: *start, end: *end, peak, shape });
        }
    }

    fn flood(&mut self) {
        let accounts: Vec<u32> =
            (0..self.rng.usize(1..=3)).map(|_| self.rng.u32(..N_AUTHORS)).collect();
        let start = self.between(0.1 * self.length(), 0.9 * self.length());
        let (lasts, rate) = (self.between(60.0, 300.0), self.log_between(0.3, 4.0));
        let term = if self.rng.bool() { self.tag() } else { self.phrase() };
        self.run(&term, (start, start + lasts), |_| rate, Some(&accounts));
    }

    fn returning(&mut self) {
        let tag = self.tag();
        let (phase, lasts) = (self.between(0.0, 590.0), self.between(20.0, 60.0));
        let rate = self.log_between(0.4, 2.0);
        let mut start = phase;
        while start < self.length() {
            self.run(&tag, (start, start + lasts), |_| rate, None);
            start += 600.0;
        }
    }

    /// The posts of a while come late: in a heap, some with the time at which they came.
    fn gap(&mut self) {
        let start = self.between(0.3 * self.length(), 0.8 * self.length());
        let end = start + GAP_SECS;
        let restamped = self.rng.bool();
        for post_idx in 0..self.posts.len() {
            let late = self.between(0.0, 3.0);
            let Some(post) = self.posts.get_mut(post_idx) else { continue };
            if (start..end).contains(&post.time) {
                post.comes = end + late;
                if restamped {
                    post.time = post.comes;
                }
            }
        }
    }

    fn tag(&mut self) -> String {
        const PARTS: [&str; 40] = [
            "ba", "ko", "ri", "ta", "mi", "lo", "ne", "su", "da", "ve", "go", "pi", "ra", "xe",
            "zu", "fo", "ché", "ñan", "ür", "ção", "кра", "зи", "но", "вет", "مر", "حب", "نو",
            "ダン", "祭り", "東", "한", "국", "कर", "το", "νε", "łó", "ža", "ick", "ster", "ung",
        ];
        let script = match self.rng.u8(..12) {
            0 => 20..24,
            1 => 24..27,
            2 => 27..30,
            3 => 30..32,
            4 => 33..35,
            _ => 0..20,
        };
        let mut tag = String::from("#");
        for _ in 0..self.rng.usize(3..6) {
            tag.push_str(PARTS.get(self.rng.usize(script.clone())).copied().unwrap_or_default());
        }
        tag
    }

    /// A word of some text, four letters or longer.
    fn word(&mut self) -> String {
        for _ in 0..1_000 {
            let text = self.text();
            let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
            let word = self.rng.choice(words).unwrap_or_default();
            let is_spaced = word.chars().all(|c| (c as u32) < 0x0900);
            let is_scrap = word.starts_with("http");
            if word.chars().count() >= 4 && word.len() <= 30 && is_spaced && !is_scrap {
                return word.to_owned();
            }
        }
        "panneau".to_owned()
    }

    fn phrase(&mut self) -> String {
        format!("{} {}", self.word(), self.word())
    }

    /// A word that is rare in the corpus.
    fn old_word(&mut self) -> String {
        for _ in 0..200 {
            let word = self.word();
            if word.chars().count() < 5 {
                continue;
            }
            // Corpora are sorted by language: every so many texts, not the first ones.
            let sample = self.texts.iter().step_by(self.texts.len() / MAX_SAMPLE + 1);
            let n_texts = sample.clone().count();
            let n_with = sample.filter(|text| text.contains(&word)).count();
            if n_with * RARE_ONE_IN <= n_texts {
                return word;
            }
        }
        self.word()
    }
}
