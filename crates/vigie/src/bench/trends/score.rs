//! What a detector found of what was there.

use vigie_analysis::fold;

use super::generator::{LENGTH_SECS, Truth};
use crate::bursts::stream::TermAlert;

/// An alert so long after the last post of a burst is not about it.
const AFTER_SECS: f64 = 60.0;
/// What a room can still act on.
const SOON_SECS: f64 = 60.0;

/// What a detector found of what was there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Score {
    pub(crate) recall: f64,
    /// The same for alerts within a minute of the fifth post.
    pub(crate) soon: f64,
    pub(crate) median_delay_secs: f64,
    pub(crate) precision: f64,
    pub(crate) false_per_hour: f64,
    /// Bursts that were not found, and alerts without a burst, in words.
    pub(crate) misses: Vec<String>,
}

/// Holds `alerts` against `truths`.
pub(crate) fn score(alerts: &[TermAlert], truths: &[Truth], scale: f64) -> Score {
    let mut delays: Vec<Option<f64>> = vec![None; truths.len()];
    let mut misses = Vec::new();
    let mut n_false = 0_u32;
    for alert in alerts {
        #[expect(clippy::cast_precision_loss, reason = "seconds of a stream of two hours")]
        let at = alert.time as f64;
        let of_truth = truths.iter().zip(&mut delays).find(|(truth, delay)| {
            let soon = (truth.start - SOON_SECS..truth.end + AFTER_SECS).contains(&at);
            soon && delay.is_none() && names(&alert.term, &truth.term)
        });
        match of_truth {
            Some((truth, delay)) => *delay = Some((at - truth.start).max(0.0)),
            None => {
                n_false += 1;
                misses.push(format!(
                    "false: {} at {} ({} × by {})",
                    alert.term, alert.time, alert.ratio, alert.authors
                ));
            }
        }
    }
    for (truth, _) in truths.iter().zip(&delays).filter(|(_, delay)| delay.is_none()) {
        misses.push(format!("missed: {truth:?}"));
    }
    let mut found: Vec<f64> = delays.iter().flatten().copied().collect();
    found.sort_by(f64::total_cmp);
    let part =
        |count: usize, whole: usize| if whole == 0 { 1.0 } else { count as f64 / whole as f64 };
    Score {
        recall: part(found.len(), truths.len()),
        soon: part(found.iter().filter(|delay| **delay <= SOON_SECS).count(), truths.len()),
        median_delay_secs: found.get(found.len() / 2).copied().unwrap_or(f64::INFINITY),
        precision: part(found.len(), alerts.len()),
        false_per_hour: f64::from(n_false) / (LENGTH_SECS * scale / 3_600.0),
        misses,
    }
}

/// Whether an alert's term is that of a burst, or has it as a part.
fn names(alert: &str, truth: &str) -> bool {
    let bare = |term: &str| fold(term).replace(['#', ' ', '\'', '-'], "");
    bare(alert) == bare(truth) || fold(alert).contains(&fold(truth))
}

#[cfg(test)]
mod tests {
    use super::{super::generator::Shape, *};

    #[test]
    fn each_burst_is_found_once() {
        let truth = |term: &str, start: f64| Truth {
            term: term.into(),
            start,
            end: start + 100.0,
            peak: 1.0,
            shape: Shape::Slow,
        };
        let alert =
            |term: &str, time: i64| TermAlert { time, term: term.into(), ratio: 9.0, authors: 9 };
        let truths = [truth("#Un", 100.0), truth("deux mots", 200.0), truth("trois", 300.0)];
        let alerts =
            [alert("un", 110), alert("#un", 130), alert("Deux mots", 290), alert("quatre", 300)];
        let score = score(&alerts, &truths, 0.5);
        assert!((score.recall - 2.0 / 3.0).abs() < 1e-9 && (score.soon - 1.0 / 3.0).abs() < 1e-9);
        assert!((score.precision - 0.5).abs() < 1e-9 && (score.false_per_hour - 2.0).abs() < 1e-9);
        assert!((score.median_delay_secs - 90.0).abs() < 1e-9);
        assert_eq!(score.misses.len(), 3);
    }
}
