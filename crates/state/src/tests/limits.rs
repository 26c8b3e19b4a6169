//! What happens beyond the limits: no panic, and counts that stay.

use super::*;

#[test]
fn forgotten_posts_stay_counted_and_can_still_be_hidden() {
    let needs = vec![
        NeedKind::Feed,
        NeedKind::Kpi { measure: "posts".into() },
        NeedKind::Kpi { measure: "authors".into() },
        NeedKind::Trends { window_mins: 10 },
    ];
    let mut room = Room::with(RoomState::with_max_posts(&setup(needs), 10));
    for number in 0..30 {
        room.wait(1);
        let said = post(&number.to_string(), &format!("a{}", number % 15), "x", room.at);
        room.read(said, Reading { terms: vec!["x".into()], ..Reading::default() });
    }
    room.check_kpi("posts", KpiValue::Count(30));
    room.delete("0");
    room.purge("a1", PurgeCause::Deleted);
    room.check_kpi("posts", KpiValue::Count(30));
    let shown = room.feed().items;
    assert!(shown.iter().all(|item| !["0", "1", "16"].contains(&item.post.id.native.as_str())));
    assert_eq!(shown.len(), 27);
    room.delete("29");
    room.check_kpi("posts", KpiValue::Count(29));
    room.wait(24 * 3_600 + 60);
    assert_eq!(room.kpi("posts").previous, None, "half a day is no day to compare with");
}

#[test]
fn strange_times_are_borne() {
    let needs = vec![
        NeedKind::Feed,
        NeedKind::Kpi { measure: "reply time p50".into() },
        NeedKind::Trends { window_mins: u32::MAX },
        NeedKind::Mood { window_mins: 0 },
        NeedKind::Volume { window_mins: u32::MAX },
    ];
    let mut room = Room::new(needs);
    for at in [i64::MIN, -1, 0, i64::MAX] {
        let mut odd = post(&at.to_string(), "a", "x", Timestamp::from_micros(at));
        odd.reply_to = Some(id("0"));
        room.read(odd, Reading::default());
    }
    assert_eq!(room.snapshot().counters.n_posts, 4);
    for at in [i64::MAX, i64::MIN] {
        room.state.advance(Timestamp::from_micros(at));
        room.snapshot();
    }
    let mut early = RoomState::new(&setup(vec![NeedKind::Mood { window_mins: 3 }]));
    early.advance(Timestamp::from_micros(i64::MIN));
    assert_eq!(early.snapshot().mood(&"q".into(), 3).unwrap().line.len(), 3);
}

#[test]
fn the_oldest_terms_are_forgotten_first() {
    use crate::{MAX_TERMS, terms::TermNames};
    let mut names = TermNames::default();
    let old = names.intern(&["old".into()], 0);
    // A few of so many share a number.
    for number in 0..MAX_TERMS + 100 {
        names.intern(&[format!("newer {number}").into()], 1);
    }
    let newest = names.intern(&["newest".into(), "#newest".into()], 2);
    assert!(names.is_full() && newest.len() == 1);
    names.prune();
    assert!(!names.is_full() && names.text(old[0]).is_none());
    assert_eq!(names.text(newest[0]).map(|text| text.as_str()), Some("newest"));
    names.forget_before(1_000);
    assert!(names.text(newest[0]).is_none());
}
