//! The latest winner of a vote; while a vote is open, how many have voted.

use std::sync::Arc;

use egui::{Rect, Ui, pos2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Need, OptionError};

use crate::{
    feed::large_ui,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("winner", "The latest winner of a vote", WinnerWidget, WinnerOptions);

/// The options of a winner's card.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WinnerOptions {
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

#[derive(Debug)]
pub(crate) struct WinnerWidget {
    title: Option<String>,
}

impl WinnerWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's builders may refuse")]
    fn new(options: WinnerOptions) -> Result<Self, OptionError> {
        Ok(Self { title: options.title })
    }
}

impl Widget for WinnerWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        let show = moment.snapshot.show.version();
        Stamp::default().with(show).with(moment.pictures_version).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let show = &frame.moment.snapshot.show;
        let words = frame.moment.words;
        let title = self.title.clone().unwrap_or_else(|| words.say(Word::Winner).to_owned());
        let winner = show.winners.first().filter(|_| show.vote.is_none());
        let note = match (&show.vote, winner) {
            (Some(vote), _) => words.count_of(vote.n_votes, Word::Vote, Word::Votes),
            (None, Some(winner)) => {
                let votes = words.count_of(winner.n_votes, Word::Vote, Word::Votes);
                format!("{votes} · {}", words.time(winner.at))
            }
            (None, None) => String::new(),
        };
        let is_open = show.vote.is_some();
        let item = winner.and_then(|winner| winner.item.clone());
        let area = frame.cell(ui, &title, &note);
        match item {
            Some(item) => {
                let rect = Rect::from_min_max(area.min, pos2(area.max.x, area.max.y));
                large_ui(ui, frame, &Arc::clone(&item), rect)
            }
            None => {
                let word = if is_open { Word::VoteOpen } else { Word::NoWinner };
                frame.empty(ui, area, (word, None));
                Repaint::OnStamp
            }
        }
    }
}
