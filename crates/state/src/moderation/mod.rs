//! What people and rules let through: which posts are shown, which wait, which are out of the room.
//!
//! A post that waits counts in every figure and is shown nowhere.
//! A rejected post, and every post of a blocked author, is out of the room as if it had never come,
//! and comes back to its old place when the decision is taken back.
//! A decision is about a post's id, so it holds before the post comes and after it is gone,
//! and taking decisions back does not depend on what posts are there.

mod decide;
mod desk;
mod gate;
mod limbo;
mod undo;

use rustc_hash::FxHashMap;
use vigie_analysis::QuerySet;
use vigie_model::{Decision, Hold, Micros, PostId, Queues, Seq, Timestamp, Verdict};

pub(crate) use self::{
    decide::Hand,
    desk::{Desk, Kept, Lane, Places},
    gate::{Gate, Gates},
    limbo::{Absent, Limbo},
    undo::{Change, Direction, Undo},
};
use crate::{
    Setup,
    digest::{AuthorKey, PostKey},
    fifo::Fifo,
    posts::Record,
};

/// Decisions that are remembered; beyond, a post that comes again is as if nobody had decided.
const MAX_DECISIONS: usize = 1 << 16;
/// Blocked authors that are remembered.
const MAX_BARRED: usize = 1 << 14;
/// Rejected posts that can be brought back; of more, the oldest are forgotten.
const MAX_REJECTED: usize = 1_024;
/// How long a rejected post can be brought back; then its text leaves the disk.
pub const REJECTED_KEEP: Micros = 3_600 * 1_000_000;

/// What people decided of a post, and when they decided which part of it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    id: PostId,
    decision: Decision,
    /// The text that was approved: another one waits again.
    text: Option<u64>,
    judged_at: Seq,
    flagged_at: Seq,
    pinned_at: Seq,
}

/// An author whose posts are hidden, or were.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Barred {
    is_blocked: bool,
    seq: Seq,
}

/// What the gates and the people say of a post.
pub(crate) struct Ruling {
    pub(crate) visible: QuerySet,
    held: Vec<Hold>,
    places: Places,
}

/// Everything that decides on what is shown.
#[derive(Debug)]
pub(crate) struct Moderation {
    pub(crate) gates: Gates,
    pub(crate) desk: Desk,
    pub(crate) limbo: Limbo,
    judged: Fifo<PostKey, Judged>,
    barred: Fifo<AuthorKey, Barred>,
    n_barred: u64,
    n_ruled_out: u64,
    undo: Undo,
    /// Posts that the show needs whole, whatever lane they lie in, and how often.
    on_air: FxHashMap<PostKey, u32>,
}

impl Moderation {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            gates: Gates::new(setup),
            desk: Desk::default(),
            limbo: Limbo::default(),
            judged: Fifo::new(MAX_DECISIONS),
            barred: Fifo::new(MAX_BARRED),
            n_barred: 0,
            n_ruled_out: 0,
            undo: Undo::default(),
            on_air: FxHashMap::default(),
        }
    }

    /// Counts a post that came, or went, where a rule hides it.
    pub(crate) fn count_ruled_out(&mut self, gate: Gate, came: bool) {
        if gate.is_ruled_out() {
            let n_posts = self.n_ruled_out;
            self.n_ruled_out = if came { n_posts + 1 } else { n_posts.saturating_sub(1) };
            self.desk.is_stale = true;
        }
    }

    /// Posts that wait for a person.
    pub(crate) fn n_held(&self) -> u64 {
        self.desk.len(Lane::Waiting) as u64
    }

    /// Whether people keep the post out of the room.
    pub(crate) fn bars(&self, post: PostKey, author: AuthorKey) -> bool {
        self.rejects(post) || self.blocks(author)
    }

    /// Whether somebody has rejected the post.
    pub(crate) fn rejects(&self, post: PostKey) -> bool {
        self.judged
            .get(post)
            .is_some_and(|judged| judged.decision.verdict == Some(Verdict::Rejected))
    }

    /// Whether somebody has blocked the author.
    pub(crate) fn blocks(&self, author: AuthorKey) -> bool {
        self.barred.get(author).is_some_and(|barred| barred.is_blocked)
    }

    /// What is to be done with the post of `record`, which is in the room.
    pub(crate) fn rule(&self, record: &Record) -> Ruling {
        let judged = self.judged.get(record.key);
        let (gate, asked) = (record.gate, record.queries);
        let held = self.gates.holds(gate, asked);
        let verdict = judged.and_then(|judged| {
            let is_other_text = judged.text.is_some_and(|text| text != record.text);
            let voids = is_other_text && judged.decision.verdict == Some(Verdict::Approved);
            judged.decision.verdict.filter(|_| !voids)
        });
        let visible = match verdict {
            _ if gate.is_closed() => QuerySet::EMPTY,
            Some(Verdict::Approved) => asked,
            Some(Verdict::Rejected | Verdict::Stashed) => QuerySet::EMPTY,
            None => self.gates.open(gate, asked),
        };
        let mut places = Places::default();
        let mut put = |lane: Lane, place: Seq| {
            if let Some(entry) = places.get_mut(lane as usize) {
                *entry = Some(place);
            }
        };
        if let Some(judged) = judged {
            match verdict {
                Some(Verdict::Approved) => put(Lane::Approved, judged.judged_at),
                Some(Verdict::Stashed) => put(Lane::Stashed, record.order),
                Some(Verdict::Rejected) => put(Lane::Rejected, judged.judged_at),
                None => {}
            }
            if judged.decision.flag.is_some() {
                put(Lane::Flagged, judged.flagged_at);
            }
            if judged.decision.pinned {
                put(Lane::Pinned, judged.pinned_at);
            }
        }
        if verdict.is_none() && !held.is_empty() {
            put(Lane::Waiting, record.order);
        }
        Ruling { visible, held, places }
    }

    /// Whether the post must be kept whole.
    fn keeps(&self, key: PostKey, places: &Places) -> bool {
        places.iter().any(Option::is_some) || self.on_air.contains_key(&key)
    }

    /// Whether the post lies in a lane by its ruling, or did before.
    pub(crate) fn lays(&self, key: PostKey, ruling: &Ruling) -> bool {
        self.keeps(key, &ruling.places) || self.desk.get(key).is_some()
    }

    /// What the desk shows.
    pub(crate) fn view(&self) -> Queues {
        Queues {
            waiting: self.desk.view(Lane::Waiting),
            stashed: self.desk.view(Lane::Stashed),
            approved: self.desk.view(Lane::Approved),
            rejected: self.desk.view(Lane::Rejected),
            flagged: self.desk.view(Lane::Flagged),
            pinned: self.desk.view(Lane::Pinned),
            n_blocked_authors: self.n_barred,
            n_ruled_out: self.n_ruled_out,
        }
    }

    /// Rejected posts whose text is to be forgotten at `now`, oldest first.
    fn expired(&self, now: Timestamp) -> Vec<PostId> {
        let n_too_many = self.desk.len(Lane::Rejected).saturating_sub(MAX_REJECTED);
        let judged = self.desk.keys(Lane::Rejected).filter_map(|key| self.judged.get(key));
        judged
            .enumerate()
            .take_while(|(place, judged)| {
                *place < n_too_many || now.since(judged.decision.at) >= REJECTED_KEEP
            })
            .map(|(_, judged)| judged.id.clone())
            .collect()
    }

    fn judged_seq(&self, key: PostKey) -> Option<Seq> {
        self.judged.get(key).map(|judged| judged.decision.seq)
    }

    fn set_judged(&mut self, key: PostKey, judged: Option<Judged>) {
        match judged {
            Some(judged) => self.judged.insert(key, judged),
            None => drop(self.judged.remove(key)),
        }
    }

    fn set_barred(&mut self, key: AuthorKey, barred: Option<Barred>) {
        let was = self.blocks(key);
        match barred {
            Some(barred) => self.barred.insert(key, barred),
            None => drop(self.barred.remove(key)),
        }
        match (was, self.blocks(key)) {
            (false, true) => self.n_barred += 1,
            (true, false) => self.n_barred = self.n_barred.saturating_sub(1),
            _ => {}
        }
        self.desk.is_stale = true;
    }

    /// Notes that the show needs the post whole, or needs it no longer.
    pub(crate) fn need(&mut self, key: PostKey, is_needed: bool) {
        let n_times = self.on_air.entry(key).or_default();
        *n_times = if is_needed { n_times.saturating_add(1) } else { n_times.saturating_sub(1) };
        if *n_times == 0 {
            self.on_air.remove(&key);
        }
    }
}
