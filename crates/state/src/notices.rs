//! What the people in the room must know.

use std::collections::VecDeque;

use smol_str::SmolStr;
use vigie_model::{GapCause, Micros, Notice, SourceId, Timestamp};

/// More lines than this are no notices but a log.
const MAX_NOTICES: usize = 16;
/// A loss is told for so long.
const LOSS_SHOWN: Micros = 3_600 * 1_000_000;

/// What was told, apart from what the sources' states tell.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    reload: Option<Notice>,
    losses: VecDeque<Notice>,
}

impl Notices {
    /// A room file was tried; a good one takes the notice of a bad one away.
    pub(crate) fn reloaded(&mut self, at: Timestamp, text: Option<&SmolStr>) {
        self.reload = text.map(|text| Notice { at, text: text.clone() });
    }

    /// A source has missed something.
    pub(crate) fn missed(
        &mut self,
        at: Timestamp,
        source: &SourceId,
        cause: &GapCause,
        n_events: u64,
    ) {
        let how_many = match n_events {
            0 => "an unknown number of events".to_owned(),
            1 => "1 event".to_owned(),
            _ => format!("{n_events} events"),
        };
        let why = match cause {
            GapCause::CursorTooOld => "the network no longer had them",
            GapCause::TooSlow => "we read too slowly",
            GapCause::NoReplay => "the connection was cut and the network cannot repeat",
            GapCause::Limit(limit) => &format!("limit reached: {limit}"),
            GapCause::Unreadable => "they could not be read",
        };
        let text = format!("source {source} missed {how_many}: {why}").into();
        self.losses.push_back(Notice { at, text });
        if self.losses.len() > MAX_NOTICES {
            self.losses.pop_front();
        }
    }

    /// All that is to be told at `now`, newest first.
    pub(crate) fn view(
        &self,
        now: Timestamp,
        stopped: impl Iterator<Item = Notice>,
    ) -> Vec<Notice> {
        let losses = self.losses.iter().filter(|notice| now.since(notice.at) <= LOSS_SHOWN);
        let mut all: Vec<_> = self.reload.iter().chain(losses).cloned().chain(stopped).collect();
        all.sort_by_key(|notice| std::cmp::Reverse(notice.at));
        all.truncate(MAX_NOTICES);
        all
    }
}
