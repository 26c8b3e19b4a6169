//! The sentiment gauge: balance with its interval, shares, number of posts, unsure share, trend line, goal.
//!
//! The three classes differ by place, sign and word, not by color alone.
//! It can also show what the needle is made of: the posts that moved it, or the moods of its topics and languages.

mod gauge;
mod goal;
mod movers;
mod split;

use egui::Ui;
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Need, NeedKind, OptionError, Timestamp};

use self::goal::Goal;
use crate::{
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window::{self, Windowed, window_options},
    words::{Word, Words},
};

pub(crate) use self::gauge::{bar_ui, signed};

entry!("sentiment", "How people feel", SentimentWidget, SentimentOptions);

window_options! {
    /// The options of a gauge.
    SentimentOptions, 15, {
        /// What is wanted, such as `negative < 20 %` or `positive > 50 %`.
        #[serde(default)]
        goal: Option<String>,
        /// What is shown.
        #[serde(default)]
        show: Show,
    }
}

/// What a gauge shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Show {
    /// The balance, its interval, its shares.
    #[default]
    Gauge,
    /// The posts that moved it over the last 15 minutes, with what each of them did.
    Posts,
    /// The mood of each topic.
    Topics,
    /// The mood of each language.
    Languages,
}

#[derive(Debug)]
pub(crate) struct SentimentWidget {
    of: Windowed,
    goal: Option<Goal>,
    show: Show,
}

impl SentimentWidget {
    #[expect(clippy::needless_pass_by_value, reason = "the registry's form")]
    fn new(options: SentimentOptions) -> Result<Self, OptionError> {
        let message = "a goal is `negative`, `positive` or `unsure`, then `<` or `>`, then a share such as `20 %`";
        let read =
            |text: &String| Goal::parse(text).ok_or_else(|| OptionError::new("goal", message));
        let goal = options.goal.as_ref().map(read).transpose()?;
        Ok(Self { of: options.windowed(), goal, show: options.show })
    }

    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        window::notes(moment, self.of.window_mins, self.as_of(moment))
    }

    fn as_of(&self, moment: &Moment<'_>) -> Option<Timestamp> {
        let Windowed { query, window_mins, .. } = &self.of;
        match self.show {
            Show::Topics | Show::Languages => {
                moment.snapshot.board(query, *window_mins).and_then(|board| board.as_of)
            }
            _ => moment.snapshot.mood(query, *window_mins).and_then(|mood| mood.as_of),
        }
    }

    fn usual_title(&self, words: &Words) -> &'static str {
        words.say(match self.show {
            Show::Gauge => Word::Sentiment,
            Show::Posts => Word::Movers,
            Show::Topics => Word::MoodByTopic,
            Show::Languages => Word::MoodByLanguage,
        })
    }
}

impl Widget for SentimentWidget {
    fn needs(&self) -> Vec<Need> {
        let Windowed { query, window_mins, .. } = &self.of;
        let window_mins = *window_mins;
        let mood = NeedKind::Mood { window_mins };
        let kinds = match self.show {
            Show::Gauge => vec![mood],
            Show::Posts => vec![mood, NeedKind::Movers { window_mins }],
            Show::Topics | Show::Languages => vec![NeedKind::Board { window_mins }],
        };
        kinds.into_iter().map(|kind| Need { query: query.clone(), kind }).collect()
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let Windowed { query, window_mins, .. } = &self.of;
        let title = self.of.title.as_deref().unwrap_or(self.usual_title(words));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        match self.show {
            Show::Gauge => match snapshot.mood(query, *window_mins).map(|part| part.shared()) {
                Some(mood) if mood.now.n_posts() > 0 => {
                    gauge::gauge_ui(ui, frame, (area, self.goal), mood);
                }
                _ => frame.empty(ui, area, (Word::NoPosts, None)),
            },
            Show::Posts => movers::movers_ui(ui, frame, area, snapshot.movers(query, *window_mins)),
            Show::Topics => split::topics_ui(ui, frame, area, snapshot.board(query, *window_mins)),
            Show::Languages => {
                split::languages_ui(ui, frame, area, snapshot.board(query, *window_mins));
            }
        }
        Repaint::OnStamp
    }
}
