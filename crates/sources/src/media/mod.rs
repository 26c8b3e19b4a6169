//! Pictures by their address: fetched, checked, decoded and kept, far from the screens' threads.
//!
//! Only public hosts are asked, and only encrypted; what comes must be JPEG, PNG, WebP or GIF by its own bytes,
//! within limits of bytes and pixels, and is made at most 640 pixels long before it is kept.
//! A caller that shows it smaller says so behind the address, as in `https://example.org/a.jpg#px=96`, and so takes
//! less of the cache.
//! `demo:avatar/SEED`, `demo:photo/SEED` and `demo:poster/SEED` are drawn here and need no network.

use std::{fmt, sync::Arc, time::Duration};

use parking_lot::{Condvar, Mutex};
use tokio::{
    runtime::Handle,
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc},
};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::model::{Clock, Picture, Pictures};

mod address;
mod cache;
mod canvas;
mod decode;
mod desk;
mod fetch;
mod synthetic;

use address::{MAX_SIDE_PX, Target};
use desk::{Desk, Order};
use synthetic::Subject;

/// Pictures for ten screens: some 400 avatars and 25 photographs.
pub const CACHE_BYTES: usize = 48 * 1_024 * 1_024;

/// Decodes the bytes of a picture as they came, within the limits of [`MediaService`]; nothing where they are refused.
pub(crate) fn decode(bytes: &[u8]) -> Option<Picture> {
    decode::decode(bytes, MAX_SIDE_PX).ok()
}

/// Pictures on their way at once, from the request to the last pixel; each holds its encoded bytes meanwhile.
const MAX_FETCHES: usize = 6;

/// What waits for the decoding thread; the fetched ones are fewer.
const MAX_WORK: usize = 16;

/// What a media service is allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaOptions {
    /// Bytes of decoded pictures that are kept.
    pub cache_bytes: usize,
    /// Bytes that one picture may have on its way here.
    pub picture_bytes: usize,
    /// Whether plain addresses of this machine are fetched too: for tests.
    pub loopback: bool,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self { cache_bytes: CACHE_BYTES, picture_bytes: fetch::MAX_BYTES, loopback: false }
    }
}

/// What a media service has done and holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaCounts {
    /// Pictures kept now.
    pub n_pictures: usize,
    /// Bytes that they take.
    pub n_bytes: usize,
    /// Pictures ordered and not yet here.
    pub n_open: usize,
    /// Pictures that came.
    pub n_arrived: u64,
    /// Pictures that could not be had, each failure counted.
    pub n_refused: u64,
    /// Pictures that had to go for others.
    pub n_evicted: u64,
    /// Questions that found the queue full; the next frame asks again.
    pub n_dropped: u64,
}

/// Why there is no media service.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// This machine's certificates cannot be loaded.
    #[error("cannot make an HTTP client")]
    Client(#[from] reqwest::Error),
    /// The decoding thread cannot be started.
    #[error("cannot start a thread")]
    Thread(#[from] std::io::Error),
}

type Waker = Box<dyn Fn() + Send + Sync>;

/// Fetches and keeps pictures. Clones share it; with the last one, its work ends.
#[derive(Clone)]
pub struct MediaService {
    shared: Arc<Shared>,
    _alive: Arc<Alive>,
}

struct Shared {
    desk: Mutex<Desk>,
    idle: Condvar,
    /// Raised while the desk is locked, so that who sees a new version finds its picture.
    version: Mutex<u64>,
    ordered: Notify,
    wakers: Mutex<Vec<Waker>>,
    clock: Arc<dyn Clock>,
}

/// Ends the service's tasks when the last handle goes.
struct Alive(CancellationToken);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What the decoding thread is to do.
struct Work {
    address: Arc<str>,
    kind: WorkKind,
}

enum WorkKind {
    Draw(Subject, u64),
    Decode { bytes: Vec<u8>, side_px: u32, _place: OwnedSemaphorePermit },
}

impl MediaService {
    /// Starts the service: one task on `runtime`, and one thread that decodes.
    ///
    /// # Errors
    /// Where the thread cannot be started or this machine's certificates cannot be loaded.
    pub fn start(
        options: MediaOptions,
        clock: Arc<dyn Clock>,
        runtime: &Handle,
    ) -> Result<Self, MediaError> {
        let shared = Arc::new(Shared {
            desk: Mutex::new(Desk::new(options.cache_bytes, options.loopback)),
            idle: Condvar::new(),
            version: Mutex::new(0),
            ordered: Notify::new(),
            wakers: Mutex::new(Vec::new()),
            clock,
        });
        let client = fetch::client(options.loopback)?;
        let (work_in, work_out) = mpsc::channel(MAX_WORK);
        let for_worker = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("media".to_owned())
            .spawn(move || work(&for_worker, work_out))?;
        let stop = CancellationToken::new();
        let dispatching = dispatch(Arc::clone(&shared), client, work_in, options.picture_bytes);
        let stopped = stop.clone();
        runtime.spawn(async move { stopped.run_until_cancelled_owned(dispatching).await });
        Ok(Self { shared, _alive: Arc::new(Alive(stop)) })
    }

    /// What the service has done and holds.
    #[must_use]
    pub fn counts(&self) -> MediaCounts {
        self.shared.desk.lock().counts()
    }

    /// Forgets a picture, as when its author wants it gone.
    pub fn forget(&self, address: &str) {
        self.shared.desk.lock().forget(address);
    }

    /// Has `waker` called, from the service's thread, whenever a picture that was missing has come.
    pub fn subscribe(&self, waker: impl Fn() + Send + Sync + 'static) {
        self.shared.wakers.lock().push(Box::new(waker));
    }

    /// Waits until nothing is on its way, for pictures on paper; says whether that came in time.
    ///
    /// Blocks its thread: not for screens.
    #[must_use]
    pub fn wait_idle(&self, patience: Duration) -> bool {
        let mut desk = self.shared.desk.lock();
        let outcome = self.shared.idle.wait_while_for(&mut desk, |desk| !desk.is_idle(), patience);
        !outcome.timed_out()
    }
}

impl Pictures for MediaService {
    fn picture(&self, address: &str) -> Option<Arc<Picture>> {
        let now = self.shared.clock.now();
        let picture = self.shared.desk.lock().ask(address, now);
        if picture.is_none() {
            self.shared.ordered.notify_one();
        }
        picture
    }

    fn version(&self) -> u64 {
        *self.shared.version.lock()
    }
}

impl fmt::Debug for MediaService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("MediaService").field(&self.counts()).finish()
    }
}

/// Carries orders out as they come, several at once.
async fn dispatch(
    shared: Arc<Shared>,
    client: reqwest::Client,
    work: mpsc::Sender<Work>,
    max_bytes: usize,
) {
    let places = Arc::new(Semaphore::new(MAX_FETCHES));
    loop {
        let Some(Order { address, target }) = shared.next() else {
            shared.ordered.notified().await;
            continue;
        };
        match target {
            Target::Synthetic(subject, seed) => {
                let drawing = Work { address, kind: WorkKind::Draw(subject, seed) };
                if work.send(drawing).await.is_err() {
                    return;
                }
            }
            Target::Remote(url, side_px) => {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                let (shared, client, work) = (Arc::clone(&shared), client.clone(), work.clone());
                tokio::spawn(async move {
                    match fetch::fetch(&client, &url, max_bytes).await {
                        Ok(bytes) => {
                            let kind = WorkKind::Decode { bytes, side_px, _place: place };
                            if work.send(Work { address, kind }).await.is_err() {
                                debug!("the decoding thread is gone");
                            }
                        }
                        Err(err) => {
                            debug!(host = url.host_str(), %err, "picture not fetched");
                            shared.failed(&address, err.is_passing());
                        }
                    }
                });
            }
        }
    }
}

/// The decoding thread: one picture after the other, until nobody can order any more.
fn work(shared: &Shared, mut orders: mpsc::Receiver<Work>) {
    while let Some(Work { address, kind }) = orders.blocking_recv() {
        let outcome = match kind {
            WorkKind::Draw(subject, seed) => Ok(synthetic::draw(subject, seed)),
            WorkKind::Decode { bytes, side_px, .. } => {
                decode::decode(&bytes, side_px.min(MAX_SIDE_PX))
            }
        };
        match outcome {
            Ok(picture) => shared.arrived(&address, picture),
            Err(err) => {
                debug!(%err, "picture not shown");
                shared.failed(&address, false);
            }
        }
    }
}

impl Shared {
    fn next(&self) -> Option<Order> {
        self.desk.lock().next()
    }

    fn arrived(&self, address: &str, picture: Picture) {
        {
            let now = self.clock.now();
            let mut desk = self.desk.lock();
            desk.arrived(address, picture, now);
            *self.version.lock() += 1;
            self.idle.notify_all();
        }
        for waker in &*self.wakers.lock() {
            waker();
        }
    }

    fn failed(&self, address: &str, passing: bool) {
        let now = self.clock.now();
        self.desk.lock().failed(address, passing, now);
        self.idle.notify_all();
    }
}

#[cfg(test)]
mod tests;
