//! Alerts: what raises one, what joins it, who has seen it.

use vigie_model::{Alert, AlertKind};

use super::*;

fn room() -> Room {
    Room::new(vec![NeedKind::Trends { window_mins: 15 }, NeedKind::Mood { window_mins: 15 }])
}

impl Room {
    /// A post by someone new, read as having these terms.
    fn speak(&mut self, text: &str, terms: &[&str], attitude: Attitude) {
        let native = self.seq.0.to_string();
        let said = post(&native, &format!("author-{native}"), text, self.at);
        let terms = terms.iter().map(|term| (*term).into()).collect();
        self.read(said, Reading { terms, ..tone(attitude) });
    }

    /// Minutes in which people speak of this and that, at so many posts a minute.
    fn usual(&mut self, n_minutes: u32, per_min: u32) {
        for number in 0..n_minutes * per_min {
            self.wait(i64::from(60 / per_min));
            let word = format!("sujet{}", number * 7 % 101);
            let attitude = if number % 5 == 0 { Attitude::Negative } else { Attitude::Neutral };
            self.speak(&word, &[&word], attitude);
        }
    }

    /// A burst about `tag` by ever other people, every other second.
    fn burst(&mut self, tag: &str, n_posts: u32) {
        let folded = vigie_analysis::fold(tag);
        for _ in 0..n_posts {
            self.wait(2);
            self.speak(&format!("Encore {tag} ce soir"), &[&folded], Attitude::Neutral);
        }
    }

    fn alerts(&mut self) -> Vec<Alert> {
        self.wait(2);
        self.snapshot().alerts.to_vec()
    }
}

#[test]
fn a_burst_raises_one_alert_with_its_evidence() {
    let mut room = room();
    room.usual(90, 6);
    assert_eq!(room.alerts(), []);
    let start = room.at;
    room.burst("#PanneGéante", 20);
    let alerts = room.alerts();
    let [alert] = &alerts[..] else { panic!("{alerts:?}") };
    assert_eq!((alert.kind, alert.term.as_deref()), (AlertKind::Term, Some("#PanneGéante")));
    assert!(alert.at.since(start) <= 30_000_000 && alert.active && alert.is_open());
    assert!(alert.ratio > 5.0 && alert.n_authors >= 5 && alert.samples.len() == 3);
    room.usual(10, 6);
    let later = room.alerts();
    assert!(!later[0].active && later[0].id == alert.id);
    room.usual(13 * 60, 1);
    assert_eq!(room.alerts(), []);
}

#[test]
fn bursts_that_come_together_are_one_incident() {
    let mut room = room();
    room.usual(90, 6);
    for tag in ["#un_sujet", "#autre_chose", "#troisieme", "#quatrieme"] {
        room.burst(tag, 15);
    }
    let alerts = room.alerts();
    assert_eq!((alerts.len(), alerts[0].joined.len()), (1, 3));
    assert!(alerts[0].n_joined >= 3, "the volume may join them");
}

#[test]
fn an_hour_brings_six_alerts_at_most() {
    let mut room = room();
    room.usual(90, 6);
    for number in 0..9 {
        room.burst(&format!("#tag{}", ["a", "b", "c", "d", "e", "f", "g", "h", "i"][number]), 10);
        room.usual(6, 6);
    }
    let alerts = room.alerts();
    assert_eq!(alerts.len(), 6);
    assert!(alerts[0].n_joined >= 1);
}

#[test]
fn an_alert_is_acknowledged_by_name_and_loses_deleted_samples() {
    let mut room = room();
    room.usual(90, 6);
    room.burst("#incident", 20);
    let alert = room.alerts().remove(0);
    room.command(Command::Acknowledge(alert.id));
    room.delete(&alert.samples[0].post.id.native);
    let seen = room.alerts().remove(0);
    assert_eq!(seen.acknowledged.as_ref().map(|seen| seen.by.as_str()), Some("test"));
    assert!(!seen.is_open() && seen.samples.len() == 2);
    room.burst("#incident", 20);
    assert_eq!(room.alerts().len(), 1, "a burst that goes on is the same alert");
}

#[test]
fn a_crisis_of_three_times_the_usual_is_told_within_two_minutes() {
    let mut room = room();
    room.usual(240, 20);
    assert_eq!(room.alerts(), []);
    let start = room.at;
    room.usual(5, 60);
    let alerts = room.alerts();
    let volume = alerts.iter().find(|alert| alert.kind == AlertKind::Volume).expect("an alarm");
    assert!(volume.at.since(start) <= 120_000_000, "{:?}", volume.at.since(start));
    assert!(volume.ratio > 1.3 && alerts.len() == 1, "{alerts:?}");
}

#[test]
fn a_mood_that_swings_is_told() {
    let mut room = room();
    room.usual(120, 12);
    for number in 0..180 {
        room.wait(5);
        let word = format!("sujet{}", number * 7 % 101);
        room.speak(&word, &[&word], Attitude::Negative);
    }
    let alerts = room.alerts();
    let mood = alerts.iter().find(|alert| alert.kind == AlertKind::Mood).expect("an alert");
    assert!(mood.value > 0.4 && mood.baseline < 0.3 && mood.query.is_some());
    assert!(mood.active && mood.last.since(mood.at) > 60_000_000, "it goes on: {mood:?}");
}

#[test]
fn what_was_said_before_the_start_raises_alerts_at_its_own_time() {
    let mut room = room();
    let opened = room.at;
    // The room starts two hours later, and is told of all of it at once.
    room.at = opened.plus(7_200 * 1_000_000);
    let mut said = opened;
    let mut number = 0_u32;
    let mut tell = |room: &mut Room, secs: i64, word: &str| {
        said = said.plus(secs * 1_000_000);
        number += 1;
        let native = format!("past-{number}");
        let past = post(&native, &format!("author-{number}"), word, said);
        let terms = vec![vigie_analysis::fold(word).into()];
        room.read(past, Reading { terms, ..tone(Attitude::Neutral) });
        said
    };
    for idx in 0..600 {
        tell(&mut room, 10, &format!("sujet{}", idx * 7 % 101));
    }
    let began = tell(&mut room, 1, "#panne");
    for _ in 0..40 {
        tell(&mut room, 2, "#panne");
    }
    let alerts = room.alerts();
    let [alert] = &alerts[..] else { panic!("{alerts:?}") };
    assert_eq!((alert.kind, alert.term.as_deref()), (AlertKind::Term, Some("#panne")));
    assert!(alert.at.since(began) <= 60_000_000 && alert.last > alert.at && !alert.active);
}

#[test]
fn a_usual_day_is_silent() {
    let mut room = room();
    room.usual(24 * 60, 4);
    assert_eq!(room.alerts(), []);
}

#[test]
fn trouble_lasts_until_it_is_over_and_calls_once() {
    let mut room = room();
    let trouble = |room: &mut Room, kind, name: &str, over| {
        room.command(Command::Trouble { kind, name: name.into(), over });
        room.alerts()
    };
    let alerts = trouble(&mut room, AlertKind::Source, "bluesky", false);
    let [alert] = &alerts[..] else { panic!("{alerts:?}") };
    assert_eq!((alert.kind, alert.term.as_deref()), (AlertKind::Source, Some("bluesky")));
    room.command(Command::Acknowledge(alert.id));
    room.wait(24 * 3_600);
    assert!(room.alerts()[0].active, "it lasts");
    assert!(!trouble(&mut room, AlertKind::Source, "bluesky", true)[0].active);
    let again = trouble(&mut room, AlertKind::Source, "bluesky", false);
    assert!(again.len() == 1 && again[0].active && !again[0].is_open(), "nobody is called twice");
    assert_eq!(trouble(&mut room, AlertKind::Screen, "left", false).len(), 2);
    assert_eq!(trouble(&mut room, AlertKind::Store, "", false)[0].term, None);
    assert_eq!(
        trouble(&mut room, AlertKind::Term, "word", false).len(),
        3,
        "no trouble of the room"
    );
    assert_eq!(trouble(&mut room, AlertKind::Screen, "never", true).len(), 3, "nothing was wrong");
    room.wait(600);
    let later = trouble(&mut room, AlertKind::Source, "bluesky", true);
    room.wait(600);
    assert_eq!(trouble(&mut room, AlertKind::Source, "bluesky", false).len(), later.len() + 1);
}
