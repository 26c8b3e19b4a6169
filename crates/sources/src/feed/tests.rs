//! Feeds from a real nginx, started for each test with its own folder and port.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use super::*;
use crate::rig::Rig;

const NGINX: &str = "/usr/sbin/nginx";

/// A running nginx whose documents lie in `folder/www`.
struct Nginx {
    folder: TempDir,
    port: u16,
    child: Child,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended by itself; the test then failed for that reason.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn config(port: u16) -> String {
    format!(
        r#"daemon off; master_process off; pid nginx.pid; error_log error.log warn;
events {{ worker_connections 64; }}
http {{
    log_format short '$status $request_uri'; access_log access.log short;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    limit_req_zone $server_name zone=slow:1m rate=1r/m; limit_req_status 429;
    types {{ application/rss+xml xml; image/png png; }}
    gzip on; gzip_types application/rss+xml; gzip_min_length 1;
    server {{
        listen 127.0.0.1:{port}; server_name feeds; root www; etag on;
        location = /moved.xml {{ return 301 /feed.xml; }}
        location = /today.xml {{ return 302 /feed.xml; }}
        location = /plain.xml {{ return 301 http://example.org/feed.xml; }}
        location = /gone.xml {{ return 410; }}
        location = /locked.xml {{ return 401; }}
        location = /page.xml {{ default_type text/html; return 200 "<!doctype html><p>Sorry"; }}
        location = /limited.xml {{ limit_req zone=slow; error_page 429 = @limited; try_files /feed.xml =404; }}
        location @limited {{ add_header Retry-After 120 always; return 429; }}
    }}
}}"#
    )
}

/// Starts nginx, if this machine has it.
async fn nginx() -> Option<Nginx> {
    if !Path::new(NGINX).exists() {
        eprintln!("SKIPPED: {NGINX} is not installed, so feeds are not read from a real server");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("www")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    fs::write(folder.path().join("nginx.conf"), config(port)).unwrap();
    let child = Command::new(NGINX)
        .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut nginx = Nginx { folder, port, child };
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(nginx.child.try_wait().unwrap().is_none(), "nginx did not start");
        tick.tick().await;
    }
    Some(nginx)
}

impl Nginx {
    fn write(&self, name: &str, items: &[(&str, &str)]) {
        let items: String = items
            .iter()
            .map(|(id, title)| format!("<item><guid>urn:{id}</guid><title>{title}</title></item>"))
            .collect();
        let document = format!(
            "<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
        );
        fs::write(self.folder.path().join("www").join(name), document).unwrap();
    }

    fn source(&self, path: &str) -> FeedSource {
        let options = format!("url = 'http://127.0.0.1:{}{path}'\nevery_secs = 1", self.port);
        FeedSource::new(&options.parse().unwrap()).unwrap()
    }

    /// The statuses and addresses that nginx answered.
    fn log(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("access.log")).unwrap();
        log.lines().map(str::to_owned).collect()
    }
}

/// One run, and the ids of what came out.
async fn run(source: &mut FeedSource, rig: &mut Rig) -> (Result<Ended, SourceError>, Vec<String>) {
    rig.rerun();
    let outcome = source.run(&mut rig.context).await;
    let ids = rig.take().0.into_iter().map(|event| match event {
        SourceEvent::Upsert(post) => post.id.native.to_string(),
        SourceEvent::CaughtUp => "caught up".to_owned(),
        other => panic!("{other:?}"),
    });
    (outcome, ids.collect())
}

#[tokio::test]
async fn an_unchanged_feed_costs_a_304_and_a_changed_one_brings_its_news() {
    let Some(nginx) = nginx().await else { return };
    nginx.write("feed.xml", &[("2", "two"), ("1", "one")]);
    let (mut rig, mut source) = (Rig::new(&[]), nginx.source("/feed.xml"));
    let later = Ok(Ended::Later(Duration::from_secs(1)));
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        run(&mut source, &mut rig).await,
        (later.clone(), ids(&["urn:1", "urn:2", "caught up"]))
    );
    assert_eq!(run(&mut source, &mut rig).await, (later.clone(), vec![]));
    nginx.write("feed.xml", &[("3", "three"), ("2", "two, corrected"), ("1", "one")]);
    assert_eq!(run(&mut source, &mut rig).await, (later.clone(), ids(&["urn:2", "urn:3"])));
    // A restart of the program: only the cursor is left.
    let mut fresh = nginx.source("/feed.xml");
    assert_eq!(run(&mut fresh, &mut rig).await, (later, vec![]));
    assert_eq!(nginx.log(), ["200 /feed.xml", "304 /feed.xml", "200 /feed.xml", "304 /feed.xml"]);
}

#[tokio::test]
async fn a_feed_that_moved_is_asked_at_its_new_place() {
    let Some(nginx) = nginx().await else { return };
    nginx.write("feed.xml", &[("1", "one")]);
    for (path, again) in [("/moved.xml", "304 /feed.xml"), ("/today.xml", "302 /today.xml")] {
        let (mut rig, mut source) = (Rig::new(&[]), nginx.source(path));
        assert_eq!(run(&mut source, &mut rig).await.1.len(), 2);
        let n_before = nginx.log().len();
        assert_eq!(run(&mut source, &mut rig).await.1.len(), 0);
        assert_eq!(nginx.log()[n_before], again);
    }
    let (mut rig, mut source) = (Rig::new(&[]), nginx.source("/plain.xml"));
    let err = run(&mut source, &mut rig).await.0.unwrap_err();
    assert!(err.to_string().contains("unencrypted"), "{err}");
}

#[tokio::test]
async fn what_goes_wrong_is_said_and_waited_for() {
    let Some(nginx) = nginx().await else { return };
    nginx.write("feed.xml", &[("1", "one")]);
    let www = nginx.folder.path().join("www");
    fs::write(www.join("picture.png"), "png").unwrap();
    fs::write(www.join("endless.xml"), vec![b' '; fetch::MAX_BODY_BYTES + 1]).unwrap();
    fs::write(www.join("broken.xml"), "<rss version='2.0'><channel>").unwrap();
    for (path, expected) in [
        ("/gone.xml", "HTTP 410"),
        ("/locked.xml", "HTTP 401"),
        ("/nothing.xml", "HTTP 404"),
        ("/page.xml", "web page"),
        ("/picture.png", "something else than a feed"),
        ("/endless.xml", "more than 8 MiB"),
        ("/broken.xml", "no readable feed"),
    ] {
        let (mut rig, mut source) = (Rig::new(&[]), nginx.source(path));
        let (outcome, ids) = run(&mut source, &mut rig).await;
        let err = outcome.unwrap_err();
        assert!(err.to_string().contains(expected), "{path}: {err}");
        assert_eq!(err.is_passing(), !matches!(path, "/gone.xml" | "/locked.xml"), "{path}");
        assert_eq!(ids, [""; 0]);
    }
}

#[tokio::test]
async fn a_server_that_limits_us_is_obeyed() {
    let Some(nginx) = nginx().await else { return };
    nginx.write("feed.xml", &[("1", "one")]);
    let (mut rig, mut source) = (Rig::new(&[]), nginx.source("/limited.xml"));
    assert_eq!(run(&mut source, &mut rig).await.1.len(), 2);
    let err = run(&mut source, &mut rig).await.0.unwrap_err();
    assert!(
        matches!(err, SourceError::RateLimited { wait, .. } if wait.as_secs() == 120),
        "{err:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_later_and_later() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = format!("url = 'http://127.0.0.1:{port}/'\nevery_secs = 2").parse().unwrap();
    let (mut rig, mut source) = (Rig::new(&[]), FeedSource::new(&options).unwrap());
    for secs in [2, 4, 8] {
        let err = run(&mut source, &mut rig).await.0.unwrap_err();
        let SourceError::RateLimited { wait, why } = err else { panic!("{err:?}") };
        assert_eq!(wait.as_secs(), secs);
        assert!(why.contains("cannot connect") && !why.contains("127.0.0.1"), "{why}");
    }
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let options = format!("url = 'http://127.0.0.1:{port}/'").parse().unwrap();
    let (mut rig, mut source) = (Rig::new(&[]), FeedSource::new(&options).unwrap());
    rig.context.shutdown.cancel();
    assert_eq!(source.run(&mut rig.context).await, Ok(Ended::Closed));
}

#[track_caller]
fn check_options(options: &str, expected: &str) {
    let answer = match FeedSource::new(&options.parse().unwrap()) {
        Ok(source) => format!("{} {:?}", source.url, source.every),
        Err(err) => err.to_string(),
    };
    assert!(answer.contains(expected), "{answer}");
}

#[test]
fn options_are_checked() {
    check_options("url = 'https://example.org/feed'", "https://example.org/feed 300s");
    check_options(
        "url = 'https://example.org/feed'\nevery_secs = 59",
        "every_secs: must be 60 to 3600",
    );
    check_options("url = 'http://127.0.0.1/feed'\nevery_secs = 1", "1s");
    check_options("url = 'http://127.0.0.1/feed'\nevery_secs = 0", "every_secs: must be 1 to 3600");
    check_options("url = 'http://example.org/feed'", "url: ");
    check_options("url = 'https://e.org'\nexcerpt = 'all'", "excerpt: ");
    check_options("", "missing field `url`");
}
