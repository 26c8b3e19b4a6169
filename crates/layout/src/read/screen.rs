//! The screens: size, distance, which panel it is.

use std::ops::Range;

use smol_str::SmolStr;
use toml::de::DeTable;
use vigie_model::ScreenName;

use super::{
    fields::{At, Fields, as_table, sentence, wrong_type},
    reader::Reader,
    screen_cells,
};
use crate::{Edid, Gap, Identity, Place, ScreenSpec, SizeMm, units};

/// Each screen is a window, a thread and a GPU device.
const MAX_SCREENS: usize = 64;
/// The panels of most rooms.
const DEFAULT_DIAGONAL_MM: f32 = 55.0 * 25.4;
/// Where nobody says how far the seats are.
const DEFAULT_DISTANCE_MM: u32 = 3_000;
/// The smallest and the largest side of a screen that makes sense.
const SIDES_MM: std::ops::RangeInclusive<f64> = 50.0..=50_000.0;
/// Fewer pixels show nothing, more no GPU can draw.
const SIDES_PX: std::ops::RangeInclusive<f64> = 64.0..=16_384.0;

/// The screens of the room, with what two of them cannot share.
pub(super) fn screens(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Vec<ScreenSpec> {
    let Some(value) = fields.get("screen") else {
        let message = "the room has no screen: write [[screen]], a grid and its widgets";
        reader.missing(fields.span.clone(), message);
        return Vec::new();
    };
    let Some(list) = value.get_ref().as_array() else {
        wrong_type(reader, value, "`screen`", "a list: write [[screen]]");
        return Vec::new();
    };
    if list.len() > MAX_SCREENS {
        reader.error(value.span(), format!("a room has at most {MAX_SCREENS} screens"));
    }
    let mut screens: Vec<At<ScreenSpec>> = Vec::new();
    for entry in list.iter().take(MAX_SCREENS) {
        let Some((table, span)) = as_table(reader, entry, "each `screen`") else { continue };
        if let Some(screen) = screen(reader, table, span.clone()) {
            let twin = screens.iter().find_map(|(other, _)| shared(other, &screen));
            if let Some(what) = twin {
                reader.error(span.clone(), what);
            }
            screens.push((screen, span));
        }
    }
    screens.into_iter().map(|(screen, _)| screen).collect()
}

/// What both screens claim and only one can have.
fn shared(one: &ScreenSpec, other: &ScreenSpec) -> Option<String> {
    if one.name == other.name {
        return Some(format!("two screens are called `{}`", one.name));
    }
    let (mine, theirs) = (&one.identity, &other.identity);
    let what = if mine.connector.is_some() && mine.connector == theirs.connector {
        "connector"
    } else if mine.place.is_some() && mine.place == theirs.place {
        "position"
    } else if mine.edid == theirs.edid
        && mine.edid.as_ref().is_some_and(|edid| !edid.serial.is_empty())
    {
        "serial number"
    } else {
        return None;
    };
    Some(format!("the screens `{}` and `{}` have the same {what}", one.name, other.name))
}

fn screen(reader: &mut Reader<'_>, table: &DeTable<'_>, span: Range<usize>) -> Option<ScreenSpec> {
    let mut fields = Fields::new(table, span);
    let name = fields.string(reader, "name").map(|name| sentence(reader, name, "name"));
    let name = name.filter(|name| !name.is_empty());
    if name.is_none() {
        fields.missing(reader, "name", "\"left\"");
    }
    let purpose = fields.string(reader, "purpose");
    let purpose = purpose.map(|purpose| sentence(reader, purpose, "purpose")).unwrap_or_default();
    let resolution = fields.string(reader, "resolution").and_then(|at| resolution(reader, at));
    let size = fields.string(reader, "size").and_then(|at| size(reader, at));
    let is_tall = resolution.is_some_and(|(width, height)| height > width);
    let portrait = match fields.get("portrait") {
        Some(_) => fields.boolean(reader, "portrait").unwrap_or(is_tall),
        None => is_tall,
    };
    let distance = fields.quantity(reader, "distance", units::millimeters);
    let distance_mm = distance.and_then(|distance| distance_mm(reader, distance));
    let identity = identity(reader, &mut fields);
    let priority = fields.integer(reader, "priority", (0, 100));
    let gap = fields.choice(reader, "gap", &Gap::ALL).unwrap_or_default();
    warn_of_guesses(reader, &fields, table);
    let (grid, cells) = screen_cells::cells(reader, &mut fields)?;
    let (width_px, height_px) = resolution.unwrap_or(ScreenSpec::DEFAULT_RESOLUTION_PX);
    let size_mm = size.unwrap_or_else(|| SizeMm::from_diagonal_mm(DEFAULT_DIAGONAL_MM));
    let screen = ScreenSpec {
        name: ScreenName::new(name?),
        purpose,
        size_mm: if portrait && size_mm.width > size_mm.height {
            size_mm.turned()
        } else {
            size_mm
        },
        distance_mm: distance_mm.unwrap_or(DEFAULT_DISTANCE_MM),
        resolution_px: if portrait && width_px > height_px {
            (height_px, width_px)
        } else {
            (width_px, height_px)
        },
        portrait,
        identity,
        priority: priority
            .and_then(|priority| u8::try_from(priority).ok())
            .unwrap_or(ScreenSpec::DEFAULT_PRIORITY),
        gap,
        grid,
        cells,
    };
    screen_cells::warn_of_small_cells(reader, &fields, &screen);
    Some(screen)
}

/// Text is sized by what the file says; without it, by a guess that somebody should know of.
fn warn_of_guesses(reader: &mut Reader<'_>, fields: &Fields<'_>, table: &DeTable<'_>) {
    let is_missing = |key: &str| table.get(key).is_none();
    if (is_missing("size") || is_missing("distance")) && !reader.file_is_broken {
        reader.warning(
            fields.span.clone(),
            "`size` or `distance` is missing: text is sized for 55 inches seen from 3 m",
            "write `size = \"55 in\"` and `distance = \"6 m\"`",
        );
    }
}

/// `55 in` is the diagonal of a 16:9 panel, `1218 x 685 mm` a width and a height.
fn size(reader: &mut Reader<'_>, (text, span): At<&str>) -> Option<SizeMm> {
    #[expect(clippy::cast_possible_truncation, reason = "millimeters up to a kilometer")]
    let read = units::rectangle_mm(text).map_or_else(
        || units::millimeters(text).map(|diagonal| SizeMm::from_diagonal_mm(diagonal as f32)),
        |sides| sides.map(|(width, height)| SizeMm { width: width as f32, height: height as f32 }),
    );
    match read {
        Ok(size) => {
            let is_screen =
                SIDES_MM.contains(&size.width.into()) && SIDES_MM.contains(&size.height.into());
            if !is_screen {
                reader.error(span, "a screen's sides measure between 5 cm and 50 m");
            }
            is_screen.then_some(size)
        }
        Err(err) => {
            let help = "a size is a diagonal, `55 in`, or a width and height, `1218 x 685 mm`";
            reader.error_with_help(span, format!("`size`: {err}"), help);
            None
        }
    }
}

fn resolution(reader: &mut Reader<'_>, (text, span): At<&str>) -> Option<(u32, u32)> {
    let sides = units::pair(text).filter(|(width, height, unit)| {
        let is_side = |side: &f64| SIDES_PX.contains(side) && side.fract() == 0.0;
        is_side(width) && is_side(height) && matches!(*unit, "" | "px")
    });
    if sides.is_none() {
        reader.error(span, "a resolution is a width and height in pixels: write `1920 x 1080`");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers between 64 and 16,384"
    )]
    sides.map(|(width, height, _)| (width as u32, height as u32))
}

fn distance_mm(reader: &mut Reader<'_>, (distance, span): At<f64>) -> Option<u32> {
    let is_near = (100.0..=200_000.0).contains(&distance);
    if !is_near {
        reader.error(span, "the seats are between 10 cm and 200 m away");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 100 and 200,000"
    )]
    is_near.then_some(distance.round() as u32)
}

fn identity(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Identity {
    let edid = fields.table(reader, "edid").and_then(|table| edid(reader, table));
    let connector = fields.string(reader, "connector");
    let connector = connector.and_then(|(name, span)| {
        if name.trim().is_empty() {
            reader.error(span, "`connector` is empty: `vigie screens` lists those that are there");
        }
        (!name.trim().is_empty()).then(|| SmolStr::new(name.trim()))
    });
    let place = fields.table(reader, "position").and_then(|table| place(reader, table));
    Identity { edid, connector, place }
}

fn edid(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> Option<Edid> {
    let mut fields = Fields::new(table, span.clone());
    let mut text = |key| match fields.string(reader, key) {
        Some((text, _)) => SmolStr::new(text.trim()),
        None => SmolStr::default(),
    };
    let edid = Edid { make: text("make"), model: text("model"), serial: text("serial") };
    fields.finish(reader);
    if edid.is_empty() {
        let message = "`edid` says nothing: write make, model, serial, or some of them";
        reader.error_with_help(span, message, "`vigie screens` lists what the panels say");
        return None;
    }
    Some(edid)
}

fn place(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> Option<Place> {
    let mut fields = Fields::new(table, span);
    let mut count = |key, example: &str| {
        if table.get(key).is_none() {
            fields.missing(reader, key, example);
        }
        u8::try_from(fields.integer(reader, key, (1, 64))?).ok()
    };
    let (row, column) = (count("row", "1"), count("column", "3"));
    fields.finish(reader);
    Some(Place { row: row?, column: column? })
}
