//! The service as screens use it, against a small server of pictures and of faults.

use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use image::ImageFormat;
use tokio::net::TcpListener;

use super::{decode::tests::encoded, *};
use crate::model::{ManualClock, Timestamp};

const PATIENCE: Duration = Duration::from_secs(20);

struct Gallery {
    base: String,
    n_requests: Arc<AtomicU64>,
    service: MediaService,
    clock: Arc<ManualClock>,
}

fn answer(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let png = || encoded(1_000, 500, ImageFormat::Png);
    let (status, kind, location, body) = match request.uri().path() {
        "/a.png" | "/b.png" => (200, "image/png", "", png()),
        "/plain.png" => (200, "text/html", "", png()),
        "/lie.png" => (200, "image/png", "", b"<html>no</html>".to_vec()),
        "/large.png" => (200, "image/png", "", vec![0; fetch::MAX_BYTES + 1]),
        "/moved" => (302, "", "/a.png", vec![]),
        "/circle" => (302, "", "/circle", vec![]),
        "/inward" => (302, "", "https://10.0.0.1/a.png", vec![]),
        "/metadata" => (302, "", "http://169.254.169.254/latest", vec![]),
        "/busy" => (503, "", "", vec![]),
        _ => (404, "", "", vec![]),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in [("content-type", kind), ("location", location)] {
        if !value.is_empty() {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
    }
    response
}

async fn gallery() -> Gallery {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let n_requests = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&n_requests);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    counted.fetch_add(1, Ordering::Relaxed);
                    std::future::ready(Ok::<_, std::convert::Infallible>(answer(&request)))
                });
                // The client may leave in the middle.
                http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    });
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_000_000)));
    let options = MediaOptions { loopback: true, ..MediaOptions::default() };
    let shared = Arc::clone(&clock) as Arc<dyn Clock>;
    let service = MediaService::start(options, shared, &Handle::current()).unwrap();
    Gallery { base, n_requests, service, clock }
}

impl Gallery {
    /// Asks, waits until nothing is on its way, and asks again.
    async fn get(&self, path: &str) -> Option<Arc<Picture>> {
        let address =
            if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        let service = self.service.clone();
        tokio::task::spawn_blocking(move || {
            service.picture(&address).or_else(|| {
                assert!(service.wait_idle(PATIENCE));
                service.picture(&address)
            })
        })
        .await
        .unwrap()
    }

    fn n_requests(&self) -> u64 {
        self.n_requests.load(Ordering::Relaxed)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_fetched_once_and_kept() {
    let gallery = gallery().await;
    let (woken_in, woken_out) = std::sync::mpsc::sync_channel(8);
    gallery.service.subscribe(move || woken_in.send(()).unwrap());
    let picture = gallery.get("/a.png").await.unwrap();
    assert_eq!((picture.width_px, picture.height_px), (640, 320));
    assert_eq!(gallery.service.version(), 1);
    woken_out.recv_timeout(PATIENCE).unwrap();
    assert!(gallery.get("/a.png").await.is_some());
    assert_eq!(gallery.n_requests(), 1);
    assert_eq!(gallery.get("/a.png#px=64").await.unwrap().width_px, 64);
    assert_eq!(gallery.get("/moved").await.unwrap().width_px, 640);
    assert_eq!(gallery.service.counts().n_pictures, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_picture_is_refused_and_not_asked_again() {
    let gallery = gallery().await;
    for path in
        ["/plain.png", "/lie.png", "/large.png", "/nothing", "/circle", "/inward", "/metadata"]
    {
        assert_eq!(gallery.get(path).await, None, "{path}");
        let n_requests = gallery.n_requests();
        assert_eq!(gallery.get(path).await, None);
        assert_eq!(gallery.n_requests(), n_requests, "{path} was asked again");
    }
    assert_eq!(gallery.service.version(), 0);
    assert_eq!(gallery.service.counts().n_refused, 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passing_failure_is_asked_again_after_a_pause() {
    let gallery = gallery().await;
    assert_eq!(gallery.get("/busy").await, None);
    gallery.clock.advance(29_000_000);
    assert_eq!(gallery.get("/busy").await, None);
    assert_eq!(gallery.n_requests(), 1);
    gallery.clock.advance(1_000_000);
    assert_eq!(gallery.get("/busy").await, None);
    assert_eq!(gallery.n_requests(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn demonstration_pictures_need_no_network() {
    let gallery = gallery().await;
    let avatar = gallery.get("demo:avatar/ada").await.unwrap();
    assert_eq!(avatar.width_px, 128);
    assert_eq!(gallery.get("demo:poster/1").await.unwrap().width_px, 640);
    assert_eq!(gallery.get("demo:film/1").await, None);
    assert_eq!(gallery.n_requests(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_all_come() {
    let gallery = gallery().await;
    let addresses: Vec<String> = (0..40)
        .flat_map(|idx| {
            [format!("{}/a.png?{idx}#px=32", gallery.base), format!("demo:avatar/{idx}")]
        })
        .collect();
    for address in &addresses {
        assert!(gallery.service.picture(address).is_none());
    }
    let service = gallery.service.clone();
    assert!(tokio::task::spawn_blocking(move || service.wait_idle(PATIENCE)).await.unwrap());
    assert!(addresses.iter().all(|address| gallery.service.picture(address).is_some()));
    assert_eq!((gallery.n_requests(), gallery.service.version()), (40, 80));
}
