//! Figures from a web address: what is told once, what is told again, and what a bad server can do.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use vigie_model::SourceState;

use crate::room::{Room, Stored, TestClock};

/// What the keeper of the figures answers, one after the other; the last one again and again.
type Answers = Arc<Mutex<VecDeque<String>>>;

fn page(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

async fn answer(mut stream: TcpStream, answers: Answers) -> std::io::Result<()> {
    let mut request = vec![0; 4_096];
    let _n_read = stream.read(&mut request).await?;
    let answer = {
        let mut answers = answers.lock();
        let answer = answers.pop_front().unwrap_or_default();
        if answers.is_empty() {
            answers.push_back(answer.clone());
        }
        answer
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// A room that asks a server for figures every ten seconds.
async fn room(answers: impl IntoIterator<Item = String>) -> Room {
    let answers: Answers = Arc::new(Mutex::new(answers.into_iter().collect()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A connection that breaks is part of what is tested.
            tokio::spawn(answer(stream, Arc::clone(&answers)));
        }
    });
    let options = format!("url = 'http://127.0.0.1:{port}/sales.csv'\nevery_secs = 10");
    Room::open("figures", options.parse().unwrap(), None, TestClock::start())
}

fn values(stored: &Stored) -> Vec<(&str, i64)> {
    stored.figures.iter().map(|figure| (figure.name.as_str(), figure.value_milli)).collect()
}

const MONDAY: &str = "time,name,value\n2027-01-04T08:00:00Z,visits,120\n";

#[tokio::test(start_paused = true)]
async fn rows_are_told_once_and_again_where_they_change() {
    let tuesday = format!("{MONDAY}2027-01-05T08:00:00Z,visits,150\n");
    let corrected = tuesday.replace("120", "125");
    let mut room = room([page(MONDAY), page(MONDAY), page(&tuesday), page(&corrected)]).await;
    room.until("three rows", |stored| stored.figures.len() == 3).await;
    room.pass(60).await;
    assert_eq!(
        values(&room.stored),
        [("visits", 120_000), ("visits", 150_000), ("visits", 125_000)]
    );
    assert_eq!(room.stored.figures[0].origin, "127.0.0.1");
    assert!(room.stored.is_live());
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_keeper_that_fails_is_named_and_asked_again() {
    let overloaded = "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
    let mut cut = page(MONDAY);
    cut.truncate(cut.len() - 8);
    let mut room = room([overloaded, cut, String::new(), page(MONDAY)]).await;
    room.until("the figure", |stored| !stored.figures.is_empty()).await;
    assert!(room.stored.has_waited());
    room.until("live", Stored::is_live).await;
    assert_eq!(values(&room.stored), [("visits", 120_000)], "half a table is no table");
    room.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_no_table_is_named() {
    let mut room = room([page("<html><body>Sign in</body></html>")]).await;
    room.until("a complaint", Stored::has_waited).await;
    let SourceState::Waiting { .. } = room.stored.state() else {
        panic!("{:?}", room.stored.state());
    };
    assert!(room.stored.words().contains("`time`, `name` and `value`"), "{}", room.stored.words());
    assert_eq!(room.stored.figures.len(), 0);
    room.close().await;
}
