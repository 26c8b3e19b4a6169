//! Notices what fails of the room itself: sources and screens. The sequencer tells of the log.

use std::collections::BTreeSet;

use smol_str::SmolStr;
use vigie_model::{AlertKind, Command, Snapshot};
use vigie_widgets::Health;

/// What is lost, and what it is called.
type Lost = (AlertKind, SmolStr);

/// What is known to be lost.
#[derive(Debug, Default)]
pub(super) struct Watch {
    told: BTreeSet<Lost>,
    /// Screens that have shown their layouts since the start.
    seen: BTreeSet<SmolStr>,
    has_begun: bool,
}

impl Watch {
    /// What is to be told now. `screens` are the layouts that are to be seen.
    pub(super) fn look(
        &mut self,
        snapshot: &Snapshot,
        screens: &BTreeSet<SmolStr>,
    ) -> Vec<Command> {
        if !self.has_begun {
            // What was lost when the program ended is looked at anew.
            self.has_begun = true;
            let standing = snapshot.alerts.iter().filter(|alert| alert.active);
            let lost = standing.filter(|alert| is_ours(alert.kind));
            self.told = lost.map(|it| (it.kind, it.term.clone().unwrap_or_default())).collect();
        }
        let sources = snapshot.sources.iter().filter(|source| {
            matches!(Health::of(source, snapshot.at), Health::Silent | Health::Stopped)
        });
        let sources = sources.map(|source| (AlertKind::Source, source.id.as_str().into()));
        let gone = self.seen.difference(screens).map(|name| (AlertKind::Screen, name.clone()));
        let lost: BTreeSet<Lost> = sources.chain(gone).collect();
        let tell =
            |(kind, name): &Lost, over| Command::Trouble { kind: *kind, name: name.clone(), over };
        let new = lost.difference(&self.told).map(|it| tell(it, false));
        let back = self.told.difference(&lost).map(|it| tell(it, true));
        let commands = new.chain(back).collect();
        self.seen.extend(screens.iter().cloned());
        self.told = lost;
        commands
    }

    /// The room has changed: only these screens are its own.
    pub(super) fn keep(&mut self, layouts: &BTreeSet<SmolStr>) {
        self.seen.retain(|name| layouts.contains(name));
    }
}

const fn is_ours(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::Source | AlertKind::Screen)
}

#[cfg(test)]
mod tests {
    use vigie_model::{Part, SourceId, SourceReport, SourceState, SourceView, Timestamp};

    use super::*;

    fn snapshot(is_stopped: bool) -> Snapshot {
        let state = match is_stopped {
            true => SourceState::Stopped { why: "no key".into() },
            false => SourceState::Live,
        };
        let heard = Some(Timestamp::from_secs(1_000));
        let report = SourceReport { state, heard, deadline_secs: 5, n_skipped: 0, n_bytes: 0 };
        let view = SourceView {
            id: SourceId::new("day"),
            report,
            last_post: None,
            n_posts: 0,
            n_unasked: 0,
            n_last_min: 0,
            n_gaps: 0,
            n_lost: 0,
            lag: None,
        };
        let sources = Part::new(1, vec![view]);
        Snapshot { at: Timestamp::from_secs(1_001), sources, ..Snapshot::default() }
    }

    #[track_caller]
    fn check(watch: &mut Watch, is_stopped: bool, screens: &[&str], expected: &[(&str, bool)]) {
        let screens = screens.iter().map(SmolStr::new).collect();
        let told = watch.look(&snapshot(is_stopped), &screens);
        let told: Vec<(&str, bool)> = told
            .iter()
            .map(|command| match command {
                Command::Trouble { name, over, .. } => (name.as_str(), *over),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_lost_and_what_is_back_is_told_once() {
        let mut watch = Watch::default();
        check(&mut watch, false, &["left"], &[]);
        check(&mut watch, true, &["left"], &[("day", false)]);
        check(&mut watch, true, &["left"], &[]);
        check(&mut watch, false, &["left", "right"], &[("day", true)]);
        check(&mut watch, false, &["left"], &[("right", false)]);
        check(&mut watch, false, &["left", "right"], &[("right", true)]);
        check(&mut watch, false, &["right"], &[("left", false)]);
        watch.keep(&["right".into()].into());
        check(&mut watch, false, &["right"], &[("left", true)]);
    }
}
