//! Where each screen stands in the plan of the room: as it hangs, as far as anybody knows.

use std::collections::BTreeMap;

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use vigie_layout::ScreenSpec;
use vigie_model::ScreenName;

use crate::moment::Moment;

/// The distance between screens of a row that nobody has placed, in widths of a screen.
const GAP: f32 = 0.06;
/// Room for words under a screen, in heights of its glass.
const TALLER: f32 = 1.35;
/// Screens in a row where nobody knows how they hang.
const ROW: usize = 5;

/// Where screens stood when they were seen last: a screen that is lost keeps its place.
pub(crate) type Seen = BTreeMap<ScreenName, Rect>;

/// Takes note of where screens stand now.
pub(crate) fn note(seen: &mut Seen, moment: &Moment<'_>) {
    for status in moment.screens {
        if let Some(rect) = status.rect_px
            && seen.get(&status.name) != Some(&rect)
        {
            // Whoever stood there has gone elsewhere.
            seen.retain(|_, other| !other.intersect(rect).is_positive());
            seen.insert(status.name.clone(), rect);
        }
    }
    seen.retain(|name, _| moment.room.screens.iter().any(|screen| screen.name == *name));
}

/// The place of every screen of the room within `area`, in the room file's order. None overlap.
pub(crate) fn places(moment: &Moment<'_>, seen: &Seen, area: Rect) -> Vec<Rect> {
    let screens = &moment.room.screens;
    let hung = hung(moment, seen).or_else(|| placed(screens)).unwrap_or_else(|| in_rows(screens));
    fitted(&hung, area)
}

/// As the window system has them, where every one that is there has a place of its own; missing ones stand below.
fn hung(moment: &Moment<'_>, seen: &Seen) -> Option<Vec<Rect>> {
    let screens = &moment.room.screens;
    let known: Vec<Option<Rect>> = screens
        .iter()
        .map(|screen| {
            let now = moment.status(&screen.name).and_then(|status| status.rect_px);
            now.or_else(|| seen.get(&screen.name).copied()).filter(Rect::is_positive)
        })
        .collect();
    let here: Vec<Rect> = known.iter().flatten().copied().collect();
    let first = *here.first()?;
    let overlaps = here.iter().enumerate().any(|(idx, one)| {
        here.iter().skip(idx + 1).any(|other| one.intersect(*other).is_positive())
    });
    if overlaps || !here.iter().all(|rect| rect.is_finite()) {
        return None;
    }
    let mut corner: Pos2 = here.iter().fold(first, |all, rect| all.union(*rect)).left_bottom();
    corner.y += first.height() * GAP;
    Some(
        known
            .into_iter()
            .map(|rect| rect.unwrap_or_else(|| beside(&mut corner, first.size())))
            .collect(),
    )
}

/// The next place of a row.
fn beside(corner: &mut Pos2, size: Vec2) -> Rect {
    let rect = Rect::from_min_size(*corner, size);
    corner.x += size.x * (1.0 + GAP);
    rect
}

/// By rows and columns, where the room file names them for every screen.
fn placed(screens: &[ScreenSpec]) -> Option<Vec<Rect>> {
    let widest = screens.iter().map(|screen| screen.size_mm.width).fold(1.0, f32::max);
    let highest = screens.iter().map(|screen| screen.size_mm.height).fold(1.0, f32::max);
    let cell = vec2(widest, highest) * (1.0 + GAP);
    let mut taken = Vec::new();
    screens
        .iter()
        .map(|screen| {
            let place = screen.identity.place?;
            let is_free = !taken.contains(&place);
            taken.push(place);
            let column = f32::from(place.column.saturating_sub(1));
            let row = f32::from(place.row.saturating_sub(1));
            let corner = pos2(column * cell.x, row * cell.y);
            is_free.then(|| Rect::from_min_size(corner, size(screen)))
        })
        .collect()
}

/// Beside each other in the room file's order.
fn in_rows(screens: &[ScreenSpec]) -> Vec<Rect> {
    let n_rows = screens.len().div_ceil(ROW).max(1);
    let per_row = screens.len().div_ceil(n_rows).max(1);
    let mut top = 0.0;
    let mut rects = Vec::new();
    for row in screens.chunks(per_row) {
        let mut corner = pos2(0.0, top);
        rects.extend(row.iter().map(|screen| beside(&mut corner, size(screen))));
        let highest = row.iter().map(|screen| size(screen).y).fold(1.0, f32::max);
        top += highest * (1.0 + GAP * 2.0);
    }
    rects
}

fn size(screen: &ScreenSpec) -> Vec2 {
    vec2(screen.size_mm.width.max(1.0), screen.size_mm.height.max(1.0))
}

/// The same picture, as large as `area` allows.
fn fitted(rects: &[Rect], area: Rect) -> Vec<Rect> {
    let Some(all) = rects.iter().copied().reduce(Rect::union) else { return Vec::new() };
    let across = (area.width() / all.width().max(1.0)).min(area.height() / all.height().max(1.0));
    // Words stand under each screen: it is given more height than its glass has.
    let down = (across * TALLER).min(area.height() / all.height().max(1.0));
    let factor = vec2(across, down);
    let corner = area.center() - all.size() * factor / 2.0;
    rects
        .iter()
        .map(|rect| {
            let min = corner + (rect.min - all.min) * factor;
            // A hair between neighbours, as the frames of panels are.
            Rect::from_min_size(min, rect.size() * factor).shrink(2.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use vigie_model::{Snapshot, Timestamp};

    use super::*;
    use crate::{moment::ScreenStatus, testing};

    fn places_of(screens: &[ScreenStatus]) -> Vec<Rect> {
        let room = testing::room();
        let snapshot = Snapshot::default();
        let now = Timestamp::EPOCH;
        let moment = Moment { room: &room, snapshot: &snapshot, now, person: "a", screens };
        places(&moment, &Seen::new(), Rect::from_min_size(pos2(10.0, 20.0), vec2(1000.0, 400.0)))
    }

    #[track_caller]
    fn check(rects: &[Rect]) {
        let area = Rect::from_min_size(pos2(10.0, 20.0), vec2(1000.0, 400.0)).expand(0.5);
        assert_eq!(rects.len(), 10);
        for (idx, one) in rects.iter().enumerate() {
            assert!(area.contains_rect(*one) && one.is_positive(), "{one:?}");
            assert!(rects.iter().skip(idx + 1).all(|other| !one.intersects(*other)), "{one:?}");
        }
    }

    fn status(idx: usize, corner: Option<(f32, f32)>) -> ScreenStatus {
        let room = testing::room();
        let name: ScreenName = room.screens[idx].name.clone();
        let rect = |(x, y)| Rect::from_min_size(pos2(x, y), vec2(1920.0, 1080.0));
        ScreenStatus { rect_px: corner.map(rect), ..ScreenStatus::missing(name) }
    }

    #[test]
    fn screens_stand_where_they_hang() {
        let hung: Vec<_> = (0..10)
            .map(|idx| status(idx, Some(((idx / 2) as f32 * 1920.0, (idx % 2) as f32 * 1080.0))))
            .collect();
        let rects = places_of(&hung);
        check(&rects);
        assert!(rects[1].min.y > rects[0].max.y && rects[2].min.x > rects[0].max.x);
    }

    #[test]
    fn missing_and_doubtful_screens_have_places_too() {
        let some: Vec<_> =
            (0..7).map(|idx| status(idx, Some((idx as f32 * 1920.0, 0.0)))).collect();
        check(&places_of(&some));
        let mirrored: Vec<_> = (0..10).map(|idx| status(idx, Some((0.0, 0.0)))).collect();
        check(&places_of(&mirrored));
        check(&places_of(&[]));
    }
}
