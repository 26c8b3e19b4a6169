//! The time of day, or what remains of the campaign's day.

use egui::{Rect, Ui, pos2};
use jiff::civil;
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Micros, Need, OptionError, Timestamp};

use crate::{
    freshness::Freshness,
    text::{Align, Style},
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("clock", "Time of day, or what remains", ClockWidget, ClockOptions);

/// The options of a clock.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockOptions {
    /// What stands above it; the date where there is none.
    #[serde(default)]
    title: Option<String>,
    /// Whether seconds are shown.
    #[serde(default)]
    seconds: bool,
    /// Counts down to this time of day, such as `22:00`.
    #[serde(default)]
    until: Option<String>,
    /// Before this time of day, counts down to it, such as `07:00`.
    #[serde(default)]
    from: Option<String>,
}

#[derive(Debug)]
pub(crate) struct ClockWidget {
    title: Option<String>,
    seconds: bool,
    until: Option<civil::Time>,
    from: Option<civil::Time>,
}

/// What a clock shows.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Face {
    title: String,
    figure: String,
    caption: String,
}

impl ClockWidget {
    fn new(options: ClockOptions) -> Result<Self, OptionError> {
        let read = |name: &str, text: Option<String>| -> Result<Option<civil::Time>, OptionError> {
            let Some(text) = text else { return Ok(None) };
            let time = civil::Time::strptime("%H:%M", text.trim());
            time.map(Some).map_err(|_not_a_time| {
                OptionError::new(name, "a time of day is written as `22:00`")
            })
        };
        let until = read("until", options.until)?;
        let from = read("from", options.from)?;
        if from.is_some() && until.is_none() {
            return Err(OptionError::new("from", "a clock that counts down needs `until` too"));
        }
        Ok(Self { title: options.title, seconds: options.seconds, until, from })
    }

    fn face(&self, moment: &Moment<'_>) -> Face {
        let Moment { now, words, .. } = *moment;
        let date = words.date(now);
        let Some(until) = self.until else {
            let figure = if self.seconds { words.time_secs(now) } else { words.time(now) };
            return match &self.title {
                Some(title) => Face { title: title.clone(), figure, caption: date },
                None => Face { title: date, figure, caption: String::new() },
            };
        };
        let title = self.title.clone().unwrap_or(date);
        let left = |time: civil::Time| span_to(now, time, words);
        let (word, span) = match self.from.map(left) {
            Some(span) if span > 0 => (Word::StartsIn, span),
            _ => (Word::EndsIn, left(until)),
        };
        if span <= 0 {
            let at = format!("{:02}:{:02}", until.hour(), until.minute());
            return Face { title, figure: at, caption: words.say(Word::Over).to_owned() };
        }
        let figure = if self.seconds { words.countdown(span) } else { words.duration(span) };
        Face { title, figure, caption: words.say(word).to_owned() }
    }
}

/// From `now` to `time` of the same day; negative where that is over.
fn span_to(now: Timestamp, time: civil::Time, words: &Words) -> Micros {
    let today = words.zone.to_datetime(now.to_jiff()).date();
    let then = words.zone.to_timestamp(today.to_datetime(time));
    then.map_or(0, |then| Timestamp::from_micros(then.as_microsecond()).since(now))
}

impl Widget for ClockWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().with(self.face(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Face { title, figure, caption } = self.face(&frame.moment);
        let theme = frame.theme;
        // A clock needs no source.
        frame.moment.freshness = Freshness::Fresh;
        let area = frame.cell(ui, &title, "");
        let with_caption = !caption.is_empty() && area.height() > theme.body * 2.9;
        let caption_height = if with_caption { theme.body * 1.4 } else { 0.0 };
        let upper = Rect::from_min_max(area.min, pos2(area.max.x, area.max.y - caption_height));
        let size = (upper.height() * 0.92).max(theme.body);
        let style = Style::line(size, color::TEXT).figure();
        let block = frame.text.fit(&figure, &style, upper.width(), theme.body);
        frame.text.centered(&frame.painter, upper.center(), &block);
        if with_caption {
            let style = Style::line(theme.body, color::QUIET).aligned(Align::Center);
            let block = frame.text.layout(&caption, &style, area.width());
            frame.text.paint(&frame.painter, pos2(area.min.x, upper.max.y), &block);
        }
        frame.announce(ui, area, &format!("{figure} {caption}"));
        Repaint::OnStamp
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::Snapshot;

    use super::*;
    use crate::{
        Locale,
        testing::{NOW, words},
    };

    #[track_caller]
    fn check(options: &str, hours: i64, expected: [&str; 3]) {
        let options: ClockOptions = vigie_model::read_options(&options.parse().unwrap()).unwrap();
        let clock = ClockWidget::new(options).unwrap();
        let words = words(Locale::En);
        let moment = Moment {
            snapshot: &Snapshot::default(),
            now: NOW.plus(hours * 3_600_000_000),
            words: &words,
            freshness: Freshness::Fresh,
            pictures_version: 0,
        };
        let face = clock.face(&moment);
        let said = [face.title, face.figure, face.caption].map(|text| text.replace('\u{a0}', " "));
        assert_eq!(said, expected);
    }

    #[test]
    fn clocks_and_countdowns() {
        let date = "Monday 23 November";
        check("", 0, [date, "14:32", ""]);
        check("title = 'Paris'\nseconds = true", 0, ["Paris", "14:32:05", date]);
        check("until = '22:00'", 0, [date, "7 h 27", "Ends in"]);
        check("until = '22:00'\nseconds = true", 0, [date, "7:27:55", "Ends in"]);
        check("until = '22:00'\nfrom = '16:00'", 0, [date, "1 h 27", "Starts in"]);
        check("until = '22:00'\nfrom = '07:00'", 8, [date, "22:00", "over"]);
    }

    #[test]
    fn wrong_times_are_refused() {
        for bad in ["until = '25:00'", "until = 'noon'", "from = '07:00'"] {
            assert!((ENTRY.check)(&bad.parse().unwrap()).is_err(), "{bad}");
        }
    }
}
