//! The presenter's countdown: every screen works out the same figure from the same instant.

use egui::{Rect, Ui, pos2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Countdown, Need, OptionError};

use crate::{
    freshness::Freshness,
    text::{Align, Style},
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("countdown", "The presenter's countdown", CountdownWidget, CountdownOptions);

/// The options of a countdown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountdownOptions {
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

#[derive(Debug)]
pub(crate) struct CountdownWidget {
    title: Option<String>,
}

/// What a countdown shows.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Face {
    figure: String,
    caption: Option<Word>,
    is_over: bool,
}

impl CountdownWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's builders may refuse")]
    fn new(options: CountdownOptions) -> Result<Self, OptionError> {
        Ok(Self { title: options.title })
    }
}

fn face(moment: &Moment<'_>) -> Option<Face> {
    const SECOND: i64 = 1_000_000;
    let countdown = moment.snapshot.show.countdown?;
    let left = countdown.left(moment.now);
    let is_over = left < 0;
    // A second counts until it is over: at 0:00 the time is up.
    let secs =
        if is_over { (-left).div_euclid(SECOND) } else { (left + SECOND - 1).div_euclid(SECOND) };
    let sign = if is_over { "+" } else { "" };
    let (hours, minutes, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
    let figure = if hours > 0 {
        format!("{sign}{hours}:{minutes:02}:{secs:02}")
    } else {
        format!("{sign}{minutes}:{secs:02}")
    };
    let is_held = matches!(countdown, Countdown::Held(_));
    let caption = if is_held { Some(Word::Held) } else { is_over.then_some(Word::Overtime) };
    Some(Face { figure, caption, is_over })
}

impl Widget for CountdownWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().with(face(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let words = frame.moment.words;
        let title = self.title.clone().unwrap_or_else(|| words.say(Word::Countdown).to_owned());
        let theme = frame.theme;
        // A countdown needs no source.
        frame.moment.freshness = Freshness::Fresh;
        let area = frame.cell(ui, &title, "");
        let Some(Face { figure, caption, is_over }) = face(&frame.moment) else {
            frame.empty(ui, area, (Word::NoCountdown, None));
            return Repaint::OnStamp;
        };
        let caption_height = if caption.is_some() { theme.body * 1.6 } else { 0.0 };
        let upper = Rect::from_min_max(area.min, pos2(area.max.x, area.max.y - caption_height));
        let tone = if is_over { color::BAD } else { color::TEXT };
        let style = Style::line((upper.height() * 0.9).max(theme.body), tone).figure();
        let block = frame.text.fit(&figure, &style, upper.width(), theme.body);
        frame.text.centered(&frame.painter, upper.center(), &block);
        let caption = caption.map(|word| words.say(word)).unwrap_or_default();
        if !caption.is_empty() {
            let style = Style::line(theme.body, tone).bold().aligned(Align::Center);
            let block = frame.text.layout(caption, &style, area.width());
            frame.text.paint(&frame.painter, pos2(area.min.x, upper.max.y), &block);
        }
        frame.announce(ui, area, &format!("{title} {figure} {caption}"));
        Repaint::OnStamp
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::{Part, Show, Snapshot};

    use super::*;
    use crate::{
        Locale,
        testing::{NOW, words},
    };

    #[track_caller]
    fn check(countdown: Countdown, expected: (&str, Option<Word>)) {
        let show = Show { countdown: Some(countdown), ..Show::default() };
        let snapshot = Snapshot { show: Part::new(1, show), ..Snapshot::default() };
        let moment = Moment {
            snapshot: &snapshot,
            now: NOW,
            words: &words(Locale::En),
            freshness: Freshness::Fresh,
            pictures_version: 0,
        };
        let face = face(&moment).unwrap();
        assert_eq!((face.figure.as_str(), face.caption), expected);
    }

    #[test]
    fn time_left_held_and_over() {
        let until = |micros: i64| Countdown::Until(NOW.plus(micros));
        check(until(90_000_000), ("1:30", None));
        check(until(89_000_001), ("1:30", None));
        check(until(1), ("0:01", None));
        check(until(0), ("0:00", None));
        check(until(-999_999), ("+0:00", Some(Word::Overtime)));
        check(until(-12_000_000), ("+0:12", Some(Word::Overtime)));
        check(until(3_661_000_000), ("1:01:01", None));
        check(Countdown::Held(60_000_000), ("1:00", Some(Word::Held)));
    }
}
