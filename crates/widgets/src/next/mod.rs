//! "So what?": one sentence that names the next act and who does it, from rules over the room's figures.
//!
//! The rules of the room file come first, in their order; then the built-in ones. The first that holds speaks.
//! There is a line for every state of the room, the calm one too.

mod builtin;
mod rule;

use std::collections::BTreeMap;

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Need, NeedKind, OptionError, QueryName};

use self::{
    builtin::Line,
    rule::{Rule, Signals},
};
use crate::{
    text::{Face, Style},
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("next", "The next act, and who does it", NextWidget, NextOptions);

/// More rules than this nobody keeps in mind.
const MAX_RULES: usize = 24;

/// Lines that the sentence may take.
const MAX_LINES: usize = 4;

/// The options of the line that says what to do.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextOptions {
    /// Whose figures decide: the name of a query.
    query: String,
    /// The window of mood and topics, such as `15 min`.
    #[serde(
        default = "usual_window",
        deserialize_with = "vigie_layout::units::deserialize_minutes"
    )]
    #[schemars(with = "String")]
    window: u32,
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
    /// The room's own rules, in their order of importance.
    #[serde(default)]
    rules: Vec<RuleOptions>,
    /// Who does what, by role: `crisis`, `answers`, `content`, `technique`.
    #[serde(default)]
    owners: BTreeMap<String, String>,
}

/// One rule of a room file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RuleOptions {
    /// When it holds, such as `negative > 30 %`, `alerts > 0` or `reply time p50 > 15 min`.
    when: String,
    /// What to do; `{topic}`, `{trend}`, `{alert}` and `{value}` are filled in.
    say: String,
    /// Who does it.
    owner: String,
}

fn usual_window() -> u32 {
    15
}

#[derive(Debug)]
pub(crate) struct NextWidget {
    query: QueryName,
    window_mins: u32,
    title: Option<String>,
    rules: Vec<Rule>,
    owners: BTreeMap<String, String>,
}

impl NextWidget {
    fn new(options: NextOptions) -> Result<Self, OptionError> {
        let NextOptions { query, window, title, rules, owners } = options;
        if rules.len() > MAX_RULES {
            return Err(OptionError::new("rules", "a line has at most 24 rules"));
        }
        if let Some(stray) = owners.keys().find(|role| !builtin::ROLES.contains(&role.as_str())) {
            let message = "a role is `crisis`, `answers`, `content` or `technique`";
            return Err(OptionError::new(format!("owners.{stray}"), message));
        }
        let read = |(idx, rule): (usize, RuleOptions)| {
            Rule::parse(&rule.when, &rule.say, &rule.owner)
                .map_err(|message| OptionError::new(format!("rules[{idx}].when"), message))
        };
        let rules = rules.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { query: QueryName::new(query), window_mins: window, title, rules, owners })
    }

    /// The sentence for the room as it is.
    fn line(&self, moment: &Moment<'_>) -> Line {
        let signals =
            Signals { moment: *moment, query: &self.query, window_mins: self.window_mins };
        let own = self.rules.iter().find_map(|rule| rule.line(&signals));
        own.unwrap_or_else(|| builtin::line(&signals, &self.owners))
    }

    fn measures(&self) -> impl Iterator<Item = &str> {
        let own = self.rules.iter().filter_map(|rule| rule.measure());
        builtin::MEASURES.iter().copied().chain(own)
    }
}

impl Widget for NextWidget {
    fn needs(&self) -> Vec<Need> {
        let window_mins = self.window_mins;
        let kpis = self.measures().map(|measure| NeedKind::Kpi { measure: measure.into() });
        let windows = [
            NeedKind::Mood { window_mins },
            NeedKind::Board { window_mins },
            NeedKind::Trends { window_mins },
        ];
        let kinds = windows.into_iter().chain(kpis);
        kinds.map(|kind| Need { query: self.query.clone(), kind }).collect()
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().with(self.line(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let moment = frame.moment;
        let line = self.line(&moment);
        let title = self.title.as_deref().unwrap_or(moment.words.say(Word::Next));
        let area = frame.cell(ui, title, "");
        let theme = frame.theme;
        let tone = if line.urgent { color::WARN } else { theme.accent };
        let edge = Rect::from_min_size(area.min, vec2(theme.stroke * 2.0, area.height()));
        frame.painter.rect_filled(edge, theme.stroke, tone);
        let left = area.min.x + theme.stroke * 2.0 + theme.gap * 1.2;
        let room = Rect::from_min_max(pos2(left, area.min.y), area.max);
        let owner = format!("→ {}", line.owner);
        let owner_height = if room.height() > theme.body * 2.6 { theme.body * 1.4 } else { 0.0 };
        let upper = vec2(room.width(), room.height() - owner_height);
        let block = largest(frame, &line.say, upper);
        let spare = (upper.y - block.size.y).max(0.0);
        let top = room.min.y + spare / 2.0;
        frame.text.paint(&frame.painter, pos2(room.min.x, top), &block);
        if owner_height > 0.0 {
            let style = Style::line(theme.body, tone).bold();
            let who = frame.text.fit(&owner, &style, room.width(), theme.least);
            let top = (top + block.size.y).min(room.max.y - owner_height);
            frame.text.paint(&frame.painter, pos2(room.min.x, top), &who);
        }
        frame.announce(
            ui,
            area,
            &format!("{} {}: {}", line.say, moment.words.say(Word::Owner), line.owner),
        );
        Repaint::OnStamp
    }
}

/// The sentence in the largest size in which it is whole.
fn largest(frame: &mut Frame<'_>, text: &str, room: egui::Vec2) -> std::sync::Arc<crate::Block> {
    let body = frame.theme.body;
    let styled = |size: f32| Style {
        face: Face::Display,
        line_height: 1.14,
        ..Style::lines(size, color::TEXT, MAX_LINES).bold()
    };
    let mut size = (room.y * 0.8).clamp(body, body * 2.4);
    loop {
        let block = frame.text.layout(text, &styled(size), room.x);
        if (block.size.y <= room.y && !block.cut) || size <= body {
            let n_lines = ((room.y / (size * 1.14)) as usize).clamp(1, MAX_LINES);
            return frame.text.layout(text, &Style { max_lines: n_lines, ..styled(size) }, room.x);
        }
        size = (size * 0.9).max(body);
    }
}
