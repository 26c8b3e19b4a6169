//! What stands between a post and the wall before any person has decided.

use vigie_analysis::QuerySet;
use vigie_model::{Hold, Label, Post, QueryName, Reading};

use crate::Setup;

/// What speaks for or against showing a post, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Gate(u8);

impl Gate {
    /// The network or the author does not want it on a public wall.
    const LABELED: u8 = 1;
    /// Its text is flagged.
    const FLAGGED: u8 = 2;
    /// The room's rule wants a person to look.
    const HOLD: u8 = 4;
    /// The room's rule does not want it.
    const BLOCK: u8 = 8;
    /// The room's rule trusts it, or the brand wrote it.
    const ALLOW: u8 = 16;

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Whether nothing that a person says can show it.
    pub(crate) const fn is_closed(self) -> bool {
        self.has(Self::LABELED)
    }

    /// Whether a rule hides it as long as nobody says otherwise.
    pub(crate) const fn is_ruled_out(self) -> bool {
        self.has(Self::BLOCK) && !self.is_closed()
    }
}

/// The room's rules, as the fold applies them.
#[derive(Debug)]
pub(crate) struct Gates {
    queries: QuerySet,
    guarded: QuerySet,
    with_rules: bool,
    n_queries: usize,
    flagged_wait: bool,
}

impl Gates {
    pub(crate) fn new(setup: &Setup) -> Self {
        let place = |name: &QueryName| setup.queries.iter().position(|query| query == name);
        Self {
            queries: (0..setup.queries.len()).collect(),
            guarded: setup.moderation.guarded.iter().filter_map(place).collect(),
            with_rules: setup.moderation.with_rules,
            n_queries: setup.queries.len(),
            flagged_wait: setup.moderation.flagged_wait,
        }
    }

    /// The room's own queries among those that a post answers.
    pub(crate) fn asked(&self, matches: QuerySet) -> QuerySet {
        if self.with_rules { intersection(matches, self.queries) } else { matches }
    }

    /// What speaks for or against showing a post.
    pub(crate) fn gate(
        &self,
        post: &Post,
        reading: &Reading,
        matches: QuerySet,
        own: bool,
    ) -> Gate {
        let rule = |offset: usize| self.with_rules && matches.contains(self.n_queries + offset);
        let bits = [
            (Gate::LABELED, post.labels.iter().any(Label::hides)),
            (Gate::FLAGGED, self.flagged_wait && reading.flags.holds()),
            (Gate::HOLD, rule(0)),
            (Gate::BLOCK, rule(1)),
            (Gate::ALLOW, own || rule(2)),
        ];
        Gate(bits.iter().filter(|(_, is_set)| *is_set).map(|(bit, _)| bit).sum())
    }

    /// Why a post that answers `asked` waits as long as nobody decides.
    pub(crate) fn holds(&self, gate: Gate, asked: QuerySet) -> Vec<Hold> {
        if gate.is_closed() || gate.has(Gate::BLOCK) || gate.has(Gate::ALLOW) {
            return Vec::new();
        }
        let guarded = !intersection(asked, self.guarded).is_empty();
        let all = [
            (Hold::Guarded, guarded),
            (Hold::Flagged, gate.has(Gate::FLAGGED)),
            (Hold::Rule, gate.has(Gate::HOLD)),
        ];
        all.into_iter().filter_map(|(hold, is_held)| is_held.then_some(hold)).collect()
    }

    /// The queries that show a post of which nobody has decided anything.
    pub(crate) fn open(&self, gate: Gate, asked: QuerySet) -> QuerySet {
        if gate.is_closed() || gate.has(Gate::BLOCK) {
            QuerySet::EMPTY
        } else if gate.has(Gate::ALLOW) {
            asked
        } else if gate.has(Gate::FLAGGED) || gate.has(Gate::HOLD) {
            QuerySet::EMPTY
        } else {
            QuerySet::from_bits(asked.bits() & !self.guarded.bits())
        }
    }
}

fn intersection(one: QuerySet, other: QuerySet) -> QuerySet {
    QuerySet::from_bits(one.bits() & other.bits())
}
