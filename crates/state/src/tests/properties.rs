//! What holds for every log.

use std::fmt::Write as _;

use proptest::prelude::*;
use vigie_model::{Label, Need};

use super::*;

/// One event of a random log, and the time that passes before it.
#[derive(Clone, Debug)]
struct Step {
    secs: i64,
    event: Event,
    asked: QuerySet,
}

fn posts() -> impl Strategy<Value = Event> {
    let names = (0..10_u8, 0..3_u8, 0..10_u8);
    (names, 0..7_200_i64, 0..3_i32, any::<bool>(), prop::option::of(0..10_u8)).prop_map(
        |((native, text, hidden), age_secs, class, question, reply_to)| {
            // A post never changes its author.
            let handle = native % 4;
            let handle = if handle == 0 { "railazur".into() } else { format!("a{handle}") };
            let at = noon().plus(-age_secs * 1_000_000);
            let mut post =
                post(&native.to_string(), &handle, ["un", "deux", "trois"][text as usize], at);
            post.reply_to = reply_to.map(|to| id(&to.to_string()));
            post.quote_of = reply_to.filter(|to| to % 3 == 0).map(|to| id(&to.to_string()));
            post.labels.extend((hidden == 0).then_some(Label::Sensitive));
            let attitude =
                [Attitude::Negative, Attitude::Neutral, Attitude::Positive][class as usize];
            let terms = vec![post.text.as_ref().into(), "commun".into()];
            let likeness = u64::from(text);
            let reading = Reading { question, terms, likeness, ..tone(attitude) };
            Event::Post { post: Arc::new(post), reading: reading.into() }
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let cause = prop_oneof![Just(PurgeCause::Deleted), Just(PurgeCause::Erasure)];
    let command = prop_oneof![
        any::<bool>().prop_map(|paused| Command::Pause { query: None, paused }),
        (0..10_u8).prop_map(|native| Command::Reject(id(&native.to_string()))),
        (0..10_u8).prop_map(|native| Command::Forget(id(&native.to_string()))),
        (1..4_u8).prop_map(|handle| Command::Erase(author(&format!("a{handle}")).id.clone())),
        (0..10_u8, any::<bool>()).prop_map(|(native, good)| {
            let attitude = if good { Attitude::Positive } else { Attitude::Negative };
            Command::Retone { post: id(&native.to_string()), attitude }
        }),
        (0..10_u8, any::<bool>()).prop_map(|(native, question)| Command::Requestion {
            post: id(&native.to_string()),
            question,
        }),
        operations::commands(),
        operations::commands(),
    ];
    let event = prop_oneof![
        12 => posts(),
        2 => (0..10_u8).prop_map(|native| Event::Deleted(id(&native.to_string()))),
        1 => (1..4_u8, cause).prop_map(|(handle, cause)| {
            Event::AuthorPurged(author(&format!("a{handle}")).id.clone(), cause)
        }),
        1 => (1..4_u8, "[a-z]{0,3}").prop_map(|(handle, name)| {
            let mut author = (*author(&format!("a{handle}"))).clone();
            author.name = name.into();
            Event::Author(Arc::new(author))
        }),
        1 => (0..50_u64).prop_map(|n_posts| Event::Unasked { source: "s".into(), n_posts }),
        4 => (command, 0..3_u8).prop_map(|(command, by)| {
            Event::Command(Issued { by: format!("p{by}").into(), command })
        }),
    ];
    let secs = prop_oneof![4 => 0..4_i64, 2 => 0..600_i64, 1 => 0..90_000_i64];
    let step = (secs, event, 0..4_u64, 0..32_u64).prop_map(|(secs, event, asked, rules)| Step {
        secs,
        event: shift(event, secs),
        asked: QuerySet::from_bits(asked | (rules & rules >> 3) << 2),
    });
    prop::collection::vec(step, 0..60)
}

/// Posts of a step that comes late are published late too.
fn shift(event: Event, secs: i64) -> Event {
    match event {
        Event::Post { mut post, reading } => {
            let shifted = Arc::make_mut(&mut post);
            shifted.published = shifted.published.plus(secs * 1_000_000);
            Event::Post { post, reading }
        }
        other => other,
    }
}

pub(super) fn full_setup() -> Setup {
    let kinds = || {
        let measures = vigie_analysis::MEASURES;
        let kpis = measures.iter().map(|measure| NeedKind::Kpi { measure: measure.name.into() });
        [
            NeedKind::Feed,
            NeedKind::Trends { window_mins: 5 },
            NeedKind::Trends { window_mins: 60 },
            NeedKind::Mood { window_mins: 30 },
            NeedKind::Volume { window_mins: 90 },
            NeedKind::Movers { window_mins: 30 },
            NeedKind::Movers { window_mins: 5 },
            NeedKind::Board { window_mins: 60 },
            NeedKind::KpiHour { measure: "posts".into() },
            NeedKind::KpiHour { measure: "reply rate".into() },
        ]
        .into_iter()
        .chain(kpis)
    };
    let needs = ["q", "other"]
        .into_iter()
        .flat_map(|query| kinds().map(move |kind| Need { query: query.into(), kind }))
        .collect();
    Setup { needs, ..operations::staged(setup(Vec::new())) }
}

/// The log that the steps make.
fn log(steps: &[Step]) -> Vec<(Logged, QuerySet)> {
    let mut at = noon();
    let number = |(place, step): (usize, &Step)| {
        at = at.plus(step.secs * 1_000_000);
        (Logged { seq: Seq(place as u64 + 1), at, event: step.event.clone() }, step.asked)
    };
    steps.iter().enumerate().map(number).collect()
}

/// Everything that a snapshot shows, without versions.
pub(super) fn shown(snapshot: &Snapshot) -> String {
    let mut text = format!("{:?} {:?} {:?}\n", snapshot.at, *snapshot.sources, *snapshot.notices);
    let mut counters = *snapshot.counters;
    counters.n_deleted = 0;
    writeln!(text, "{counters:?} {}", snapshot.identify).unwrap();
    writeln!(text, "{:#?}\n{:#?}", *snapshot.moderation, *snapshot.show).unwrap();
    writeln!(text, "{:?}", *snapshot.log).unwrap();
    for (name, view) in &snapshot.queries {
        writeln!(text, "{name} {:#?}", view.feed.shared()).unwrap();
        for part in view.trends.values() {
            writeln!(text, "{:#?}", part.shared()).unwrap();
        }
        for part in view.mood.values() {
            writeln!(text, "{:?}", part.shared()).unwrap();
        }
        for part in view.volume.values() {
            writeln!(text, "{:?}", part.shared()).unwrap();
        }
        for part in view.movers.values() {
            writeln!(text, "{:?}", part.shared()).unwrap();
        }
        for part in view.boards.values() {
            writeln!(text, "{:?}", part.shared()).unwrap();
        }
        writeln!(text, "{:?}", view.sources.shared()).unwrap();
        for (measure, part) in view.kpis.iter().chain(&view.hours) {
            writeln!(text, "{measure} {:?}", part.shared()).unwrap();
        }
    }
    text
}

fn end_of(log: &[(Logged, QuerySet)]) -> Timestamp {
    log.last().map_or(noon(), |(logged, _)| logged.at).plus(3_000_000)
}

fn fold(log: &[(Logged, QuerySet)]) -> RoomState {
    let mut state = RoomState::new(&full_setup());
    for (logged, asked) in log {
        state.apply(logged, Some(*asked));
    }
    state
}

/// The log as the store has it after its deletions: the content of what was deleted is gone.
fn redacted(log: &[(Logged, QuerySet)]) -> Vec<(Logged, QuerySet)> {
    let deletes = |event: &Event, post: &Post| match event {
        Event::Deleted(id) => *id == post.id,
        Event::AuthorPurged(author, _) => *author == post.author.id,
        Event::Command(Issued { command: Command::Forget(id), .. }) => *id == post.id,
        Event::Command(Issued { command: Command::Erase(id), .. }) => *id == post.author.id,
        _ => false,
    };
    let survives = |place: usize| match log.get(place).map(|(logged, _)| &logged.event) {
        Some(Event::Post { post, .. }) => {
            !log.iter().skip(place).any(|(later, _)| deletes(&later.event, post))
        }
        _ => true,
    };
    (0..log.len()).filter(|place| survives(*place)).map(|place| log[place].clone()).collect()
}

proptest! {
    #[test]
    fn the_same_log_gives_the_same_room_however_time_is_told(
        steps in steps(),
        pauses in prop::collection::vec((0..60_usize, 0..100_i64, any::<bool>()), 0..30),
    ) {
        let log = log(&steps);
        let mut plain = fold(&log);
        let mut told = RoomState::new(&full_setup());
        for (place, (logged, asked)) in log.iter().enumerate() {
            told.apply(logged, Some(*asked));
            for (_, millis, looked) in pauses.iter().filter(|pause| pause.0 == place) {
                let next = log.get(place + 1).map_or(end_of(&log), |(logged, _)| logged.at);
                let ahead = logged.at.plus(next.since(logged.at) * millis / 100);
                told.advance(ahead);
                if *looked {
                    told.snapshot();
                }
            }
        }
        plain.advance(end_of(&log));
        told.advance(end_of(&log));
        let (plain, told) = (plain.snapshot(), told.snapshot());
        prop_assert_eq!(shown(&plain), shown(&told));
        prop_assert_eq!(&*plain.alerts, &*told.alerts);
    }

    #[test]
    fn a_deleted_post_has_never_been(steps in steps()) {
        let log = log(&steps);
        let (mut live, mut restarted) = (fold(&log), fold(&redacted(&log)));
        live.advance(end_of(&log));
        restarted.advance(end_of(&log));
        prop_assert_eq!(shown(&live.snapshot()), shown(&restarted.snapshot()));
    }

    #[test]
    fn versions_change_if_and_only_if_values_do(steps in steps()) {
        let mut state = RoomState::new(&full_setup());
        let mut last = state.snapshot();
        for (logged, asked) in log(&steps) {
            state.apply(&logged, Some(asked));
            let next = state.snapshot();
            check_versions(&last, &next)?;
            check_invariants(&next)?;
            last = next;
        }
    }
}

fn check_versions(last: &Snapshot, next: &Snapshot) -> Result<(), TestCaseError> {
    fn check<T: std::fmt::Debug>(
        last: &vigie_model::Part<T>,
        next: &vigie_model::Part<T>,
    ) -> Result<(), TestCaseError> {
        let (before, after) = (format!("{:?}", last.shared()), format!("{:?}", next.shared()));
        prop_assert_eq!(last.version() == next.version(), before == after);
        prop_assert!(last.version() <= next.version());
        Ok(())
    }
    check(&last.sources, &next.sources)?;
    check(&last.counters, &next.counters)?;
    check(&last.notices, &next.notices)?;
    check(&last.moderation, &next.moderation)?;
    check(&last.show, &next.show)?;
    check(&last.log, &next.log)?;
    check(&last.alerts, &next.alerts)?;
    for (name, view) in &last.queries {
        let other = &next.queries[name];
        check(&view.feed, &other.feed)?;
        for (key, part) in &view.trends {
            check(part, &other.trends[key])?;
        }
        for (key, part) in &view.mood {
            check(part, &other.mood[key])?;
        }
        for (key, part) in &view.volume {
            check(part, &other.volume[key])?;
        }
        for (key, part) in &view.kpis {
            check(part, &other.kpis[key])?;
        }
    }
    Ok(())
}

fn check_invariants(snapshot: &Snapshot) -> Result<(), TestCaseError> {
    for view in snapshot.queries.values() {
        let feed = &view.feed;
        prop_assert!(feed.items.len() <= Feed::MAX_ITEMS && feed.n_waiting <= feed.n_total);
        let shown = |label: &Label| label.hides();
        prop_assert!(feed.items.iter().all(|item| !item.post.labels.iter().any(shown)));
        let n_left = feed.n_total - feed.n_waiting;
        let n_copies: u64 = feed.items.iter().map(|item| u64::from(item.n_copies)).sum();
        prop_assert_eq!(n_copies, n_left.min(Feed::MAX_ITEMS as u64));
        if let Some(KpiValue::Share(part, whole)) = view.kpis.get("reply rate").map(|kpi| kpi.value)
        {
            prop_assert!(part <= whole);
        }
        for trends in view.trends.values() {
            prop_assert!(trends.terms.len() <= vigie_model::Trends::MAX_TERMS);
            prop_assert!(trends.terms.iter().all(|trend| trend.n_authors <= trend.n_posts));
        }
    }
    prop_assert_eq!(snapshot.sources[0].n_posts, snapshot.counters.n_posts);
    Ok(())
}
