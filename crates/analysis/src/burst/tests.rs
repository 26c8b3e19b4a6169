//! Bursts as a stream shows them.

use smol_str::SmolStr;

use super::*;

/// A stream of one post a second by ever other authors, and what the watch says of it.
struct Stream {
    watch: TermWatch,
    at: i64,
    n_posts: u32,
    bursts: Vec<Burst>,
}

impl Stream {
    fn new() -> Self {
        Self { watch: TermWatch::new(&[15]), at: 0, n_posts: 0, bursts: Vec::new() }
    }

    fn say(&mut self, author: u32, terms: &[&str]) {
        let terms: Vec<SmolStr> = terms.iter().map(SmolStr::new).collect();
        self.n_posts += 1;
        self.watch.add(&Said { at: self.at, post: self.n_posts, author, terms: &terms, keys: &[] });
    }

    /// Lets a second pass in which people speak of this and that.
    fn pass(&mut self) {
        for voice in 0..5 {
            let terms =
                [format!("word{}", (self.at * 7 + voice) % 300), format!("once{}", self.n_posts)];
            self.say(self.n_posts, &[&terms[0], &terms[1]]);
        }
        self.at += 1;
        if self.at % STEP_SECS == 0 {
            self.bursts.extend(self.watch.close(self.at));
        }
    }

    fn wait(&mut self, secs: i64) {
        (0..secs).for_each(|_| self.pass());
    }

    fn terms(&self) -> Vec<&str> {
        self.bursts.iter().map(|burst| burst.term.as_str()).collect()
    }
}

#[test]
fn a_burst_is_told_once_and_soon() {
    let mut stream = Stream::new();
    stream.wait(1_200);
    for _ in 0..60 {
        stream.say(stream.n_posts, &["#panne", "panne", "signal", "panne de signal"]);
        stream.wait(4);
    }
    assert_eq!(stream.bursts.len(), 1, "{:?}", stream.terms());
    let burst = &stream.bursts[0];
    assert!(burst.at - 1_200 < 30 && burst.rise.ratio > 10.0 && burst.evidence.n_authors >= 5);
    assert!(burst.term == "panne de signal" || burst.names.iter().any(|name| name == "#panne"));
    let view = &stream.watch.rising(stream.at, 15, &[(0, 20), (21, 40)])[0];
    assert_eq!((view.n_posts, view.parts.iter().sum::<u64>()), (60, 60));
}

#[test]
fn floods_by_few_and_busy_tags_and_a_surge_are_no_bursts() {
    let mut stream = Stream::new();
    for second in 0..3_000 {
        if second % 3 == 0 {
            stream.say(stream.n_posts, &["#always"]);
        }
        if (1_500..1_700).contains(&second) {
            stream.say(second % 3, &["#flood"]);
        }
        stream.pass();
        if (2_000..2_300).contains(&second) {
            // Three times as much of everything.
            stream.at -= 1;
            stream.pass();
            stream.at -= 1;
            stream.pass();
            if second % 3 == 0 {
                stream.say(stream.n_posts, &["#always"]);
                stream.say(stream.n_posts + 1, &["#always"]);
            }
        }
    }
    assert_eq!(stream.terms(), Vec::<&str>::new());
}

#[test]
fn what_returns_every_ten_minutes_is_known() {
    let mut stream = Stream::new();
    for second in 0..4_000 {
        if second % 600 < 60 && second % 2 == 0 {
            stream.say(stream.n_posts, &["#returns"]);
        }
        stream.pass();
    }
    assert_eq!(stream.terms(), Vec::<&str>::new());
}

#[test]
fn a_flood_of_distinct_terms_keeps_memory_bounded_and_bursts_seen() {
    let mut stream = Stream::new();
    stream.wait(700);
    for round in 0..20_000 {
        let terms: Vec<String> = (0..30).map(|term| format!("new{round}x{term}")).collect();
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        stream.say(stream.n_posts, &terms);
        if round % 20 == 0 {
            stream.pass();
        }
    }
    assert!(stream.watch.tracked.len() <= MAX_TRACKED + MAX_KEYS);
    for _ in 0..30 {
        stream.say(stream.n_posts, &["#late"]);
        stream.wait(2);
    }
    assert_eq!(stream.terms(), ["#late"]);
}

#[test]
fn what_is_taken_out_has_not_been() {
    let mut stream = Stream::new();
    stream.wait(1_200);
    let mut watch = stream.watch.clone();
    let terms = [SmolStr::new("gone")];
    for post in 0..20 {
        watch.add(&Said { at: 1_200, post, author: post, terms: &terms, keys: &[] });
    }
    for post in 0..20 {
        watch.take(1_200, post, &[TermKey::of("gone")]);
    }
    assert_eq!(watch.close(1_202), Vec::new());
    assert!(watch.rising(1_201, 15, &[]).iter().all(|view| view.name != "gone"));
    assert_eq!(watch.n_posts(1_201, 15), stream.watch.n_posts(1_201, 15));
}

proptest::proptest! {
    #[test]
    fn any_times_are_borne(times in proptest::collection::vec(proptest::num::i64::ANY, 0..50)) {
        let mut watch = TermWatch::new(&[1, 240]);
        let terms = [SmolStr::new("a"), SmolStr::new("b c")];
        for (post, at) in (0..).zip(&times) {
            let at = at / 4;
            watch.add(&Said { at, post, author: post, terms: &terms, keys: &[] });
            watch.close(at);
            assert!(watch.rising(at, 240, &[]).len() <= 2);
        }
        for (post, at) in (0..).zip(&times) {
            watch.take(at / 4, post, &[TermKey::of("a"), TermKey::of("b c")]);
        }
    }
}
