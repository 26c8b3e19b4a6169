//! A web server with one Atom feed.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use vigie_model::Clock as _;

use super::{Fault, Rig};
use crate::room::TestClock;

/// Feeds list their newest items.
const MAX_ITEMS: usize = 40;

#[derive(Debug, Default)]
struct State {
    /// Items by number: what is listed of each, a tombstone in the end.
    items: BTreeMap<u32, String>,
    faults: VecDeque<Fault>,
    always: Option<Fault>,
}

/// The server.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    port: u16,
    clock: TestClock,
    state: Arc<Mutex<State>>,
    n_connections: Arc<AtomicUsize>,
    n_bytes: Arc<AtomicUsize>,
}

impl Feed {
    pub(crate) fn set_up(clock: TestClock) -> Box<dyn Rig> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let listener = TcpListener::from_std(listener).unwrap();
        let server = Self {
            port,
            clock,
            state: Arc::default(),
            n_connections: Arc::default(),
            n_bytes: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = accepting.clone();
                // A connection that breaks is what is tested.
                tokio::spawn(async move { server.serve(stream).await.ok() });
            }
        });
        Box::new(server)
    }

    async fn serve(self, mut stream: TcpStream) -> io::Result<()> {
        let mut request = vec![0; 8_192];
        let _n_read = stream.read(&mut request).await?;
        self.n_connections.fetch_add(1, Ordering::Relaxed);
        let (fault, document) = {
            let mut state = self.state.lock();
            let fault = state.faults.pop_front().or_else(|| state.always.clone());
            (fault, document(&state.items))
        };
        let (status, header, body) = match &fault {
            Some(Fault::Status(status, header)) => (*status, *header, ""),
            Some(Fault::Close) => return Ok(()),
            Some(Fault::Stall) => std::future::pending().await,
            _ => (200, Some(("Content-Type", "application/atom+xml")), document.as_str()),
        };
        let (name, value) = header.unwrap_or(("X-Nothing", ""));
        let n_body = body.len();
        let answer = format!(
            "HTTP/1.1 {status} Whatever\r\nContent-Length: {n_body}\r\nConnection: close\r\n\
            {name}: {value}\r\n\r\n{body}"
        );
        let n_sent = match fault {
            Some(Fault::CutAfter(limit)) => limit.min(answer.len()),
            _ => answer.len(),
        };
        self.n_bytes.store(n_sent, Ordering::Relaxed);
        stream.write_all(&answer.as_bytes()[..n_sent]).await?;
        stream.shutdown().await
    }

    fn put(&self, number: u32, item: String) {
        self.state.lock().items.insert(number, item);
    }

    fn entry(&self, number: u32, text: &str) {
        let now = self.clock.now();
        self.put(
            number,
            format!(
                "<entry><id>urn:post:{number}</id><title>{text}</title><updated>{now}</updated>\
                <published>{now}</published><author><name>Ada</name></author></entry>"
            ),
        );
    }
}

fn document(items: &BTreeMap<u32, String>) -> String {
    let mut document = "<feed xmlns='http://www.w3.org/2005/Atom' \
        xmlns:at='http://purl.org/atompub/tombstones/1.0'>\
        <id>urn:feed</id><title>A feed</title><updated>2027-01-01T00:00:00Z</updated>"
        .to_owned();
    for item in items.values().rev().take(MAX_ITEMS) {
        document.push_str(item);
    }
    write!(document, "</feed>").unwrap();
    document
}

impl Rig for Feed {
    fn options(&self) -> toml::Table {
        format!("url = 'http://127.0.0.1:{}/'\nevery_secs = 1\nexcerpt = 'title'", self.port)
            .parse()
            .unwrap()
    }

    fn asks_from_time_to_time(&self) -> bool {
        true
    }

    fn publish(&self, number: u32) {
        self.entry(number, &format!("post {number}"));
    }

    fn edit(&self, number: u32) -> bool {
        self.entry(number, &format!("edit {number}"));
        true
    }

    fn delete(&self, number: u32) -> bool {
        let now = self.clock.now();
        self.put(number, format!("<at:deleted-entry ref='urn:post:{number}' when='{now}'/>"));
        true
    }

    fn babble(&self) -> bool {
        false
    }

    fn next(&self, faults: &[Fault]) -> bool {
        self.state.lock().faults.extend(faults.iter().cloned());
        true
    }

    fn always(&self, fault: Option<Fault>) {
        self.state.lock().always = fault;
    }

    fn cut(&self) {}

    fn n_connections(&self) -> usize {
        self.n_connections.load(Ordering::Relaxed)
    }

    fn n_bytes(&self) -> usize {
        self.n_bytes.load(Ordering::Relaxed)
    }
}
