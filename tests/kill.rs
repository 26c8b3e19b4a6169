//! The real program, killed at any moment under load: what a sender was told is stored is there afterwards.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vigie_model::{Event, Seq};
use vigie_store::Reader;

/// Lives of the program in a quick run and in a thorough one.
const QUICK_LIVES: u32 = 6;
const THOROUGH_LIVES: u32 = 60;

/// Posts in one request.
const POSTS_PER_REQUEST: usize = 20;

/// A life ends after this many stored requests, and then somewhere in the middle of the next ones.
const MAX_STORED_PER_LIFE: u32 = 40;

const KEY: &[u8] = b"a key for tests alone, 32 bytes.";

/// A small generator of numbers, so that a failed run can be repeated from its seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % limit
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
}

fn write_room(folder: &Path, address: SocketAddr) {
    let room = format!(
        "name = \"Kill\"\n\n[source.hook]\nconnector = \"webhook\"\nbind = \"{address}\"\nsecrets = [\"hook\"]\n\n\
         [query]\nall = '#kill'\n\n[[screen]]\nname = \"a\"\ngrid = \"feed\"\nfeed = {{ widget = \"feed\", query = \"all\" }}\n"
    );
    fs::write(folder.join("room.toml"), room).expect("written");
}

struct Life {
    program: Child,
}

impl Life {
    /// Starts the program and waits until it listens.
    fn start(folder: &Path, address: SocketAddr) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["run", "room.toml", "--headless", "--data", "data", "--log", "warn"])
            .current_dir(folder)
            .env("HOME", folder)
            .env("VIGIE_SECRET_HOOK", format!("whsec_{}", BASE64_STANDARD.encode(KEY)))
            .stdin(Stdio::null())
            .stderr(fs::File::create(folder.join("stderr")).expect("a file"))
            .spawn()
            .expect("the program starts");
        let mut life = Self { program };
        while TcpStream::connect(address).is_err() {
            let ended = life.program.try_wait().expect("asked");
            let said = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
            assert!(ended.is_none(), "the program ended: {ended:?}\n{said}");
            std::thread::yield_now();
        }
        life
    }

    fn kill(mut self) {
        self.program.kill().expect("killed");
        self.program.wait().expect("gone");
    }
}

/// Sends the posts `first..first + POSTS_PER_REQUEST`; whether the program says that they are stored.
fn send(address: SocketAddr, first: usize) -> std::io::Result<bool> {
    let records: Vec<_> = (first..first + POSTS_PER_REQUEST)
        .map(|post| {
            serde_json::json!({
                "type": "post", "id": post.to_string(), "text": format!("#kill number {post}"),
                "author": { "id": format!("u{}", post % 7), "name": "Ada" },
            })
        })
        .collect();
    let body = serde_json::to_string(&records).expect("plain data");
    let (id, time) = (format!("request-{first}"), now_secs());
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length");
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nwebhook-id: {id}\r\nwebhook-timestamp: {time}\r\nwebhook-signature: v1,{signature}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test checks the signature by the machine's clock"
)]
fn now_secs() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

/// Sends requests without waiting for their answers, so that the program is killed with work in its hands.
fn leave_in_flight(address: SocketAddr, first: usize) {
    if let Ok(mut stream) = TcpStream::connect(address) {
        // Cut in the middle of the request; nobody was told anything.
        stream
            .write_all(
                format!("POST / HTTP/1.1\r\nContent-Length: 99999\r\nwebhook-id: {first}\r\n\r\n[")
                    .as_bytes(),
            )
            .ok();
        let mut rest = Vec::new();
        stream.set_nonblocking(true).ok();
        stream.read_to_end(&mut rest).ok();
    }
}

#[test]
fn what_a_sender_was_told_is_stored_survives_kill_9() {
    let lives =
        if std::env::var_os("RUN_SLOW_TESTS").is_some() { THOROUGH_LIVES } else { QUICK_LIVES };
    let seed =
        std::env::var("VIGIE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_123);
    eprintln!("seed {seed}, {lives} lives");
    let mut numbers = Numbers(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    write_room(folder.path(), address);
    let (mut next, mut stored) = (0, BTreeSet::new());
    for _ in 0..lives {
        let life = Life::start(folder.path(), address);
        let n_requests = 1 + numbers.below(MAX_STORED_PER_LIFE);
        let senders: Vec<_> = (0..3)
            .map(|sender| {
                let first = next + sender * n_requests as usize * POSTS_PER_REQUEST;
                std::thread::Builder::new()
                    .spawn(move || {
                        let firsts =
                            (0..n_requests as usize).map(|idx| first + idx * POSTS_PER_REQUEST);
                        firsts
                            .take_while(|first| send(address, *first).unwrap_or(false))
                            .collect::<Vec<_>>()
                    })
                    .expect("a thread")
            })
            .collect();
        next += 3 * n_requests as usize * POSTS_PER_REQUEST;
        // The moment is given by what was stored, not by time: some senders are in the middle of a request.
        let mut firsts = Vec::new();
        let kill_first = numbers.below(2) == 0;
        let mut senders = senders.into_iter();
        if let Some(first_sender) = senders.next() {
            firsts.extend(first_sender.join().expect("a sender"));
        }
        leave_in_flight(address, next);
        if kill_first {
            life.kill();
            firsts.extend(senders.flat_map(|sender| sender.join().expect("a sender")));
        } else {
            firsts.extend(senders.flat_map(|sender| sender.join().expect("a sender")));
            life.kill();
        }
        stored.extend(firsts.into_iter().flat_map(|first| first..first + POSTS_PER_REQUEST));
    }
    // One more start, so that the log is recovered by the program itself.
    Life::start(folder.path(), address).kill();
    let reader = Reader::open(&folder.path().join("data/room.db")).expect("the log opens");
    let mut last = Seq(0);
    let mut found = BTreeSet::new();
    for logged in reader.replay(..) {
        let logged = logged.expect("every row can be read");
        assert_eq!(logged.seq, last.next(), "the log has a hole");
        last = logged.seq;
        if let Event::Post { post, .. } = logged.event {
            found.insert(post.id.native.parse::<usize>().expect("a number"));
        }
    }
    let lost: Vec<_> = stored.difference(&found).collect();
    assert!(!stored.is_empty(), "nothing was stored: the test tests nothing");
    assert!(lost.is_empty(), "{} of {} stored posts are gone: {lost:?}", lost.len(), stored.len());
}
