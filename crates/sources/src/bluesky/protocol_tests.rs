//! Resuming, repeating, missing and catching up, frame by frame.

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn server(text: &str) -> Server {
    Server::new(Url::parse(text).unwrap())
}

fn ago(secs: i64) -> Timestamp {
    NOW.plus(-secs * 1_000_000)
}

fn frame(seq: u64, at: Timestamp) -> Frame {
    Frame::Event(Event { seq, at, content: Content::Other })
}

fn at_seq(host: &str, seq: u64, secs_ago: i64) -> Position {
    Position { at: ago(secs_ago), seq: Some((host.into(), seq)), has_read_seq: true }
}

fn at_time(secs_ago: i64) -> Position {
    Position { at: ago(secs_ago), seq: None, has_read_seq: false }
}

#[track_caller]
fn check_address(server: &Server, resume: Option<&Position>, expected: &[&str]) {
    let dids = ["did:plc:a".to_owned()];
    let url = server.stream(resume, &dids, Some(7));
    let query = url.query().unwrap();
    for part in expected {
        assert!(query.split('&').any(|pair| pair == *part), "{part} is missing in {query}");
    }
}

#[test]
fn asks_each_wire_in_its_own_words() {
    let v2 = server("wss://one.example");
    assert_eq!(v2.url.path(), "/xrpc/network.bsky.jetstream.subscribeEvents");
    let words = ["kinds=commit", "kinds=account", "kinds=identity", "zstdDictionary=7"];
    check_address(&v2, None, &words);
    check_address(&v2, None, &["collections=app.bsky.feed.post", "dids=did%3Aplc%3Aa"]);
    assert!(!v2.stream(None, &[], None).query().unwrap().contains("cursor"));
    let v1 = server("wss://one.example/subscribe");
    let words = ["wantedCollections=app.bsky.feed.post", "wantedDids=did%3Aplc%3Aa"];
    check_address(&v1, None, &words);
}

#[test]
fn a_number_is_for_its_own_host_and_a_time_for_all() {
    let here = at_seq("one.example", 42, 10);
    check_address(&server("wss://one.example"), Some(&here), &["cursor=42"]);
    let by_time = format!("cursor={}", ago(12).as_micros());
    check_address(&server("wss://two.example"), Some(&here), &[&by_time]);
    check_address(&server("wss://one.example:444"), Some(&here), &[&by_time]);
    check_address(&server("wss://one.example/subscribe"), Some(&here), &[&by_time]);
    check_address(&server("wss://one.example"), Some(&here.without_seq()), &[&by_time]);
}

#[test]
fn a_place_survives_as_text() {
    let floor = at_seq("one.example:444", 42, 10).at_floor(50).unwrap();
    for position in [at_time(10), at_seq("one.example:444", 42, 10), floor] {
        assert_eq!(Position::parse(&position.cursor()), Some(position));
    }
    for text in ["", "x", "1 x host", "1 =x host"] {
        assert_eq!(Position::parse(&Cursor(text.into())), None, "{text}");
    }
}

/// Feeds frames and says which of them were new.
fn feed(stream: &mut Stream, seen: &mut Seen, frames: &[(u64, Timestamp)]) -> Vec<u64> {
    let mut new = Vec::new();
    for &(seq, at) in frames {
        let bytes = format!("{seq} {at}");
        let step = stream.on_frame(frame(seq, at), bytes.as_bytes(), seen, NOW).unwrap();
        if step.content.is_some() {
            new.push(seq);
        }
    }
    new
}

#[test]
fn v2_reads_the_event_at_its_cursor_once() {
    let server = server("wss://one.example");
    let mut stream = Stream::new(&server, Some(at_seq("one.example", 42, 10)), NOW);
    let frames = [(42, ago(10)), (43, ago(9)), (45, ago(8)), (45, ago(8))];
    assert_eq!(feed(&mut stream, &mut Seen::default(), &frames), [43, 45]);
    assert_eq!(stream.position(), Some(&at_seq("one.example", 45, 8)));
}

#[test]
fn v2_loses_nothing_at_the_floor_nor_on_another_host() {
    let one = server("wss://one.example");
    let floor = at_seq("one.example", 42, 10).at_floor(50);
    check_address(&one, floor.as_ref(), &["cursor=50"]);
    let mut stream = Stream::new(&one, floor, NOW);
    assert_eq!(feed(&mut stream, &mut Seen::default(), &[(50, ago(9)), (51, ago(8))]), [50, 51]);
    let mut stream = Stream::new(&one, Some(at_seq("two.example", 42, 10)), NOW);
    assert_eq!(feed(&mut stream, &mut Seen::default(), &[(7, ago(12)), (8, ago(9))]), [7, 8]);
}

#[test]
fn v1_reads_two_seconds_twice_and_tells_once() {
    let server = server("wss://one.example/subscribe");
    let mut seen = Seen::default();
    let frames = [(3, ago(3)), (1, ago(4)), (2, ago(2))];
    let mut stream = Stream::new(&server, None, ago(20));
    assert_eq!(feed(&mut stream, &mut seen, &frames), [3, 1, 2], "times are not in order");
    let resume = stream.position().cloned();
    assert_eq!(resume, Some(at_time(2)));
    assert_eq!(resume, resume.as_ref().and_then(|resume| Position::parse(&resume.cursor())));
    let mut stream = Stream::new(&server, resume, NOW);
    assert_eq!(feed(&mut stream, &mut seen, &[frames[0], frames[2], (4, ago(1))]), [4]);
}

#[test]
fn memory_of_what_was_seen_has_a_limit() {
    let mut seen = Seen::default();
    const N_FRAMES: u64 = 100_000;
    for idx in 0..N_FRAMES {
        assert!(seen.insert(&idx.to_le_bytes()));
    }
    assert!((N_FRAMES - 512..N_FRAMES).all(|idx| !seen.insert(&idx.to_le_bytes())), "the newest");
    assert_eq!(seen.sets.len(), N_SETS);
    seen.clear();
    assert!(seen.insert(&0_u64.to_le_bytes()));
}

#[track_caller]
fn check_gap(address: &str, resumed_secs_ago: i64, first_secs_ago: i64, expected: bool) {
    let mut stream = Stream::new(&server(address), Some(at_time(resumed_secs_ago)), NOW);
    let first = frame(1, ago(first_secs_ago));
    let step = stream.on_frame(first, b"1", &mut Seen::default(), NOW).unwrap();
    assert_eq!(step.gap, expected);
    let second = frame(2, ago(0));
    assert!(!stream.on_frame(second, b"2", &mut Seen::default(), NOW).unwrap().gap);
}

#[test]
fn v1_says_nothing_of_a_gap_and_we_see_it() {
    check_gap("wss://one.example/subscribe", 200_000, 86_400, true);
    check_gap("wss://one.example/subscribe", 80_000, 79_999, false);
    check_gap("wss://one.example/subscribe", 60, 1, false);
    check_gap("wss://one.example", 200_000, 86_400, false);
}

#[test]
fn v2_says_that_a_time_was_too_old() {
    let mut stream = Stream::new(&server("wss://one.example"), Some(at_time(200_000)), NOW);
    let advice = Frame::Advice("OutdatedCursor".into());
    let step = stream.on_frame(advice, b"", &mut Seen::default(), NOW).unwrap();
    assert!(step.gap && step.content.is_none());
    let other = Frame::Advice("Maintenance".into());
    assert_eq!(stream.on_frame(other, b"", &mut Seen::default(), NOW).unwrap(), Step::default());
}

#[test]
fn catches_up_once() {
    let mut stream = Stream::new(&server("wss://one.example"), Some(at_time(500)), NOW);
    let mut seen = Seen::default();
    let mut caught_up = |seq, secs_ago| {
        stream.on_frame(frame(seq, ago(secs_ago)), b"", &mut seen, NOW).unwrap().caught_up
    };
    assert_eq!([caught_up(1, 499), caught_up(2, 29), caught_up(3, 1)], [false, true, false]);
    let mut stream = Stream::new(&server("wss://one.example"), Some(at_time(500)), NOW);
    assert!(!stream.is_live());
    assert_eq!((stream.ran_dry(), stream.ran_dry()), (true, false));
    assert!(Stream::new(&server("wss://one.example"), None, NOW).is_live());
}

#[test]
fn a_time_from_the_future_does_not_move_the_cursor_there() {
    let mut stream = Stream::new(&server("wss://one.example/subscribe"), None, NOW);
    feed(&mut stream, &mut Seen::default(), &[(1, ago(-9_999))]);
    assert_eq!(stream.position().unwrap().at, NOW);
}

#[test]
fn a_live_stream_that_breaks_before_its_first_event_loses_none() {
    let stream = Stream::new(&server("wss://one.example"), None, NOW);
    assert!(stream.is_live());
    assert_eq!(stream.position(), Some(&at_time(0)));
}

#[test]
fn a_fault_ends_the_stream() {
    let mut stream = Stream::new(&server("wss://one.example"), None, NOW);
    let mut end = |name: &str| {
        let fault = Frame::Fault(name.into());
        stream.on_frame(fault, b"", &mut Seen::default(), NOW).unwrap_err().to_string()
    };
    assert_eq!(end("ConsumerTooSlow"), "the network cut us off: we read too slowly");
    assert_eq!(end("Internal\u{202e}<b>"), "the network ended the stream: Internalb");
}

#[track_caller]
fn check_refusal(body: &str, expected: &Refusal) {
    assert_eq!(refusal(body.as_bytes()), *expected);
}

#[test]
fn reads_why_a_stream_was_refused() {
    check_refusal(
        r#"{"error":"CursorTooOld","message":"cursor 5 below lookback floor 77; re-backfill"}"#,
        &Refusal::CursorTooOld { floor: Some(77) },
    );
    check_refusal(r#"{"error":"CursorTooOld"}"#, &Refusal::CursorTooOld { floor: None });
    check_refusal(r#"{"error":"UnknownZstdDictionary"}"#, &Refusal::UnknownDictionary);
    check_refusal(r#"{"error":"InvalidRequest"}"#, &Refusal::Other);
    check_refusal("<html>", &Refusal::Other);
}
