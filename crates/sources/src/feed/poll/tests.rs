//! The poll's manners: what is asked, how long it waits, what counts as news.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{Author, AuthorId, PostId, SourceId};

const DAY: Micros = 86_400_000_000;
const EVERY: Duration = Duration::from_secs(60);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn poll() -> Poll {
    Poll::new(url("https://example.org/feed"), None)
}

fn head(status: u16) -> Head {
    Head { status, ..Head::default() }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-23T12:00:00Z").unwrap()
}

fn post(id: &str, text: &str, age: Micros) -> Post {
    let author = Author {
        id: AuthorId::new("feed", "f"),
        handle: "f".into(),
        name: "F".into(),
        avatar: None,
    };
    Post {
        id: PostId::new("feed", id),
        author: Arc::new(author),
        text: text.into(),
        spans: vec![],
        languages: vec![],
        media: vec![],
        labels: vec![],
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: now().plus(-age),
        received: now(),
        edited: None,
        source: SourceId::new("s"),
    }
}

fn document(posts: Vec<Post>, deleted: &[&str]) -> Result<Document, DecodeError> {
    let deleted = deleted.iter().map(|id| PostId::new("feed", id)).collect();
    Ok(Document { posts, deleted, n_skipped: 0, period_secs: None })
}

#[track_caller]
fn check_failure(head: &Head, n_before: u32, wait_secs: u64, expected: &str) {
    let mut pace = Pace { n_failures: n_before, ..Pace::new(EVERY) };
    let err = poll().on_head(&poll().request(), head, &mut pace, now()).unwrap_err();
    let SourceError::RateLimited { wait, why } = err else { panic!("{err:?}") };
    assert_eq!(wait, Duration::from_secs(wait_secs));
    assert!(why.contains(expected), "{why}");
}

#[test]
fn validators_are_sent_back_and_kept() {
    let mut poll = poll();
    let mut pace = Pace::new(EVERY);
    assert_eq!(poll.request().etag, None);
    let found = Head {
        etag: Some("\"v1\"".into()),
        modified: Some("Mon, 23 Nov 2026 10:00:00 GMT".into()),
        ..head(200)
    };
    let request = poll.request();
    assert_eq!(poll.on_head(&request, &found, &mut pace, now()), Ok(Answer::Document));
    let again = Poll::new(url("https://example.org/feed"), Some(&poll.cursor()));
    assert_eq!(again.request().etag.as_deref(), Some("\"v1\""));
    assert_eq!(again.request().modified, found.modified);
    assert_eq!(poll.on_head(&request, &head(304), &mut pace, now()), Ok(Answer::Unchanged));
}

#[test]
fn a_cursor_of_another_address_is_not_used() {
    let mut poll = poll();
    poll.on_document(document(vec![post("1", "a", 0)], &[]), DAY, &mut Pace::new(EVERY), now())
        .unwrap();
    assert!(!Poll::new(url("https://example.org/feed"), Some(&poll.cursor())).is_fresh());
    assert!(Poll::new(url("https://example.org/other"), Some(&poll.cursor())).is_fresh());
    assert!(Poll::new(url("https://example.org/feed"), Some(&Cursor("12".into()))).is_fresh());
}

#[test]
fn only_permanent_moves_are_remembered() {
    let mut poll = poll();
    let mut pace = Pace::new(EVERY);
    let mut go = |poll: &mut Poll, request: &Request, status: u16, to: &str| {
        let head = Head { location: Some(to.to_owned()), ..head(status) };
        match poll.on_head(request, &head, &mut pace, now()) {
            Ok(Answer::Moved(next)) => next,
            other => panic!("{other:?}"),
        }
    };
    let first = poll.request();
    let second = go(&mut poll, &first, 301, "/new");
    assert_eq!(second.url, url("https://example.org/new"));
    assert_eq!(poll.address(), &url("https://example.org/new"));
    let third = go(&mut poll, &second, 302, "/today");
    let fourth = go(&mut poll, &third, 301, "/elsewhere");
    assert_eq!(fourth.url, url("https://example.org/elsewhere"));
    assert_eq!(poll.address(), &url("https://example.org/new"), "not through a passing one");
    let again = Poll::new(url("https://example.org/feed"), Some(&poll.cursor()));
    assert_eq!(again.request().url, url("https://example.org/new"));
}

#[test]
fn bad_moves_are_failures() {
    let to = |location: &str| Head { location: Some(location.to_owned()), ..head(301) };
    check_failure(&to("http://example.org/"), 0, 60, "redirects to an unencrypted one");
    check_failure(&to("http://127.0.0.1/"), 0, 60, "redirects to an unencrypted one");
    check_failure(&to("file:///etc/passwd"), 0, 60, "redirects to an unencrypted one");
    check_failure(&head(302), 0, 60, "does not say where to");
    let mut poll = poll();
    let request = Request { n_redirects: MAX_REDIRECTS, ..poll.request() };
    let err = poll.on_head(&request, &to("/x"), &mut Pace::new(EVERY), now()).unwrap_err();
    assert!(err.to_string().contains("circle"), "{err}");
}

#[test]
fn what_a_person_must_mend_stops_the_source() {
    for (status, word) in [(410, "gone for good"), (401, "login")] {
        let err = poll().on_head(&poll().request(), &head(status), &mut Pace::new(EVERY), now());
        let err = err.unwrap_err();
        assert!(!err.is_passing() && err.to_string().contains(word), "{err:?}");
    }
}

#[test]
fn failures_wait_longer_each_time_and_as_long_as_the_server_asks() {
    let after = |text: &str| Head { retry_after: Some(text.to_owned()), ..head(429) };
    check_failure(&head(500), 0, 60, "HTTP 500");
    check_failure(&head(500), 3, 480, "HTTP 500");
    check_failure(&head(404), 30, 3_600, "HTTP 404");
    check_failure(&after("120"), 0, 120, "HTTP 429");
    check_failure(&after("0"), 0, 60, "HTTP 429");
    check_failure(&after("99999999999999999999999999"), 0, 3_600, "HTTP 429");
    check_failure(&after("Mon, 23 Nov 2026 12:05:00 GMT"), 0, 300, "HTTP 429");
    check_failure(&after("Mon, 23 Nov 2020 12:05:00 GMT"), 0, 60, "HTTP 429");
    check_failure(&after("tomorrow"), 0, 60, "HTTP 429");
    check_failure(
        &Head { content_type: Some("Image/PNG".into()), ..head(200) },
        0,
        60,
        "something else",
    );
}

#[test]
fn the_feeds_own_period_counts_up_to_an_hour() {
    let mut pace = Pace::new(EVERY);
    assert_eq!(pace.wait(), EVERY);
    pace.succeeded(Some(900));
    assert_eq!(pace.wait(), Duration::from_secs(900));
    pace.succeeded(None);
    assert_eq!(pace.wait(), Duration::from_secs(900), "a 304 says nothing about it");
    pace.succeeded(Some(u64::MAX));
    assert_eq!(pace.wait(), MAX_INTERVAL);
}

#[test]
fn only_news_is_told() {
    let mut poll = poll();
    let mut pace = Pace::new(EVERY);
    let mut tell = |posts, deleted: &[&str]| {
        let news = poll.on_document(document(posts, deleted), 7 * DAY, &mut pace, now()).unwrap();
        news.events
            .into_iter()
            .map(|event| match event {
                SourceEvent::Upsert(post) => {
                    format!("{} {} {}", post.id.native, post.text, post.edited.is_some())
                }
                SourceEvent::Delete(id) => format!("- {}", id.native),
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    let old = post("old", "o", 8 * DAY);
    assert_eq!(tell(vec![old.clone(), post("1", "a", 0)], &[]), ["1 a false"]);
    assert_eq!(tell(vec![old, post("1", "a", 0)], &[]), [""; 0]);
    assert_eq!(tell(vec![post("1", "b", 0), post("2", "c", 0)], &[]), ["1 b true", "2 c false"]);
    assert_eq!(tell(vec![post("2", "c", 0)], &["1", "never"]), ["- 1", "- never"]);
    assert_eq!(tell(vec![post("2", "c", 0)], &["1", "never"]), [""; 0]);
}

#[test]
fn an_unreadable_document_drops_the_validators() {
    let mut poll = poll();
    let mut pace = Pace::new(EVERY);
    let found = Head { etag: Some("x".into()), ..head(200) };
    poll.on_head(&poll.request(), &found, &mut pace, now()).unwrap();
    let err = poll.on_document(Err(DecodeError::WebPage), DAY, &mut pace, now()).unwrap_err();
    assert!(err.to_string().contains("web page") && err.is_passing(), "{err}");
    assert_eq!(poll.request().etag, None);
}

proptest! {
    #[test]
    fn any_head_is_an_answer(
        status in 0_u16..700, retry in "\\PC{0,30}", location in "\\PC{0,30}", secs in any::<i64>(),
    ) {
        let mut poll = poll();
        let mut pace = Pace::new(EVERY);
        let head = Head { retry_after: Some(retry), location: Some(location), ..head(status) };
        let request = poll.request();
        if let Err(SourceError::RateLimited { wait, .. }) =
            poll.on_head(&request, &head, &mut pace, Timestamp::from_secs(secs))
        {
            prop_assert!(wait >= EVERY && wait <= MAX_INTERVAL);
        }
    }
}
