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
    /// Its lit area in millimetres as it hangs, where it is told and not nonsense.
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
/// A screen belongs to the row whose first (highest) screen spans its middle.
/// The answer does not depend on the order of `facts`.
#[must_use]
pub fn reading_order(facts: &[ScreenFacts]) -> Vec<Vec<usize>> {
    let middle =
        |screen: &ScreenFacts| i64::from(screen.position_px.1) + i64::from(screen.size_px.1) / 2;
    let mut screens: Vec<(usize, &ScreenFacts)> = facts.iter().enumerate().collect();
    screens
        .sort_by_key(|(_, screen)| (screen.position_px.1, screen.position_px.0, &screen.connector));
    let mut rows: Vec<(i64, Vec<(usize, &ScreenFacts)>)> = Vec::new();
    for (facts_idx, screen) in screens {
        match rows.last_mut() {
            Some((bottom, row)) if middle(screen) < *bottom => row.push((facts_idx, screen)),
            _ => {
                let bottom = i64::from(screen.position_px.1) + i64::from(screen.size_px.1);
                rows.push((bottom, vec![(facts_idx, screen)]));
            }
        }
    }
    rows.into_iter()
        .map(|(_, mut row)| {
            row.sort_by_key(|(_, screen)| {
                (screen.position_px.0, screen.position_px.1, &screen.connector)
            });
            row.into_iter().map(|(facts_idx, _)| facts_idx).collect()
        })
        .collect()
}
