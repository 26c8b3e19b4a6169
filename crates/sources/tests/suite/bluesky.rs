//! What only Bluesky does: two wires, floors, dictionaries, profiles, the whole network's rate.

use serde_json::json;
use vigie_model::{AuthorId, Clock as _, GapCause, SourceState};

use crate::{
    rigs::{DID, Dictionary, Fault, Jetstream, Rig as _, post},
    room::{Room, Stored, TestClock},
};

async fn live(server: &Jetstream, more: &str) -> Room {
    let mut room = open(server, more, None);
    room.until("live", Stored::is_live).await;
    room
}

fn open(server: &Jetstream, more: &str, before: Option<Stored>) -> Room {
    let before = before.unwrap_or_default();
    let mut options = server.options();
    options.extend(more.parse::<toml::Table>().unwrap());
    let mut room = Room::open("bluesky", options, before.cursor.clone(), server.clock);
    room.stored = before;
    room
}

fn start(path: &'static str) -> Jetstream {
    Jetstream::start(TestClock::start(), path)
}

#[tokio::test(start_paused = true)]
async fn what_the_host_forgot_is_a_gap_and_the_rest_comes() {
    let server = start("");
    let mut room = live(&server, "").await;
    server.publish(1);
    room.until("a post", |stored| stored.posts.len() == 1).await;
    let stored = room.close().await;
    (2..=9).for_each(|number| server.publish(number));
    server.forget(5);
    let mut room = open(&server, "", Some(stored));
    room.until("live", |stored| stored.is_live() && stored.posts.len() == 5).await;
    let stored = room.close().await;
    assert_eq!(stored.texts(), ["post 1", "post 6", "post 7", "post 8", "post 9"]);
    assert_eq!(stored.gaps, [GapCause::CursorTooOld]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_reason_was_cut_off_is_asked_again_by_time() {
    let server = start("");
    let mut room = live(&server, "").await;
    server.publish(1);
    room.until("a post", |stored| stored.posts.len() == 1).await;
    let stored = room.close().await;
    server.publish(2);
    let body = r#"{"error":"CursorTooOld","message":"below lookback floor 2"}"#.to_owned();
    server.next(&[Fault::Refuse { body, in_two: true }]);
    let mut room = open(&server, "", Some(stored));
    room.until("a post", |stored| stored.posts.len() == 2).await;
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests[1].contains("cursor=1") && !requests[1].contains("cursor=17"), "by number");
    assert!(requests[2].contains("cursor=1799999998"), "by time: {}", requests[2]);
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn v1_skips_silently_and_we_say_so() {
    let server = start("/subscribe");
    let mut room = live(&server, "").await;
    server.publish(1);
    room.until("a post", |stored| stored.posts.len() == 1).await;
    let stored = room.close().await;
    tokio::time::advance(std::time::Duration::from_secs(100_000)).await;
    (2..=4).for_each(|number| server.publish(number));
    server.forget(2);
    let mut room = open(&server, "", Some(stored));
    room.until("the rest", |stored| stored.posts.len() == 3).await;
    assert_eq!(room.close().await.gaps, [GapCause::CursorTooOld]);
}

#[tokio::test(start_paused = true)]
async fn falls_back_to_v1_and_loses_nothing() {
    let (two, one) = (start(""), start("/subscribe"));
    let servers = format!(
        "servers = ['ws://127.0.0.1:{}', 'ws://127.0.0.1:{}/subscribe']",
        two.port, one.port
    );
    let mut room = live(&two, &servers).await;
    for server in [&two, &one] {
        server.publish(1);
    }
    room.until("a post", |stored| stored.posts.len() == 1).await;
    two.always(Some(Fault::Status(502, None)));
    two.cut();
    one.publish(2);
    room.until("a post of v1", |stored| stored.posts.len() == 2).await;
    assert_eq!(two.n_connections(), 3, "one that worked, and two tries");
    assert!(one.requests()[0].starts_with("/subscribe?wantedCollections="));
    assert_eq!(room.close().await.gaps, []);
}

#[tokio::test(start_paused = true)]
async fn frames_come_compressed_where_there_is_a_dictionary() {
    let server = start("");
    let (first, second) = (Dictionary::train(1), Dictionary::train(7));
    assert_ne!(first.id, second.id);
    server.compress_with(Some(first.clone()));
    let mut room = live(&server, "").await;
    (1..=20).for_each(|number| server.publish(number));
    room.until("posts", |stored| stored.posts.len() == 20).await;
    let id = format!("zstdDictionary={}", first.id);
    assert!(server.requests()[0].contains(&id));
    let n_bytes = server.n_bytes();
    assert!(n_bytes < 20 * 250, "{n_bytes} bytes are not compressed");
    // The server trains another: the old id is refused, the new one fetched.
    server.compress_with(Some(second.clone()));
    server.cut();
    server.publish(21);
    room.until("a post", |stored| stored.posts.len() == 21).await;
    let id = format!("zstdDictionary={}", second.id);
    assert!(server.requests().last().unwrap().contains(&id));
    // And then it has none at all: plain frames do.
    server.compress_with(None);
    server.cut();
    server.publish(22);
    room.until("a post", |stored| stored.posts.len() == 22).await;
    assert!(!server.requests().last().unwrap().contains("zstdDictionary"));
    let stored = room.close().await;
    assert_eq!((stored.n_upserts, stored.gaps.len()), (22, 0));
}

#[tokio::test(start_paused = true)]
async fn compressed_garbage_ends_the_connection_and_not_the_source() {
    let server = start("");
    let dictionary = Dictionary::train(1);
    let wrong = Dictionary { id: dictionary.id, bytes: Dictionary::train(7).bytes };
    server.compress_with(Some(dictionary));
    let mut room = live(&server, "").await;
    server.compress_with(Some(wrong));
    server.cut();
    server.publish(1);
    room.pass(5).await;
    assert!(matches!(room.stored.state(), SourceState::Waiting { .. } | SourceState::CatchingUp));
    server.compress_with(None);
    room.until("a post", |stored| stored.posts.len() == 1).await;
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn names_and_pictures_of_kept_authors_are_fetched() {
    let server = start("");
    let other = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb";
    server.know(json!([
        {"did": DID, "handle": "ada.example", "displayName": "Ada"},
        {"did": other, "handle": "eve.example", "labels": [{"val": "!no-unauthenticated"}]}
    ]));
    let mut room = live(&server, "").await;
    server.publish(1);
    let mut hers = post(2, "not for you");
    hers["did"] = json!(other);
    server.push(hers.clone());
    room.until("posts", |stored| stored.posts.len() == 2).await;
    assert!(room.stored.posts.values().all(|post| post.author.handle.is_empty()));
    assert_eq!(server.n_profile_requests(), 0, "nobody asked");

    let authors = room.supervisor.authors(&"test".into()).unwrap();
    for did in [DID, other, DID, "did:plc:broken/../x"] {
        assert!(authors.ask(AuthorId::new("bluesky", did)));
    }
    room.until("who does not want to be shown goes", |stored| !stored.purged.is_empty()).await;
    let ada = &room.stored.authors[&AuthorId::new("bluesky", DID)];
    assert_eq!((ada.handle.as_str(), ada.name.as_str()), ("ada.example", "Ada"));
    assert_eq!((room.stored.texts(), server.n_profile_requests()), (vec!["post 1"], 1));

    server.push(hers);
    server.publish(3);
    server.push(json!({"kind": "identity", "identity": {"did": DID, "handle": "ada.new"}}));
    room.until("a post", |stored| stored.posts.len() == 2).await;
    let latest = room.stored.posts.values().find(|post| &*post.text == "post 3").unwrap();
    assert_eq!(latest.author.name, "Ada");
    let handle = |stored: &Stored| stored.authors[&AuthorId::new("bluesky", DID)].handle.clone();
    room.until("the new handle", |stored| handle(stored) == "ada.new").await;
    assert!(authors.ask(AuthorId::new("bluesky", DID)));
    room.pass(5).await;
    assert_eq!(server.n_profile_requests(), 1, "known already");
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_deleted_takes_its_posts_along() {
    let server = start("");
    let mut room = live(&server, "").await;
    server.publish(1);
    let account = json!({"active": false, "did": DID, "seq": 1, "status": "deleted"});
    server.push(json!({"kind": "account", "account": account}));
    room.until("the purge", |stored| !stored.purged.is_empty()).await;
    assert_eq!(room.close().await.texts(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_throws_us_out_for_being_slow_is_asked_for_the_rest() {
    let server = start("");
    let mut room = live(&server, "").await;
    server.publish(1);
    let text = r#"{"$type":"error","error":"ConsumerTooSlow","message":"reconnect with cursor=2"}"#;
    server.next(&[Fault::Say(text)]);
    server.cut();
    server.publish(2);
    room.until("both posts", |stored| stored.posts.len() == 2).await;
    let waited = room.stored.reports.iter().any(
        |report| matches!(&report.state, SourceState::Waiting { why, .. } if why.contains("slowly")),
    );
    assert!(waited);
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_read_in_full_batches_and_nothing_is_lost() {
    for path in ["", "/subscribe"] {
        let server = start(path);
        let mut room = live(&server, "").await;
        (1..=20_000).for_each(|number| server.publish(number));
        room.until("all posts", |stored| stored.posts.len() == 20_000).await;
        let stored = room.close().await;
        assert_eq!(stored.n_upserts, 20_000);
        assert!(stored.n_batches < 2_000, "{} batches", stored.n_batches);
        assert!(stored.cursor.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_is_full_makes_the_source_read_later() {
    let server = start("");
    let mut room = live(&server, "").await;
    (1..=30_000).for_each(|number| server.publish(number));
    // Nobody takes anything for ten minutes.
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    room.until("all posts", |stored| stored.posts.len() == 30_000).await;
    let stored = room.close().await;
    assert_eq!((stored.n_upserts, stored.gaps.len()), (30_000, 0));
}

#[tokio::test(start_paused = true)]
async fn each_connection_says_what_it_wants() {
    let server = start("");
    let accounts = format!("accounts = ['{DID}']\nprofiles = false\ncompress = false");
    let mut room = live(&server, &accounts).await;
    let request = server.requests().remove(0);
    for part in
        ["kinds=commit", "kinds=account", "collections=app.bsky.feed.post", "dids=did%3Aplc"]
    {
        assert!(request.contains(part), "{request}");
    }
    assert!(!request.contains("cursor"));
    let report = room.supervisor.report(&"test".into()).unwrap();
    assert_eq!(report.deadline_secs, 3_600);
    server.publish(1);
    room.until("a post", |stored| stored.posts.len() == 1).await;
    assert!(room.stored.posts.values().next().unwrap().received <= room.clock.now());
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn what_production_sent_goes_the_whole_way() {
    let Some(folder) = std::env::var_os("VIGIE_DATA") else {
        eprintln!("SKIPPED: VIGIE_DATA is not set, real Bluesky frames were not sent");
        return;
    };
    let path = std::path::PathBuf::from(folder)
        .join("captures/bluesky")
        .join("jetstream-expected_v1.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    for path in ["", "/subscribe"] {
        let server = start(path);
        let mut room = live(&server, "").await;
        lines.lines().for_each(|line| server.push(serde_json::from_str(line).unwrap()));
        server.publish(1);
        room.until("the last", |stored| stored.texts().contains(&"post 1")).await;
        let report = room.supervisor.report(&"test".into()).unwrap();
        let stored = room.close().await;
        assert_eq!((stored.posts.len(), report.n_skipped), (17 + 1, 0));
        assert!(report.n_bytes > 80_000, "{}", report.n_bytes);
    }
}
