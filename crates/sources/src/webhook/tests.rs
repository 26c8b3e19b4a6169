//! The webhook over real sockets: what is answered, and what reaches the bus.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
};
use vigie_bus::Deliveries;

use super::{receive::MAX_BODY_BYTES, signature::tests::sign, *};
use crate::{
    model::{Clock as _, ManualClock, PostId, SourceEvent, Timestamp},
    rig::Rig,
};

const KEY: [u8; 32] = [7; 32];
const POST: &str = r#"{"type":"post","id":"1","author":{"id":"a"},"text":"Salut"}"#;

/// A webhook that listens on a port of its own.
struct Hook {
    address: SocketAddr,
    http: reqwest::Client,
    clock: Arc<ManualClock>,
    shutdown: CancellationToken,
    health: crate::Health,
    run: JoinHandle<Result<Ended, SourceError>>,
}

fn key_text() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

async fn hook() -> (Hook, Deliveries) {
    let rig = Rig::new(&[("hook", &key_text())]);
    let source = WebhookSource::new(&"secrets = ['hook']\npath = '/in'".parse().unwrap()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let keys = source.keys(&rig.context).unwrap();
    let Rig { context, deliveries, clock, .. } = rig;
    let hook = Hook {
        address: listener.local_addr().unwrap(),
        http: context.http.clone(),
        clock,
        shutdown: context.shutdown.clone(),
        health: context.health.clone(),
        run: tokio::spawn(async move { source.serve(&listener, keys, &context).await }),
    };
    (hook, deliveries)
}

/// Commits whatever comes, and gives it back once the lane is closed.
fn committing(deliveries: Deliveries) -> JoinHandle<Vec<SourceEvent>> {
    tokio::task::spawn_blocking(move || {
        let mut events = Vec::new();
        while let Some(delivered) = deliveries.recv() {
            events.extend(delivered.batch.events);
            delivered.ack.committed();
        }
        events
    })
}

impl Hook {
    fn secs(&self) -> i64 {
        self.clock.now().as_secs()
    }

    async fn send(
        &self,
        id: &str,
        body: impl AsRef<[u8]>,
        signature: &str,
    ) -> (StatusCode, String) {
        let response = self
            .http
            .post(format!("http://{}/in", self.address))
            .header("webhook-id", id)
            .header("webhook-timestamp", self.secs().to_string())
            .header("webhook-signature", signature)
            .body(body.as_ref().to_vec())
            .send()
            .await
            .unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn send_signed(&self, id: &str, body: impl AsRef<[u8]>) -> (StatusCode, String) {
        let signature = sign(&KEY, id, self.secs(), body.as_ref());
        self.send(id, body, &signature).await
    }

    async fn check(&self, id: &str, body: &str, status: u16, expected: &str) {
        let (answered, text) = self.send_signed(id, body).await;
        assert_eq!(answered.as_u16(), status, "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn what_is_signed_and_readable_is_stored_before_the_answer() {
    let (hook, deliveries) = hook().await;
    let committed = committing(deliveries);
    hook.check("m1", POST, 200, r#"{"stored":1}"#).await;
    let many =
        format!(r#"[{POST}, {{"type":"delete","id":"1"}}, {{"type":"purge","author":"a"}}]"#);
    hook.check("m2", &many, 200, r#"{"stored":3}"#).await;
    hook.check("m3", "[]", 200, r#"{"stored":0}"#).await;
    hook.check("m1", POST, 200, r#"{"stored":0}"#).await;
    assert!(hook.health.report().heard.is_some());
    hook.shutdown.cancel();
    assert_eq!(hook.run.await.unwrap(), Ok(Ended::Closed));
    let events = committed.await.unwrap();
    assert_eq!(events.len(), 4);
    assert_eq!(events[1], events[0], "the second request brought it again");
    assert_eq!(events[2], SourceEvent::Delete(PostId::new("webhook", "1")));
}

#[tokio::test]
async fn what_is_not_believed_never_reaches_the_bus() {
    let (hook, deliveries) = hook().await;
    let secs = hook.secs();
    let other = sign(&[8; 32], "m", secs, POST.as_bytes());
    let stale = sign(&KEY, "m", secs - 301, POST.as_bytes());
    for (id, signature) in
        [("m", other.as_str()), ("m", &stale), ("m", "v1,aGk="), ("m", "nonsense"), ("", &other)]
    {
        let (status, text) = hook.send(id, POST, signature).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{text}");
        assert!(text.starts_with(r#"{"error":""#) && !text.contains("Salut"), "{text}");
    }
    let captured = sign(&KEY, "m", secs, POST.as_bytes());
    hook.clock.set(Timestamp::from_secs(secs + 301));
    assert_eq!(hook.send("m", POST, &captured).await.0, StatusCode::UNAUTHORIZED);
    assert!(deliveries.try_recv().is_none());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_a_whole() {
    let (hook, deliveries) = hook().await;
    hook.check("m1", "{}", 400, "missing field `type`").await;
    hook.check("m2", "", 400, "EOF").await;
    let half = format!(r#"[{POST}, {{"type":"delete"}}]"#);
    hook.check("m3", &half, 400, "[1] missing field `id`").await;
    hook.check("m4", &format!("[{POST}"), 400, "EOF").await;
    assert!(deliveries.try_recv().is_none());
    assert_eq!(hook.health.report().n_skipped, 4);
    let large = vec![b' '; MAX_BODY_BYTES + 1];
    assert_eq!(hook.send_signed("m5", large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let get = hook.http.get(format!("http://{}/in", hook.address)).send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    let elsewhere = hook.http.post(format!("http://{}/", hook.address)).send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_without_a_length_has_the_same_limit() {
    let (hook, _deliveries) = hook().await;
    let mut stream = TcpStream::connect(hook.address).await.unwrap();
    let head = format!(
        "POST /in HTTP/1.1\r\nhost: x\r\nwebhook-id: m\r\nwebhook-timestamp: {}\r\n\
         webhook-signature: v1,aGk=\r\ntransfer-encoding: chunked\r\n\r\n",
        hook.secs()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..17 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn what_is_not_stored_is_not_acknowledged_and_may_come_again() {
    let (hook, deliveries) = hook().await;
    let dropping = tokio::task::spawn_blocking(move || {
        drop(deliveries.recv());
        deliveries
    });
    hook.check("m1", POST, 503, "not stored").await;
    let committed = committing(dropping.await.unwrap());
    hook.check("m1", POST, 200, r#"{"stored":1}"#).await;
    hook.shutdown.cancel();
    assert_eq!(hook.run.await.unwrap(), Ok(Ended::Closed));
    assert_eq!(committed.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_closed_bus_answers_503_and_ends_the_run() {
    let (hook, deliveries) = hook().await;
    drop(deliveries);
    hook.check("m1", POST, 503, "closing").await;
    assert_eq!(hook.run.await.unwrap(), Err(SourceError::BusClosed));
}

#[tokio::test]
async fn garbage_on_the_socket_harms_nobody() {
    let (hook, deliveries) = hook().await;
    let committed = committing(deliveries);
    for garbage in
        [&b"\x16\x03\x01\x02\x00"[..], b"GET", b"POST /in HTTP/9.9\r\n\r\n", &[0xff; 40_000]]
    {
        let mut stream = TcpStream::connect(hook.address).await.unwrap();
        // The other side may have closed already.
        stream.write_all(garbage).await.ok();
    }
    hook.check("m1", POST, 200, r#"{"stored":1}"#).await;
    hook.shutdown.cancel();
    hook.run.await.unwrap().unwrap();
    assert_eq!(committed.await.unwrap().len(), 1);
}

#[track_caller]
fn check_options(options: &str, expected: &str) {
    let answer = match WebhookSource::new(&options.parse().unwrap()) {
        Ok(source) => source.bind.to_string(),
        Err(err) => err.to_string(),
    };
    assert!(answer.contains(expected), "{answer}");
}

#[test]
fn options_are_checked() {
    check_options("secrets = ['a']", "127.0.0.1:8787");
    check_options("secrets = ['a']\nbind = '0.0.0.0:1'", "0.0.0.0:1");
    check_options("", "missing field `secrets`");
    check_options("secrets = []", "secrets: must name one to eight");
    check_options("secrets = ['a']\nbind = 'here'", "bind: must be an address and a port");
    check_options("secrets = ['a']\npath = 'in'", "path: must begin with");
    check_options("secrets = ['a']\nnetwork = 'Mine'", "network: must be");
    check_options("secrets = ['a']\nport = 1", "unknown field `port`");
}

#[tokio::test]
async fn a_bad_secret_stops_the_source_and_is_not_shown() {
    let mut rig = Rig::new(&[("hook", "hunter2!")]);
    for (name, word) in [("hook", "base64"), ("other", "other")] {
        let mut source =
            WebhookSource::new(&format!("secrets = ['{name}']").parse().unwrap()).unwrap();
        let err = source.run(&mut rig.context).await.unwrap_err();
        assert!(!err.is_passing() && err.to_string().contains(word), "{err:?}");
        assert!(!err.to_string().contains("hunter2"));
    }
}
