//! What the window system says of the screens that are plugged in, as plain data.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// One physical screen, as the window system sees it now.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenFacts {
    /// The socket: `DP-1`, `HDMI-A-2`.
    pub connector: SmolStr,
    /// What the panel says of itself, where it says anything.
    pub edid: Option<Edid>,
    /// Its left upper corner on the desktop, in physical pixels.
    pub position_px: (i32, i32),
    /// Its pixels as it hangs.
    pub size_px: (u32, u32),
    /// Its lit area in millimeters as it hangs, where it is told and not nonsense.
    pub size_mm: Option<(u32, u32)>,
    /// Physical pixels per logical one.
    pub scale: f64,
    /// How often it shows a new picture.
    pub refresh: Refresh,
}

impl ScreenFacts {
    /// Where it is on the desktop and how large: left, top, width, height.
    #[must_use]
    pub const fn rect_px(&self) -> (i32, i32, u32, u32) {
        (self.position_px.0, self.position_px.1, self.size_px.0, self.size_px.1)
    }

    /// Whether the middle of `other`, from top to bottom, lies between this one's edges.
    fn spans_middle_of(&self, other: &Self) -> bool {
        let top = i64::from(self.position_px.1);
        let middle = i64::from(other.position_px.1) + i64::from(other.size_px.1) / 2;
        (top..top + i64::from(self.size_px.1)).contains(&middle)
    }
}

/// Pictures per 1,000 seconds, as window systems count; 0 where unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refresh {
    /// 60 Hz is 60,000.
    pub millihertz: u32,
}

/// What a panel says of itself; empty where it is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edid {
    /// The maker's three letters, or name.
    #[serde(default)]
    pub make: SmolStr,
    /// The model's name.
    #[serde(default)]
    pub model: SmolStr,
    /// The serial number.
    #[serde(default)]
    pub serial: SmolStr,
}

impl Edid {
    /// Whether every field that `self` names is the same in `panel`, whatever the case.
    #[must_use]
    pub fn matches(&self, panel: &Self) -> bool {
        [(&self.make, &panel.make), (&self.model, &panel.model), (&self.serial, &panel.serial)]
            .into_iter()
            .all(|(wanted, found)| wanted.is_empty() || wanted.eq_ignore_ascii_case(found))
    }

    /// Whether it says nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.make.is_empty() && self.model.is_empty() && self.serial.is_empty()
    }
}

/// The screens as a person reads a wall: rows from the top, each from the left.
///
/// Gives indices into `facts`, row by row.
/// Screens stand in one row where one of them spans the middle of the row's highest, or the highest
/// spans its middle.
/// The answer does not depend on the order of `facts`.
#[must_use]
pub fn reading_order(facts: &[ScreenFacts]) -> Vec<Vec<usize>> {
    let mut screens: Vec<(usize, &ScreenFacts)> = facts.iter().enumerate().collect();
    screens
        .sort_by_key(|(_, screen)| (screen.position_px.1, screen.position_px.0, &screen.connector));
    let mut rows: Vec<Vec<(usize, &ScreenFacts)>> = Vec::new();
    for (facts_idx, screen) in screens {
        let row = rows.last_mut().filter(|row| {
            row.first().is_some_and(|(_, highest)| {
                highest.spans_middle_of(screen) || screen.spans_middle_of(highest)
            })
        });
        match row {
            Some(row) => row.push((facts_idx, screen)),
            None => rows.push(vec![(facts_idx, screen)]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|(_, screen)| {
            (screen.position_px.0, screen.position_px.1, &screen.connector)
        });
    }
    rows.into_iter().map(|row| row.into_iter().map(|(facts_idx, _)| facts_idx).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The connectors in reading order, a line for each row.
    #[track_caller]
    fn check(screens: &[(&str, i32, i32, u32, u32)], expected: &str) {
        let facts: Vec<ScreenFacts> = screens
            .iter()
            .map(|(connector, left, top, width, height)| ScreenFacts {
                connector: (*connector).into(),
                edid: None,
                position_px: (*left, *top),
                size_px: (*width, *height),
                size_mm: None,
                scale: 1.0,
                refresh: Refresh::default(),
            })
            .collect();
        let rows = reading_order(&facts).into_iter().map(|row| {
            row.iter()
                .map(|facts_idx| facts[*facts_idx].connector.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        });
        assert_eq!(rows.collect::<Vec<_>>().join(" / "), expected);
    }

    #[test]
    fn rows_are_read_from_the_top_left() {
        check(&[], "");
        check(
            &[
                ("d", 1920, 1080, 1920, 1080),
                ("a", 0, 0, 1920, 1080),
                ("c", 0, 1080, 1920, 1080),
                ("b", 1920, 0, 1920, 1080),
            ],
            "a b / c d",
        );
    }

    #[test]
    fn crooked_and_mixed_screens_keep_their_row() {
        check(&[("b", 1920, -40, 1920, 1080), ("a", 0, 0, 1920, 1080)], "a b");
        check(
            &[("tall", 0, 0, 1080, 1920), ("a", 1080, 0, 1920, 1080), ("b", 3000, 200, 1920, 1080)],
            "tall a b",
        );
        check(&[("a", 0, 0, 1920, 1080), ("wide", 1920, 0, 3840, 2160)], "a wide");
    }

    #[test]
    fn mirrored_screens_are_read_by_their_sockets() {
        check(&[("b", 0, 0, 1, 1), ("a", 0, 0, 1, 1)], "a b");
    }

    #[test]
    fn far_corners_do_not_overflow() {
        check(
            &[
                ("b", i32::MAX, i32::MAX, u32::MAX, u32::MAX),
                ("a", i32::MIN, i32::MIN, u32::MAX, 1),
            ],
            "a / b",
        );
    }

    #[test]
    fn an_edid_matches_what_it_names() {
        let edid = |make: &str, model: &str, serial: &str| Edid {
            make: make.into(),
            model: model.into(),
            serial: serial.into(),
        };
        let panel = edid("ACM", "P55", "42");
        assert!(edid("acm", "", "").matches(&panel));
        assert!(edid("", "", "42").matches(&panel));
        assert!(!edid("ACM", "P55", "43").matches(&panel));
        assert!(edid("", "", "").is_empty());
    }
}
