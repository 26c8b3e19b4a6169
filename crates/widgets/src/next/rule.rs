//! Rules over the room's figures: what is looked at, against which limit, and what is said.

use vigie_model::{Alert, KpiValue, MoodPoint, QueryName};

use super::builtin::Line;
use crate::{freshness::Freshness, widget::Moment};

/// The room as rules see it.
pub(super) struct Signals<'a> {
    pub(super) moment: Moment<'a>,
    pub(super) query: &'a QueryName,
    pub(super) window_mins: u32,
}

/// What a rule looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Signal {
    Negative,
    Positive,
    Unsure,
    Alerts,
    SilentSources,
    Measure(String),
}

/// One rule: where the signal is beyond the limit, the sentence is said.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    signal: Signal,
    above: bool,
    limit: f64,
    say: String,
    owner: String,
}

impl Rule {
    /// Reads `negative > 30 %` with its sentence and its owner.
    pub(super) fn parse(when: &str, say: &str, owner: &str) -> Result<Self, String> {
        let help = "a rule is a signal, `<` or `>`, and a limit, such as `negative > 30 %`, `alerts > 0` or \
                    `reply time p50 > 15 min`";
        let (at, above) = when
            .find(['<', '>'])
            .map(|at| (at, when.get(at..).is_some_and(|rest| rest.starts_with('>'))))
            .ok_or(help)?;
        let (signal, rest) = when.split_at_checked(at).ok_or(help)?;
        let signal = match signal.trim() {
            "" => return Err(help.to_owned()),
            "negative" => Signal::Negative,
            "positive" => Signal::Positive,
            "unsure" => Signal::Unsure,
            "alerts" => Signal::Alerts,
            "silent sources" => Signal::SilentSources,
            measure => Signal::Measure(measure.to_owned()),
        };
        let limit = limit(rest.trim_start_matches(['<', '>', '=']).trim()).ok_or(help)?;
        Ok(Self { signal, above, limit, say: say.to_owned(), owner: owner.to_owned() })
    }

    /// The measure that it looks at, if it looks at one.
    pub(super) fn measure(&self) -> Option<&str> {
        match &self.signal {
            Signal::Measure(measure) => Some(measure),
            _ => None,
        }
    }

    /// What it says, where it holds.
    pub(super) fn line(&self, signals: &Signals<'_>) -> Option<Line> {
        let value = match &self.signal {
            Signal::Negative => signals.mood()?.negative_share()?,
            Signal::Positive => signals.mood()?.positive_share()?,
            Signal::Unsure => signals.mood()?.unsure_share()?,
            Signal::Alerts => signals.n_alerts() as f64,
            Signal::SilentSources => signals.n_silent() as f64,
            Signal::Measure(measure) => signals.figure(measure)?,
        };
        let holds = if self.above { value > self.limit } else { value < self.limit };
        holds.then(|| {
            let shown = match &self.signal {
                Signal::Negative | Signal::Positive | Signal::Unsure => {
                    signals.moment.words.percent(value)
                }
                Signal::Measure(measure) => signals.figure_text(measure).unwrap_or_default(),
                _ => signals.moment.words.decimal(value, 0),
            };
            Line { say: signals.filled(&self.say, &shown), owner: self.owner.clone(), urgent: true }
        })
    }
}

/// A limit: a number, a share in percent, or a time.
fn limit(text: &str) -> Option<f64> {
    let (number, unit) = match text.find(|letter: char| letter.is_alphabetic() || letter == '%') {
        Some(at) => text.split_at_checked(at)?,
        None => (text, ""),
    };
    let number = number.trim().replace(',', ".").parse::<f64>().ok()?;
    let factor = match unit.trim() {
        "" => 1.0,
        "%" => 0.01,
        "s" => 1e6,
        "min" => 60e6,
        "h" => 3_600e6,
        _ => return None,
    };
    number.is_finite().then_some(number * factor)
}

impl<'a> Signals<'a> {
    pub(super) fn mood(&self) -> Option<MoodPoint> {
        let mood = self.moment.snapshot.mood(self.query, self.window_mins)?;
        Some(mood.now).filter(|now| now.n_sure() > 0)
    }

    /// The measure's figure: a number, a share, or microseconds.
    pub(super) fn figure(&self, measure: &str) -> Option<f64> {
        let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        match self.moment.snapshot.kpi(self.query, measure)?.value {
            KpiValue::Nothing => None,
            KpiValue::Count(number) => Some(number as f64),
            KpiValue::Share(part, whole) => ratio(part, whole),
            KpiValue::Duration(span) => Some(span as f64),
            KpiValue::PerThousand(part, whole) => Some(ratio(part, whole)? * 1_000.0),
        }
    }

    pub(super) fn figure_text(&self, measure: &str) -> Option<String> {
        let kpi = self.moment.snapshot.kpi(self.query, measure)?;
        self.moment.words.figure(kpi.value)
    }

    /// Alerts that nobody looks after yet, of this query or of the whole room; the strongest first.
    pub(super) fn alert(&self) -> Option<&'a Alert> {
        self.alerts().max_by(|one, other| one.ratio.total_cmp(&other.ratio))
    }

    pub(super) fn n_alerts(&self) -> usize {
        self.alerts().count()
    }

    fn alerts(&self) -> impl Iterator<Item = &'a Alert> {
        self.moment.snapshot.alerts.shared().as_ref().iter().filter(|alert| alert.is_open())
    }

    pub(super) fn n_silent(&self) -> usize {
        match self.moment.freshness {
            Freshness::NoSource | Freshness::Fresh => 0,
            Freshness::Partial { n_silent, .. } => n_silent,
            Freshness::Stale { .. } => self.moment.snapshot.sources.len(),
        }
    }

    /// The topic that people speak worst of, where they do.
    pub(super) fn weakness(&self) -> Option<&'a str> {
        let board = self.moment.snapshot.board(self.query, self.window_mins)?;
        let last = board.topics.last().filter(|topic| topic.mood.lead() < 0)?;
        Some(last.term.as_str())
    }

    /// The topic that people speak best of, where they do.
    pub(super) fn strength(&self) -> Option<&'a str> {
        let board = self.moment.snapshot.board(self.query, self.window_mins)?;
        let first = board.topics.first().filter(|topic| topic.mood.lead() > 0)?;
        Some(first.term.as_str())
    }

    /// The strongest rising term.
    pub(super) fn trend(&self) -> Option<&'a str> {
        let trends = self.moment.snapshot.trends(self.query, self.window_mins)?;
        Some(trends.terms.first()?.term.as_str())
    }

    /// `text` with its slots filled.
    pub(super) fn filled(&self, text: &str, value: &str) -> String {
        let alert = self.alert().map(|alert| crate::incidents::what(alert, self.moment.words));
        text.replace("{topic}", self.weakness().or(self.strength()).unwrap_or("…"))
            .replace("{trend}", self.trend().unwrap_or("…"))
            .replace("{alert}", alert.as_deref().unwrap_or("…"))
            .replace("{value}", value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read() {
        #[track_caller]
        fn check(when: &str, expected: Option<&(Signal, bool, f64)>) {
            let rule = Rule::parse(when, "", "").ok();
            let read = rule.map(|rule| (rule.signal, rule.above, rule.limit));
            assert_eq!(read.as_ref(), expected, "{when}");
        }
        let measure = |name: &str| Signal::Measure(name.to_owned());
        check("negative > 30 %", Some(&(Signal::Negative, true, 0.3)));
        check("reply time p50 > 15 min", Some(&(measure("reply time p50"), true, 900e6)));
        check("question reply rate < 50%", Some(&(measure("question reply rate"), false, 0.5)));
        check("alerts>0", Some(&(Signal::Alerts, true, 0.0)));
        for bad in ["", "negative", "> 3", "negative > ", "negative > x", "posts > 3 km"] {
            check(bad, None);
        }
    }
}
