//! What the wall shows of the sources, and what it tells of them.

use vigie_model::{GapCause, SourceReport, SourceState, SourceView};

use super::*;

fn report(state: SourceState) -> SourceReport {
    SourceReport { state, heard: None, deadline_secs: 5, n_skipped: 0, n_bytes: 0 }
}

impl Room {
    fn source(&mut self) -> SourceView {
        self.snapshot().sources[0].clone()
    }

    fn report(&mut self, state: SourceState) {
        self.event(Event::Source("s".into(), report(state)), None);
    }

    fn notices(&mut self) -> Vec<String> {
        self.snapshot().notices.iter().map(|notice| notice.text.to_string()).collect()
    }
}

#[test]
fn rates_lags_and_losses() {
    let mut room = Room::new(Vec::new());
    assert_eq!(room.source().report.state, SourceState::Starting);
    room.event(Event::CaughtUp("s".into()), None);
    for (number, lag_secs) in [1, 2, 90].into_iter().enumerate() {
        let mut late = post(&number.to_string(), "a", "x", room.at);
        late.published = room.at.plus(-lag_secs * 1_000_000);
        room.read(late, Reading::default());
    }
    room.event(Event::Unasked { source: "s".into(), n_posts: 40 }, None);
    room.event(Event::Gap { source: "s".into(), cause: GapCause::TooSlow, n_events: 7 }, None);
    let source = room.source();
    assert_eq!(source.lag, Some(2_000_000), "the median bears one late post");
    assert_eq!((source.n_posts, source.n_unasked, source.n_last_min), (3, 40, 43));
    assert_eq!((source.n_gaps, source.n_lost, source.last_post), (1, 7, Some(room.at)));
    assert_eq!(room.snapshot().counters.n_lost, 7);
    room.delete("2");
    assert_eq!((room.source().n_posts, room.source().n_last_min), (2, 42));
    room.wait(59);
    assert_eq!(room.source().n_last_min, 42);
    room.wait(1);
    assert_eq!(room.source().n_last_min, 0);
}

#[test]
fn what_was_said_before_the_start_is_no_rate() {
    let mut room = Room::new(Vec::new());
    for number in 0..100 {
        let mut early = post(&number.to_string(), "a", "x", room.at);
        early.published = room.at.plus(-i64::from(number) * 10_000_000);
        room.read(early, Reading::default());
    }
    assert_eq!(room.source().n_last_min, 6, "of the last minute, one in ten seconds");
    room.delete("99");
    room.delete("5");
    assert_eq!(room.source().n_last_min, 5);
    room.event(Event::CaughtUp("s".into()), None);
    let mut late = post("late", "a", "x", room.at);
    late.published = room.at.plus(-600_000_000);
    room.read(late, Reading::default());
    assert_eq!(room.source().n_last_min, 6, "what comes late is news all the same");
    assert_eq!(room.source().n_posts, 99);
}

#[test]
fn sources_that_the_room_file_does_not_name_come_last() {
    let mut room = Room::new(Vec::new());
    room.event(Event::Unasked { source: "drill".into(), n_posts: 1 }, None);
    let names: Vec<_> = room.snapshot().sources.iter().map(|view| view.id.to_string()).collect();
    assert_eq!(names, ["s", "drill"]);
}

#[test]
fn notices_tell_what_people_must_know_and_for_how_long() {
    let mut room = Room::new(Vec::new());
    assert!(room.notices().is_empty());
    room.command(Command::Reloaded { notice: Some("line 3: no such widget".into()) });
    room.wait(1);
    room.event(Event::Gap { source: "s".into(), cause: GapCause::CursorTooOld, n_events: 0 }, None);
    room.wait(1);
    room.report(SourceState::Stopped { why: "the key was refused".into() });
    assert_eq!(
        room.notices(),
        [
            "source s has stopped: the key was refused",
            "source s missed an unknown number of events: the network no longer had them",
            "line 3: no such widget",
        ]
    );
    room.command(Command::Reloaded { notice: None });
    room.report(SourceState::Live);
    assert_eq!(room.notices().len(), 1);
    room.wait(3_600);
    assert!(room.notices().is_empty());
    for _ in 0..100 {
        let cause = GapCause::Limit("queue".into());
        room.event(Event::Gap { source: "s".into(), cause, n_events: 1 }, None);
    }
    assert_eq!(room.notices().len(), 16);
}
