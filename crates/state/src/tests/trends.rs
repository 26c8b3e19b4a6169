//! Trends: what rises, who counts, what is shown of it.

use smol_str::SmolStr;
use vigie_model::{Label, Trends};

use super::*;

const MINUTE: i64 = 60;

fn room() -> Room {
    Room::new(vec![NeedKind::Trends { window_mins: 10 }])
}

fn terms(names: &[&str]) -> Reading {
    Reading { terms: names.iter().map(SmolStr::new).collect(), ..Reading::default() }
}

impl Room {
    /// `n_posts` posts about `topic`, each by another author, ten seconds apart.
    fn talk(&mut self, topic: &str, n_posts: usize) {
        for _ in 0..n_posts {
            self.wait(10);
            let native = format!("{}", self.seq.0);
            let text = format!("Parlons de {topic}");
            let said = post(&native, &format!("author-{native}"), &text, self.at);
            let folded = vigie_analysis::fold(topic);
            self.read(said, terms(&[&folded]));
        }
    }

    fn trends(&mut self) -> Trends {
        self.wait(2);
        (**self.snapshot().trends(&"q".into(), 10).unwrap().shared()).clone()
    }

    fn top(&mut self) -> Vec<SmolStr> {
        self.trends().terms.iter().map(|trend| trend.term.clone()).collect()
    }
}

/// An hour in which people speak of many things.
fn usual_talk(room: &mut Room) {
    for round in 0..60 {
        for topic in ["météo", "vacances", "horaires", "café"] {
            room.talk(topic, 1);
        }
        room.talk(&format!("sujet{round}"), 1);
    }
}

#[test]
fn what_rises_is_seen_and_what_is_usual_is_not() {
    let mut room = room();
    usual_talk(&mut room);
    assert_eq!(room.top(), Vec::<SmolStr>::new());
    room.talk("#PanneDeSignal", 15);
    let trends = room.trends();
    let top = &trends.terms[0];
    assert_eq!((top.term.as_str(), top.n_posts, top.n_authors), ("#PanneDeSignal", 15, 15));
    assert!(top.ratio > 3.0 && top.baseline < 5.0);
    assert_eq!(top.samples.len(), 3);
    assert!(top.samples[0].post.published > top.samples[2].post.published);
    assert_eq!(top.spark.iter().sum::<u32>(), 15);
    assert_eq!(trends.terms.len(), 1);
    assert!(room.at.since(top.first_seen) < 5 * MINUTE * 1_000_000);
    room.wait(3_600);
    assert_eq!(room.top(), Vec::<SmolStr>::new());
}

#[test]
fn a_flood_by_one_account_is_no_trend() {
    let mut room = room();
    usual_talk(&mut room);
    for number in 0..200 {
        let said = post(&format!("flood{number}"), "bot", "spam", room.at);
        room.read(said, terms(&["spam"]));
    }
    assert_eq!(room.top(), Vec::<SmolStr>::new());
}

#[test]
fn the_brand_and_hidden_posts() {
    let mut room = room();
    usual_talk(&mut room);
    for number in 0..20 {
        let said = post(&format!("own{number}"), "railazur", "réponse", room.at);
        room.read(said, terms(&["reponse"]));
        let mut hidden = post(&format!("hidden{number}"), &format!("h{number}"), "nu", room.at);
        hidden.labels.push(Label::Sexual);
        room.read(hidden, terms(&["caché"]));
    }
    let trends = room.trends();
    assert_eq!(trends.terms.len(), 1);
    assert!(trends.terms[0].samples.is_empty(), "hidden posts are no samples");
}

#[test]
fn a_word_and_its_pair_are_one_trend() {
    let mut room = room();
    usual_talk(&mut room);
    for number in 0..12 {
        let said = post(&format!("p{number}"), &format!("a{number}"), "Saint Charles", room.at);
        room.read(said, terms(&["saint", "charles", "saint charles", "#charles"]));
    }
    assert_eq!(room.top(), ["Saint Charles"]);
}

#[test]
fn deleted_posts_leave_trends_and_samples() {
    let mut room = room();
    usual_talk(&mut room);
    room.talk("incident", 12);
    let sample = room.trends().terms[0].samples[0].post.id.clone();
    room.delete(&sample.native);
    let trends = room.trends();
    assert_eq!(trends.terms[0].n_posts, 11);
    assert!(trends.terms[0].samples.iter().all(|item| item.post.id != sample));
    for number in 0..1_000 {
        room.delete(&number.to_string());
    }
    assert_eq!(room.trends().n_posts, 0);
}

#[test]
fn an_edit_takes_its_old_terms_along() {
    let mut room = room();
    usual_talk(&mut room);
    for number in 0..12 {
        let said = post(&format!("p{number}"), &format!("a{number}"), "grêve", room.at);
        room.read(said, terms(&["greve"]));
    }
    assert_eq!(room.top(), ["grêve"]);
    for number in 0..12 {
        let said = post(&format!("p{number}"), &format!("a{number}"), "fête", room.at);
        room.read(said, terms(&["fete"]));
    }
    assert_eq!(room.top(), ["fête"]);
}

#[test]
fn trends_move_on_at_a_calm_pace() {
    let mut room = room();
    usual_talk(&mut room);
    let before = room.trends();
    room.talk("incident", 12);
    room.at = Timestamp::from_secs(room.at.as_secs() / 2 * 2 + 2);
    room.state.advance(room.at);
    let version = |room: &mut Room| room.snapshot().trends(&"q".into(), 10).unwrap().version();
    let seen = version(&mut room);
    room.read(post("now", "a", "incident", room.at), terms(&["incident"]));
    assert_eq!(version(&mut room), seen, "within a tick, nothing moves");
    room.wait(2);
    assert!(version(&mut room) > seen);
    assert!(before.terms.is_empty());
}
