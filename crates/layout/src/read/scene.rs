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

#[cfg(test)]
mod tests {
    use vigie_model::QueryName;

    use crate::{check, testing::vocabulary};

    const SCENES: &str = r#"
name = "r"
rundown = ["fin", "debut"]
[query]
q = "*"
[moderation]
guarded = ["q"]
flagged = "show"
hold = "has:media"
block = 'from:troll OR "gros mot"'
[scene.debut]
rest = "own"
screens = { droite = "gauche" }
[scene.fin]
title = "La fin"
level = "red"
safe = true
rest = { widget = "feed", query = "q", title = "X" }
screens.gauche = { grid = "a b", a = { widget = "feed", query = "q", title = "X" }, b = { widget = "feed", query = "q", title = "X" } }
[[screen]]
name = "gauche"
size = "55 in"
distance = "3 m"
grid = "a"
a = { widget = "feed", query = "q", title = "G" }
[[screen]]
name = "droite"
size = "55 in"
distance = "3 m"
grid = "a"
a = { widget = "feed", query = "q", title = "D" }
"#;

    #[test]
    fn scenes_say_what_every_screen_shows() {
        let checked = check(SCENES, "room.toml", &vocabulary());
        let room = checked.room.expect("the room is right");
        let shown = |scene: usize, screen: usize| -> Vec<&str> {
            let cells = &room.scenes[scene].screens[screen].cells;
            cells.iter().filter_map(|cell| cell.options.get("title")?.as_str()).collect()
        };
        assert_eq!(
            room.scenes.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["debut", "fin"]
        );
        assert_eq!([shown(0, 0), shown(0, 1)], [["G"], ["G"]]);
        assert_eq!((shown(1, 0), shown(1, 1)), (vec!["X", "X"], vec!["X"]));
        assert_eq!(room.scenes[0].screens[1].name.as_str(), "droite");
        assert_eq!(
            (room.scenes[0].title.as_str(), room.scenes[1].title.as_str()),
            ("debut", "La fin")
        );
        assert_eq!(room.scenes[1].level, Some(vigie_model::Level::Red));
        assert!(room.scenes[1].safe && !room.scenes[0].safe);
        assert_eq!(room.rundown, ["fin".into(), "debut".into()]);
        assert_eq!(room.moderation.guarded, [QueryName::new("q")]);
        assert!(!room.moderation.flagged_wait && room.moderation.allow.is_none());
        assert!(room.moderation.hold.is_some() && room.moderation.block.is_some());
    }

    #[test]
    fn scenes_that_are_not_complete_are_refused() {
        #[track_caller]
        fn check_scene(from: &str, to: &str, expected: &str) {
            let text = SCENES.replace(from, to);
            assert_ne!(text, SCENES);
            let report = check(&text, "room.toml", &vocabulary());
            let messages: Vec<&str> =
                report.diagnostics.iter().map(|it| it.message.as_str()).collect();
            assert!(messages.contains(&expected), "{messages:?}");
        }
        let silent = "the scene `debut` does not say what `gauche` shows";
        check_scene("rest = \"own\"\n", "", silent);
        check_scene("droite = \"gauche\"", "milieu = \"gauche\"", "unknown screen `milieu`");
        check_scene("droite = \"gauche\"", "droite = \"milieu\"", "unknown layout `milieu`");
        check_scene("[\"fin\", \"debut\"]", "[\"fini\"]", "unknown scene `fini`");
        check_scene(
            "rest = \"own\"\n",
            "rest = \"own\"\nlevel = \"red\"\n",
            "the scene `debut` is recalled by the same level",
        );
        check_scene(
            "rest = \"own\"\n",
            "rest = \"own\"\nsafe = true\n",
            "the scene `debut` is the safe one already",
        );
        check_scene("level = \"red\"", "level = \"blue\"", "unknown level `blue`");
        check_scene("guarded = [\"q\"]", "guarded = [\"r\"]", "unknown query `r`");
        check_scene(
            "{ widget = \"feed\", query = \"q\", title = \"X\" }\nscreens",
            "{ widget = \"clack\", query = \"q\" }\nscreens",
            "unknown widget `clack`",
        );
    }
}
