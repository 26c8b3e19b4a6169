//! The scenes: what every screen shows, by name.

use smol_str::SmolStr;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use vigie_model::{Level, SceneName};

use super::{
    fields::{At, Fields, as_table, sentence, wrong_type},
    reader::Reader,
    screen_cells,
};
use crate::{CellSpec, Grid, SceneSpec, ScreenSpec};

/// More scenes than this nobody finds in a hurry.
const MAX_SCENES: usize = 64;
/// The word for a screen's own layout.
const OWN: &str = "own";

/// The scenes under `[scene]`, for a room with these screens.
pub(super) fn scenes(
    reader: &mut Reader<'_>,
    (table, span): At<&DeTable<'_>>,
    screens: &[ScreenSpec],
) -> Vec<SceneSpec> {
    let fields = Fields::new(table, span.clone());
    if table.len() > MAX_SCENES {
        reader.error(span, format!("a room has at most {MAX_SCENES} scenes"));
    }
    let mut scenes: Vec<SceneSpec> = Vec::new();
    for (key, value) in fields.rest().into_iter().take(MAX_SCENES) {
        let name = key.get_ref().as_ref();
        let Some((table, _)) = as_table(reader, value, &format!("scene `{name}`")) else {
            continue;
        };
        let scene = scene(reader, name, Fields::new(table, key.span()), screens);
        let same_level = |other: &&SceneSpec| scene.level.is_some() && other.level == scene.level;
        if let Some(other) = scenes.iter().find(same_level) {
            let message = format!("the scene `{}` is recalled by the same level", other.name);
            reader.error(key.span(), message);
        }
        if let Some(other) = scenes.iter().find(|other| scene.safe && other.safe) {
            reader.error(key.span(), format!("the scene `{}` is the safe one already", other.name));
        }
        scenes.push(scene);
    }
    scenes
}

fn scene(
    reader: &mut Reader<'_>,
    name: &str,
    mut fields: Fields<'_>,
    screens: &[ScreenSpec],
) -> SceneSpec {
    let title = fields.string(reader, "title").map(|title| sentence(reader, title, "title"));
    let level = fields.choice(reader, "level", &Level::ALL);
    let safe = fields.boolean(reader, "safe").unwrap_or_default();
    let rest = fields.get("rest");
    let shown = fields.table(reader, "screens");
    let span = fields.span.clone();
    fields.finish(reader);
    let known = |name: &str| screens.iter().any(|screen| screen.name.as_str() == name);
    if let Some((table, _)) = &shown {
        for (key, _) in Fields::new(table, span.clone()).rest() {
            if !known(key.get_ref()) {
                let names = screens.iter().map(|screen| screen.name.as_str());
                reader.unknown(key.span(), "screen", key.get_ref(), names);
            }
        }
    }
    let mut unnamed = Vec::new();
    let mut views = Vec::new();
    for screen in screens {
        let own = shown.as_ref().and_then(|(table, _)| table.get(screen.name.as_str()));
        let Some(value) = own.or(rest) else {
            unnamed.push(format!("`{}`", screen.name));
            continue;
        };
        views.push(view(reader, value, screen, screens).unwrap_or_else(|| screen.clone()));
    }
    if !unnamed.is_empty() {
        reader.error_with_help(
            span,
            format!("the scene `{name}` does not say what {} shows", unnamed.join(", ")),
            "name it under `screens`, or write `rest = \"own\"` for all others",
        );
    }
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| name.to_owned());
    SceneSpec { name: SceneName::new(name), title, level, safe, screens: views }
}

/// What `screen` shows: its own layout, that of another screen, one widget, or a grid of its own.
fn view(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    screen: &ScreenSpec,
    screens: &[ScreenSpec],
) -> Option<ScreenSpec> {
    let (grid, cells) = match value.get_ref() {
        DeValue::String(word) if word == OWN => return Some(screen.clone()),
        DeValue::String(word) => {
            let other = screens.iter().find(|other| other.name.as_str() == word.as_ref());
            let Some(other) = other else {
                let names = screens.iter().map(|screen| screen.name.as_str());
                reader.unknown(value.span(), "layout", word, std::iter::once(OWN).chain(names));
                return None;
            };
            (other.grid.clone(), other.cells.clone())
        }
        DeValue::Table(table) if table.get("grid").is_some() => {
            let mut fields = Fields::new(table, value.span());
            screen_cells::cells(reader, &mut fields)?
        }
        DeValue::Table(_) => single(reader, value)?,
        _ => {
            let wanted = "\"own\", the name of a screen, or a widget: { widget = \"message\" }";
            wrong_type(reader, value, "what a screen shows", wanted);
            return None;
        }
    };
    Some(ScreenSpec { grid, cells, ..screen.clone() })
}

/// One widget on the whole screen.
fn single(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<(Grid, Vec<CellSpec>)> {
    let grid = Grid::parse("whole").ok()?;
    let (name, area) = grid.areas.first().cloned()?;
    let name: SmolStr = name;
    let cell = screen_cells::cell(reader, (&name, value.span()), value, area)?;
    Some((grid, vec![cell]))
}

/// The rundown: names of scenes, in order.
pub(super) fn rundown(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    scenes: &[SceneSpec],
) -> Vec<SceneName> {
    let span = fields.get("rundown").map(Spanned::span);
    let Some(span) = span else {
        return scenes.iter().map(|scene| scene.name.clone()).collect();
    };
    let mut rundown = Vec::new();
    for name in fields.names(reader, "rundown", "") {
        if scenes.iter().any(|scene| scene.name.as_str() == name) {
            rundown.push(SceneName::new(name));
        } else {
            let names = scenes.iter().map(|scene| scene.name.as_str());
            reader.unknown(span.clone(), "scene", &name, names);
        }
    }
    rundown
}
