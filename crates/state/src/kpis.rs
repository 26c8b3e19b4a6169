//! The figures of a query: today's so far, and yesterday's up to the same point.

use std::collections::BTreeMap;

use vigie_analysis::{Measure, Subject};
use vigie_model::{Kpi, Network, Timestamp};

use crate::{
    ledger::{Fact, Ledger, Outside},
    posts::{Posts, Record},
};

/// The counters of a query over a day, in all and by network.
#[derive(Debug, Default)]
pub(crate) struct DayLedger {
    total: Ledger,
    by_network: BTreeMap<u16, Ledger>,
}

impl DayLedger {
    pub(crate) fn add(&mut self, network: u16, fact: &Fact) {
        self.total.add(fact);
        self.by_network.entry(network).or_default().add(fact);
    }

    pub(crate) fn subtract(&mut self, network: u16, fact: &Fact) {
        self.total.subtract(fact);
        if let Some(ledger) = self.by_network.get_mut(&network) {
            ledger.subtract(fact);
            if ledger.is_empty() {
                self.by_network.remove(&network);
            }
        }
    }

    pub(crate) fn freeze(&mut self, network: u16, fact: &Fact) {
        self.total.freeze(fact);
        if let Some(ledger) = self.by_network.get_mut(&network) {
            ledger.freeze(fact);
        }
    }

    /// The figure, with `previous` beside it.
    pub(crate) fn kpi(
        &self,
        measure: &Measure,
        previous: Option<&Self>,
        (networks, outside): (&[Network], &Outside),
    ) -> Kpi {
        if measure.subject == Subject::Figures {
            return Kpi {
                value: self.total.figure(measure, outside),
                previous: None,
                by_network: BTreeMap::new(),
                as_of: outside.as_of,
            };
        }
        let name = |network: u16| networks.get(usize::from(network)).cloned();
        Kpi {
            value: self.total.figure(measure, outside),
            previous: previous.map(|previous| previous.total.figure(measure, outside)),
            by_network: self
                .by_network
                .iter()
                .filter_map(|(network, ledger)| {
                    Some((name(*network)?, ledger.figure(measure, outside)))
                })
                .collect(),
            as_of: self.total.as_of(measure),
        }
    }
}

/// An hour's whole minutes.
const HOUR_MINS: i64 = 60;
/// A day's minutes: the same hour of the day before lies so far back, whatever clocks do.
const DAY_MINS: i64 = 24 * HOUR_MINS;

/// The figures of the last whole hour, and of the same hour a day before.
///
/// Both are the sixty whole minutes before the present one, and are counted forward as minutes pass.
#[derive(Debug, Default)]
pub(crate) struct Hours {
    now: HourLedger,
    before: HourLedger,
}

/// The counters of sixty minutes.
#[derive(Debug, Default)]
struct HourLedger {
    /// The minute after the last one; none before the first minute has passed.
    end: Option<i64>,
    ledger: DayLedger,
    /// Whether posts of these minutes are forgotten, so that nothing can be told.
    is_cut: bool,
}

impl Hours {
    /// Moves on to the minute `now`.
    pub(crate) fn advance(&mut self, now: i64, posts: &Posts, belongs: impl Fn(&Record) -> bool) {
        self.now.advance(now, posts, &belongs);
        self.before.advance(now.saturating_sub(DAY_MINS), posts, &belongs);
    }

    /// Counts a post, or takes it out; true where that changed anything.
    pub(crate) fn count(&mut self, record: &Record, added: bool) -> bool {
        let now = self.now.count(record, added);
        self.before.count(record, added) || now
    }

    /// A post is forgotten: its hour cannot be told any more.
    pub(crate) fn forget(&mut self, record: &Record) {
        for hour in [&mut self.now, &mut self.before] {
            if hour.holds(record) {
                hour.is_cut = true;
                hour.ledger = DayLedger::default();
            }
        }
    }

    /// The figure of the last hour, with that of the day before beside it.
    pub(crate) fn kpi(
        &self,
        measure: &Measure,
        with_before: bool,
        around: (&[Network], &Outside),
    ) -> Kpi {
        let before =
            Some(&self.before).filter(|hour| with_before && !hour.is_cut).map(|hour| &hour.ledger);
        self.now.ledger.kpi(measure, before, around)
    }
}

impl HourLedger {
    fn holds(&self, record: &Record) -> bool {
        let Some(end) = self.end else { return false };
        (end.saturating_sub(HOUR_MINS)..end).contains(&record.minute())
    }

    fn count(&mut self, record: &Record, added: bool) -> bool {
        let counts = self.holds(record) && !self.is_cut;
        if counts {
            self.put(record, added);
        }
        counts
    }

    fn put(&mut self, record: &Record, added: bool) {
        let fact = Fact::of(record, Timestamp::from_micros(i64::MAX));
        if added {
            self.ledger.add(record.network, &fact);
        } else {
            self.ledger.subtract(record.network, &fact);
        }
    }

    fn advance(&mut self, end: i64, posts: &Posts, belongs: &impl Fn(&Record) -> bool) {
        let first = end.saturating_sub(HOUR_MINS);
        let Some(old) = self.end.replace(end) else {
            return self.rebuild(first, posts, belongs);
        };
        let is_far = end.saturating_sub(old) >= HOUR_MINS || end < old;
        if self.is_cut || is_far {
            return self.rebuild(first, posts, belongs);
        }
        let (gone, come) = (old.saturating_sub(HOUR_MINS)..first, old..end);
        for record in posts.in_minutes(gone).filter(|record| belongs(record)) {
            self.put(record, false);
        }
        for record in posts.in_minutes(come).filter(|record| belongs(record)) {
            self.put(record, true);
        }
    }

    fn rebuild(&mut self, first: i64, posts: &Posts, belongs: &impl Fn(&Record) -> bool) {
        self.ledger = DayLedger::default();
        self.is_cut = !posts.reach_back_to(Timestamp::from_secs(first.saturating_mul(60)));
        if self.is_cut {
            return;
        }
        let minutes = first..self.end.unwrap_or(first);
        for record in posts.in_minutes(minutes).filter(|record| belongs(record)) {
            self.put(record, true);
        }
    }
}
