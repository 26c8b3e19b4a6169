//! A screen's grid, and the widget of each of its words.

use std::ops::Range;

use smol_str::SmolStr;
use toml::de::DeTable;

use super::{
    fields::{At, Fields, as_table},
    options::{check_references, options},
    reader::Reader,
};
use crate::{Area, CellSpec, Grid, ScreenSpec, legibility::cell_complaints};

/// A screen with more cells than this cannot be read.
const MAX_CELLS: usize = 64;

/// The grid and its cells; none where there is no grid to fill.
pub(super) fn cells(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
) -> Option<(Grid, Vec<CellSpec>)> {
    let drawing = fields.string(reader, "grid");
    if drawing.is_none() && fields.get("grid").is_none() {
        fields.missing(reader, "grid", "\"feed feed trends\"");
    }
    let grid = drawing.as_ref().and_then(|drawing| grid(reader, drawing));
    let (Some(drawing), Some(grid)) = (drawing, grid) else {
        read_cells_alone(reader, fields);
        return None;
    };
    let rest = fields.rest();
    let mut cells = Vec::new();
    for (word, area) in &grid.areas {
        let found = rest.iter().find(|(key, _)| key.get_ref() == word.as_str());
        match found {
            Some((key, value)) => {
                cells.extend(cell(reader, (key.get_ref(), key.span()), value, *area));
            }
            None => report_bare_word(reader, fields, &drawing, word),
        }
    }
    for (key, _) in rest {
        let name = key.get_ref().as_ref();
        if !grid.areas.iter().any(|(word, _)| word == name) {
            let words = grid.areas.iter().map(|(word, _)| word.as_str());
            let known = fields.known().iter().copied();
            let words = words.filter(|word| !fields.known().contains(word));
            reader.unknown(key.span(), "key or grid word", name, known.chain(words));
        }
    }
    Some((grid, cells))
}

/// Without a grid the cells are read all the same, for what else is wrong with them.
fn read_cells_alone(reader: &mut Reader<'_>, fields: &Fields<'_>) {
    for (key, value) in fields.rest() {
        if value.get_ref().is_table() {
            cell(reader, (key.get_ref(), key.span()), value, Area::default());
        } else {
            reader.unknown(key.span(), "key", key.get_ref(), fields.known().iter().copied());
        }
    }
}

fn grid(reader: &mut Reader<'_>, (drawing, span): &At<&str>) -> Option<Grid> {
    match Grid::parse(drawing) {
        Ok(grid) if grid.areas.len() > MAX_CELLS => {
            reader.error(span.clone(), format!("a screen has at most {MAX_CELLS} cells"));
            None
        }
        Ok(grid) => Some(grid),
        Err(errors) => {
            for err in errors {
                let place = reader.within(span, drawing, &err.span);
                reader.error(place, err.message);
            }
            None
        }
    }
}

/// A word of the grid that has no table, or is a key of the screen itself.
fn report_bare_word(reader: &mut Reader<'_>, fields: &Fields<'_>, drawing: &At<&str>, word: &str) {
    let (text, span) = drawing;
    let start = text
        .match_indices(word)
        .map(|(start, _)| start)
        .find(|start| {
            let before = text.get(..*start).unwrap_or_default();
            let after = text.get(start + word.len()..).unwrap_or_default();
            !before.ends_with(|letter: char| !letter.is_whitespace())
                && !after.starts_with(|letter: char| !letter.is_whitespace())
        })
        .unwrap_or_default();
    let place = reader.within(span, text, &(start..start + word.len()));
    if fields.known().contains(&word) {
        reader.error(place, format!("`{word}` is a key of the screen: give the cell another name"));
    } else {
        let message =
            format!("nothing says what `{word}` is: write `{word} = {{ widget = \"…\" }}`");
        reader.missing(place, message);
    }
}

/// One cell with its widget and the widget's options.
pub(super) fn cell<'t>(
    reader: &mut Reader<'_>,
    (name, name_span): (&str, Range<usize>),
    value: &'t toml::Spanned<toml::de::DeValue<'t>>,
    area: Area,
) -> Option<CellSpec> {
    let (table, _): At<&DeTable<'_>> = as_table(reader, value, &format!("cell `{name}`"))?;
    let mut fields = Fields::new(table, name_span.clone());
    let Some((widget, widget_span)) = fields.string(reader, "widget") else {
        if table.get("widget").is_none() {
            fields.missing(reader, "widget", "\"feed\"");
        }
        return None;
    };
    let vocabulary = reader.vocabulary;
    let entry = vocabulary.widgets.iter().find(|entry| entry.name == widget);
    if entry.is_none() {
        let names = vocabulary.widgets.iter().map(|entry| entry.name);
        reader.unknown(widget_span, "widget", widget, names);
    }
    let options = options(reader, table, "widget", (entry, name_span));
    check_references(reader, table);
    Some(CellSpec { name: SmolStr::new(name), widget: SmolStr::new(widget), options, area })
}

/// Warns of cells in which no text of the size for their distance has room.
pub(super) fn warn_of_small_cells(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    screen: &ScreenSpec,
) {
    let keys = fields.rest();
    for (cell, message) in cell_complaints(screen, screen.resolution_px) {
        let found = keys.iter().find(|(key, _)| key.get_ref() == cell.as_str());
        let span = found.map_or_else(|| fields.span.clone(), |(key, _)| key.span());
        let help = "give it more fields of the grid, or move it to a screen nearer to its readers";
        reader.warning(span, message, help);
    }
}
