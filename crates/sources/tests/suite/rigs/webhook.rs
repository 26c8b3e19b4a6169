//! A program that sends signed webhooks, and sends again what was not taken.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Mutex,
};
use vigie_model::Clock as _;

use super::{Fault, Rig};
use crate::room::{SECRET, TestClock};

/// The sender.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    port: u16,
    clock: TestClock,
    n_sent: Arc<AtomicUsize>,
    /// One request after the other, so that an edit does not overtake its post.
    turn: Arc<Mutex<()>>,
}

impl Webhook {
    pub(crate) fn set_up(clock: TestClock) -> Box<dyn Rig> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Box::new(Self { port, clock, n_sent: Arc::default(), turn: Arc::default() })
    }

    fn send(&self, record: &Value) {
        let id = format!("msg_{}", self.n_sent.fetch_add(1, Ordering::Relaxed));
        let (sender, body) = (self.clone(), record.to_string());
        tokio::spawn(async move {
            let _turn = sender.turn.lock().await;
            while !sender.post(&id, &body).await.is_ok_and(|status| status == "200") {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }

    /// Sends a request and says with what status it was answered.
    async fn post(&self, id: &str, body: &str) -> io::Result<String> {
        let secs = self.clock.now().as_secs();
        let key = BASE64_STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.{secs}.{body}").as_bytes());
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let n_body = body.len();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: wall\r\nConnection: close\r\nContent-Length: {n_body}\r\n\
            webhook-id: {id}\r\nwebhook-timestamp: {secs}\r\nwebhook-signature: v1,{signature}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer.split(' ').nth(1).unwrap_or_default().to_owned())
    }

    fn record(&self, number: u32, text: &str) -> Value {
        let now = self.clock.now().to_string();
        json!({"type": "post", "id": number.to_string(), "author": {"id": "ada"}, "text": text, "published": now})
    }
}

impl Rig for Webhook {
    fn options(&self) -> toml::Table {
        format!("bind = '127.0.0.1:{}'\nsecrets = ['main']", self.port).parse().unwrap()
    }

    fn publish(&self, number: u32) {
        self.send(&self.record(number, &format!("post {number}")));
    }

    fn edit(&self, number: u32) -> bool {
        let mut record = self.record(number, &format!("edit {number}"));
        record["edited"] = record["published"].clone();
        self.send(&record);
        true
    }

    fn delete(&self, number: u32) -> bool {
        self.send(&json!({"type": "delete", "id": number.to_string()}));
        true
    }

    fn babble(&self) -> bool {
        false
    }

    fn next(&self, _faults: &[Fault]) -> bool {
        // Connections come to it: what goes wrong with them is the sender's to mend.
        false
    }

    fn always(&self, _fault: Option<Fault>) {}

    fn cut(&self) {}

    fn n_connections(&self) -> usize {
        1
    }

    fn n_bytes(&self) -> usize {
        0
    }
}
