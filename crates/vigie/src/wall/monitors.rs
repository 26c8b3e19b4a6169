//! The monitors that the window system knows, as facts.

use std::collections::{BTreeMap, BTreeSet};

use vigie_layout::{Refresh, ScreenFacts};
use winit::{event_loop::ActiveEventLoop, monitor::MonitorHandle};

use crate::wall::{
    platform::Display,
    registry::{self, MonitorKey},
};

/// What is known of monitors from before.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// As they were found last.
    pub(super) monitors: BTreeMap<MonitorKey, ScreenFacts>,
    /// Those that hang turned by a quarter: winit tells their size as if they did not (Wayland).
    turned: BTreeSet<MonitorKey>,
}

impl Known {
    /// The window that covers this monitor has this size: tells whether the monitor is turned.
    pub(super) fn covered_by(&mut self, key: &MonitorKey, size_px: (u32, u32)) {
        let Some(facts) = self.monitors.get(key) else { return };
        let (width, height) = facts.size_px;
        if size_px == (height, width) && width != height && !self.turned.remove(key) {
            self.turned.insert(key.clone());
        }
    }
}

/// Every monitor that is plugged in, with what is known of it.
///
/// The panel's identity is asked for again only where the monitor is not as it was.
pub(super) fn find(
    event_loop: &ActiveEventLoop,
    display: &Display,
    known: &Known,
) -> BTreeMap<MonitorKey, (MonitorHandle, ScreenFacts)> {
    let (handles, mut facts): (Vec<_>, Vec<_>) = event_loop
        .available_monitors()
        .filter_map(|monitor| Some((monitor.clone(), facts_of(&monitor, display)?)))
        .unzip();
    let keys = registry::keys(&facts);
    for (key, screen) in keys.iter().zip(&mut facts) {
        if known.turned.contains(key) {
            screen.size_px = (screen.size_px.1, screen.size_px.0);
        }
        let old = known
            .monitors
            .get(key)
            .filter(|old| old.position_px == screen.position_px && old.size_px == screen.size_px);
        match old {
            Some(old) => {
                screen.edid.clone_from(&old.edid);
                screen.size_mm = old.size_mm;
            }
            None => {
                if let Some(panel) = display.panel(&screen.connector) {
                    screen.edid = Some(panel.edid).filter(|edid| !edid.is_empty());
                    screen.size_mm = as_it_hangs(panel.size_mm, screen.size_px);
                }
            }
        }
    }
    keys.into_iter().zip(handles.into_iter().zip(facts)).collect()
}

/// What winit knows; `None` for a monitor that shows nothing.
fn facts_of(monitor: &MonitorHandle, display: &Display) -> Option<ScreenFacts> {
    let (size, position) = (monitor.size(), monitor.position());
    if size.width == 0 || size.height == 0 {
        return None;
    }
    let scale = monitor.scale_factor();
    let per_unit = display.position_scale(scale);
    let place = |position: i32| (f64::from(position) / per_unit).round() as i32;
    Some(ScreenFacts {
        connector: monitor.name().unwrap_or_default().into(),
        edid: None,
        position_px: (place(position.x), place(position.y)),
        size_px: (size.width, size.height),
        size_mm: None,
        scale,
        refresh: Refresh { millihertz: monitor.refresh_rate_millihertz().unwrap_or_default() },
    })
}

/// A panel's size, turned if the panel is.
fn as_it_hangs(
    size_mm: Option<(u32, u32)>,
    (width_px, height_px): (u32, u32),
) -> Option<(u32, u32)> {
    size_mm.map(|(width, height)| {
        let is_turned = (width > height) != (width_px > height_px);
        if is_turned { (height, width) } else { (width, height) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monitor_whose_window_is_upright_is_turned_until_its_window_lies_again() {
        let key = MonitorKey::from("DP-1");
        let facts = ScreenFacts {
            connector: key.clone(),
            edid: None,
            position_px: (0, 0),
            size_px: (1_920, 1_080),
            size_mm: None,
            scale: 1.0,
            refresh: Refresh::default(),
        };
        let mut known =
            Known { monitors: BTreeMap::from([(key.clone(), facts)]), ..Known::default() };
        let mut check = |window_px, is_turned| {
            known.covered_by(&key, window_px);
            assert_eq!(known.turned.contains(&key), is_turned, "{window_px:?}");
            if is_turned {
                known
                    .monitors
                    .entry(key.clone())
                    .and_modify(|facts| facts.size_px = (1_080, 1_920));
            }
        };
        check((1_920, 1_080), false);
        check((800, 600), false);
        check((1_080, 1_920), true);
        check((1_080, 1_920), true);
        check((1_920, 1_080), false);
    }

    #[test]
    fn a_turned_panel_is_as_tall_as_its_picture() {
        assert_eq!(as_it_hangs(Some((1_210, 680)), (1_920, 1_080)), Some((1_210, 680)));
        assert_eq!(as_it_hangs(Some((1_210, 680)), (1_080, 1_920)), Some((680, 1_210)));
        assert_eq!(as_it_hangs(None, (1, 1)), None);
    }
}
