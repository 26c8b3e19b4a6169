//! Room files: what they mean, and that every mistake is named with its place.

use jiff::civil;
use proptest::prelude::*;
use vigie_model::{QueryName, Timestamp};

use super::*;
use crate::{Kind, Locale, Objective, Place, testing::vocabulary};

const WHOLE: &str = r##"
name = "Gare centrale"
kind = "ephemeral"
opens = 2026-10-06
closes = "2026-10-07"
objective = "customer relation"
locale = "fr"
time_zone = "Europe/Paris"

[campaign]
title = "#DemandezAuCM"
tags = ["#DemandezAuCM", "demandez"]
accounts = ["@cm_rail"]
opens = "07:00"
closes = 22:00:00
target = { posts = 7000, answers = 600 }

[source.jour]
connector = "demo"
speed = 60.0

[query]
tout = '#DemandezAuCM OR @cm_rail'

[retention]
keep = "30 days"
purge_on = 2026-11-30

[media]
load = true
hosts = ["cdn.bsky.app"]
cache = "32 MB"

[theme]
accent = "#ff8800"

[[screen]]
name = "gauche"
purpose = "Ce qui se dit"
size = "55 in"
distance = "6 m"
portrait = true
connector = "DP-1"
position = { row = 1, column = 2 }
edid = { make = "ACM", serial = "42" }
priority = 80
gap = "thin"
grid = """
fil fil
kpi .
"""
fil = { widget = "feed", query = "tout" }
kpi = { widget = "kpi", query = "tout", measures = ["posts", "answered"], window = "15 min" }
"##;

/// All that is said of `text`, less the part of the line that only shows the place.
fn report(text: &str) -> String {
    let checked = check(text, "room.toml", &vocabulary());
    let lines = checked.diagnostics.iter().map(|it| {
        let help: String = it.help.iter().map(|help| format!("\n  {help}")).collect();
        let warning = if it.severity == Severity::Warning { "warning: " } else { "" };
        format!("{}:{} {warning}{}{help}", it.line, it.column, it.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check_report(text: &str, expected: &str) {
    assert_eq!(report(text), expected);
}

/// A room with one more line in its only screen, and the report of it.
#[track_caller]
fn check_screen(line: &str, expected: &str) {
    let text = format!(
        "name='a'\n[query]\nq='*'\n[[screen]]\n{line}\nname='left'\nsize='55 in'\ndistance='3 m'\n\
         grid='f'\nf={{widget='feed',query='q'}}\n"
    );
    check_report(&text, expected);
}

/// A room with these lines before a right screen, and the report of it.
#[track_caller]
fn check_room(lines: &str, expected: &str) {
    let text = format!(
        "{lines}\n[[screen]]\nname='left'\nsize='55 in'\ndistance='3 m'\n\
         grid='f'\nf={{widget='feed',query='q'}}\n"
    );
    check_report(&text, expected);
}

#[test]
fn reads_every_key() {
    let checked = check(WHOLE, "room.toml", &vocabulary());
    assert_eq!(checked.diagnostics, []);
    let room = checked.into_result().unwrap();
    assert_eq!(room.name, "Gare centrale");
    let days = (civil::date(2026, 10, 6), civil::date(2026, 10, 7));
    assert_eq!(room.kind, Kind::Ephemeral { opens: days.0, closes: days.1 });
    assert_eq!((room.objective, room.locale), (Objective::CustomerRelation, Locale::Fr));
    assert_eq!(room.time_zone.iana_name(), Some("Europe/Paris"));
    let campaign = room.campaign.as_ref().unwrap();
    assert_eq!(campaign.tags, ["DemandezAuCM", "demandez"]);
    assert_eq!(campaign.accounts, ["cm_rail"]);
    assert_eq!(campaign.target.n_answers, Some(600));
    assert_eq!(room.sources[0].options["speed"].as_float(), Some(60.0));
    assert!(room.query(&QueryName::new("tout")).is_some());
    assert_eq!(room.retention.keep.as_secs(), 30 * 86_400);
    assert_eq!(room.retention.purge_on, Some(civil::date(2026, 11, 30)));
    assert_eq!((room.media.cache_bytes, room.media.picture_bytes), (32_000_000, 8 << 20));
    assert_eq!(room.theme["accent"].as_str(), Some("#ff8800"));
    let screen = &room.screens[0];
    assert!(screen.portrait && screen.size_mm.height > screen.size_mm.width);
    assert_eq!((screen.resolution_px, screen.distance_mm), ((1080, 1920), 6_000));
    assert_eq!(screen.identity.place, Some(Place { row: 1, column: 2 }));
    assert_eq!((screen.priority, screen.cells.len()), (80, 2));
    assert_eq!(screen.cells[1].options["window"].as_str(), Some("15 min"));
    assert!(!screen.cells[1].options.contains_key("widget"));
}

#[test]
fn hours_run_on_the_rooms_clock() {
    let room = check(WHOLE, "room.toml", &vocabulary()).room.unwrap();
    let closes_at = |now: &str| room.closes_at(Timestamp::parse(now).unwrap()).unwrap().to_string();
    // Paris is two hours ahead in October, one in November.
    assert_eq!(closes_at("2026-10-06T08:00:00Z"), "2026-10-06T20:00:00Z");
    assert_eq!(closes_at("2026-10-06T20:00:00Z"), "2026-10-07T20:00:00Z");
    assert_eq!(closes_at("2026-11-06T00:00:00Z"), "2026-11-06T21:00:00Z");
    let mut campaign = room.campaign.clone().unwrap();
    campaign.closes = Some(civil::time(2, 0, 0, 0));
    let now = Timestamp::parse("2026-10-06T23:00:00Z").unwrap();
    let (opens, closes) = campaign.hours_at(now, &room.time_zone).unwrap();
    assert_eq!(opens.to_string(), "2026-10-06T05:00:00Z");
    assert_eq!(closes.to_string(), "2026-10-07T00:00:00Z");
}

#[test]
fn prints_as_compilers_do() {
    let text = WHOLE.replace("widget = \"feed\"", "widget = \"fed\"");
    let checked = check(&text, "rooms/gare.toml", &vocabulary());
    assert_eq!(
        checked.diagnostics[0].to_string(),
        "error: unknown widget `fed`\n  \
           --> rooms/gare.toml:52:18\n   \
            |\n\
         52 | fil = { widget = \"fed\", query = \"tout\" }\n   \
            |                  ^^^^^\n   \
            = help: allowed: `feed`, `kpi`\n   \
            = help: did you mean `feed`?"
    );
    assert!(checked.into_result().unwrap_err().to_string().contains("unknown widget"));
}

#[test]
fn long_lines_are_shown_around_the_place() {
    let text = format!("name = 'a' # {}\n{}zzz = 1", "é".repeat(10), " ".repeat(300));
    let diagnostics = check(&text, "room.toml", &vocabulary()).diagnostics;
    let unknown = diagnostics.iter().find(|it| it.message.contains("zzz")).unwrap().to_string();
    let shown: Vec<&str> = unknown.lines().collect();
    assert_eq!(shown[3].find("zzz"), shown[4].find("^^^"));
    assert!(shown.iter().all(|line| line.chars().count() < 250), "{unknown}");
}

#[test]
fn the_console_has_a_screen_of_its_own() {
    let text = format!("{WHOLE}\n[console]\nopen = true\nconnector = \"HDMI-1\"\n");
    let console = check(&text, "room.toml", &vocabulary()).room.unwrap().console;
    assert_eq!((console.open, console.connector.as_deref()), (true, Some("HDMI-1")));
    let console = check(WHOLE, "room.toml", &vocabulary()).room.unwrap().console;
    assert_eq!((console.open, console.connector), (false, None));
}

#[test]
fn the_room_itself() {
    check_room(
        "nam='a'\n[query]\nq='*'",
        "1:1 `name` is missing: write `name = \"Salle sociale\"`\n\
        1:1 unknown key `nam`\n  \
        allowed: `name`, `kind`, `opens`, `closes`, `objective`, `locale`, `time_zone`, `campaign`, \
        `source`, `query`, `screen`, `scene`, `rundown`, `moderation`, `theme`, `retention`, `media`, \
        `console`\n  did you mean `name`?",
    );
    check_room(
        "name='a'\nlocale='de'\n[query]\nq='*'",
        "2:8 unknown locale `de`\n  allowed: `fr`, `en`",
    );
    check_room(
        "name='a'\ntime_zone='Europe/Pari'\n[query]\nq='*'",
        "2:11 unknown time zone `Europe/Pari`\n  did you mean `Europe/Paris`?",
    );
    check_room(
        "name='a'\nkind='ephemeral'\nopens=2026-10-06\n[query]\nq='*'",
        "2:6 an ephemeral room has its days: write `opens = 2026-10-06` and `closes = 2026-10-06`",
    );
    check_room(
        "name='a'\nopens=2026-10-06\ncloses=2026-10-05\n[query]\nq='*'",
        "3:8 the room closes before it opens, which is on 2026-10-06",
    );
    check_room(
        "name='a'\nkind='permanent'\nopens=2026-10-06\n[query]\nq='*'",
        "3:7 a permanent room has no days on which it opens and closes\n  \
         write `kind = \"ephemeral\"`; the hours of a campaign stand under [campaign]",
    );
    check_report(
        "name = 'a'",
        "1:1 the room has no screen: write [[screen]], a grid and its widgets",
    );
}

#[test]
fn the_campaign() {
    let check_campaign = |lines: &str, expected: &str| {
        check_room(&format!("name='a'\n[campaign]\n{lines}\n[query]\nq='*'"), expected);
    };
    check_campaign(
        "title='x'\nopens='25:00'\ncloses='22:00'",
        "4:7 `opens` is a time of day, as in \"07:00\", not this text",
    );
    check_campaign(
        "title='x'\nopens='07:00'",
        "4:7 `closes` is missing: write `closes = \"22:00\"`",
    );
    check_campaign(
        "title='x'\ntags='a'",
        "4:6 `tags` is a list, as in [\"one\", \"two\"], not this text",
    );
    check_campaign("title='x'\naccounts=['@']", "4:11 `accounts` holds an empty name");
    check_campaign(
        "title='x'\ntarget={post=3,answers=-1}",
        "4:9 unknown key `post`\n  allowed: `posts`, `answers`\n  did you mean `posts`?\n\
         4:24 `answers` lies between 1 and 1000000000000",
    );
}

#[test]
fn sources_and_queries() {
    check_room(
        "name='a'\n[source.x]\nconnector='dmo'\n[source.y]\nspeed=1\n[query]\nq='*'",
        "3:11 unknown connector `dmo`\n  allowed: `demo`\n  did you mean `demo`?\n\
         4:9 `connector` is missing: write `connector = \"demo\"`",
    );
    check_room(
        "name='a'\n[source.x]\nconnector='demo'\nspeed='fast'\nspead=2\n[query]\nq='*'",
        "4:7 `demo`, option `speed`: invalid type: string \"fast\", expected a number\n\
         5:1 `demo`, option `spead`: unknown field `spead`, expected `speed`\n  did you mean `speed`?",
    );
    check_room(
        "name='a'\n[query]\nq='(#x OR lang:french'\nr='*'\ns=3",
        "3:4 this `(` is never closed\n\
         3:11 `french` is no language: write its two letters, as in `lang:fr`\n  did you mean `lang:fr`?\n\
         4:1 warning: no widget shows the query `r`\n  \
         its posts are kept all the same; take it out if nobody needs them\n\
         5:3 query `s` is a text in quotes, not a number",
    );
    check_room(
        "name='a'\n[query]\nq=\"\"\"\na OR\n  has:vido\"\"\"",
        "5:3 unknown `has:vido`; `has:` takes \
        media, image, video, link, tag, mention\n  did you mean `has:video`?",
    );
}

#[test]
fn screens() {
    check_screen("", "");
    check_screen(
        "sise='55 in'",
        "5:1 unknown key or grid word `sise`\n  allowed: `name`, `purpose`, \
        `resolution`, `size`, `portrait`, `distance`, `edid`, `connector`, `position`, `priority`, `gap`, \
        `grid`, `f`\n  did you mean `size`?",
    );
    check_screen(
        "resolution='big'",
        "5:12 a resolution is a width and height in pixels: write `1920 x 1080`",
    );
    check_screen("priority=101", "5:10 `priority` lies between 0 and 100");
    check_screen(
        "gap='huge'",
        "5:5 unknown gap `huge`\n  allowed: `none`, `thin`, `normal`, `wide`",
    );
    check_screen(
        "edid={}",
        "5:6 `edid` says nothing: write make, model, serial, or some of them\n  \
        `vigie screens` lists what the panels say",
    );
    check_screen(
        "position={row=0}",
        "5:10 `column` is missing: write `column = 3`\n\
        5:15 `row` lies between 1 and 64",
    );
    check_screen("portrait='yes'", "5:10 `portrait` is true or false, not this text");
    check_screen(
        "connector=''",
        "5:11 `connector` is empty: `vigie screens` lists those that are there",
    );
}

#[test]
fn sizes_and_distances() {
    let check_size = |size: &str, distance: &str, expected: &str| {
        check_report(
            &format!(
                "name='a'\n[query]\nq='*'\n[[screen]]\nname='left'\nsize='{size}'\n\
                 distance='{distance}'\ngrid='f'\nf={{widget='feed',query='q'}}\n"
            ),
            expected,
        );
    };
    check_size("1218 x 685 mm", "600 cm", "");
    check_size(
        "55",
        "6 m",
        "6:6 `size`: the unit is missing: write `6 m`; units are mm, cm, m, in, ft\n  \
        a size is a diagonal, `55 in`, or a width and height, `1218 x 685 mm`",
    );
    check_size("1 mm", "6 m", "6:6 a screen's sides measure between 5 cm and 50 m");
    check_size("55 in", "1 cm", "7:10 the seats are between 10 cm and 200 m away");
    check_size(
        "55 in",
        "6 metres",
        "7:10 `distance`: unknown unit `metres`; units are mm, cm, m, in, ft",
    );
    check_size(
        "7 in",
        "60 m",
        "9:1 warning: `f` has room for 0 lines of 0 letters that can be read from 60 m\n  \
        give it more fields of the grid, or move it to a screen nearer to its readers",
    );
    check_report(
        "name='a'\n[query]\nq='*'\n[[screen]]\nname='left'\ngrid='f'\nf={widget='feed',query='q'}",
        "4:1 warning: `size` or `distance` is missing: text is sized for 55 inches seen from 3 m\n  \
         write `size = \"55 in\"` and `distance = \"6 m\"`",
    );
}

#[test]
fn two_screens_do_not_share_what_tells_them_apart() {
    let check_twins = |one: &str, other: &str, expected: &str| {
        let screen = |name: &str, line: &str| {
            format!(
                "[[screen]]\nname='{name}'\nsize='55 in'\ndistance='3 m'\n{line}\ngrid='f'\n\
                 f={{widget='feed',query='q'}}\n"
            )
        };
        let text = format!("name='a'\n[query]\nq='*'\n{}{}", screen("a", one), screen("b", other));
        check_report(&text, expected);
    };
    check_twins("connector='DP-1'", "connector='DP-2'", "");
    check_twins(
        "connector='DP-1'",
        "connector='DP-1'",
        "11:1 the screens `a` and `b` have the same connector",
    );
    check_twins("edid={model='P'}", "edid={model='P'}", "");
    check_twins(
        "edid={serial='1'}",
        "edid={serial='1'}",
        "11:1 the screens `a` and `b` have the same serial number",
    );
    let position = "position={row=1,column=1}";
    check_twins(position, position, "11:1 the screens `a` and `b` have the same position");
}

#[test]
fn grids_and_cells() {
    let check_cells = |lines: &str, expected: &str| {
        check_report(
            &format!(
                "name='a'\n[query]\nq='*'\n[[screen]]\nname='left'\nsize='55 in'\ndistance='1 m'\n{lines}"
            ),
            expected,
        );
    };
    let feed = "f={widget='feed',query='q'}";
    check_cells(feed, "4:1 `grid` is missing: write `grid = \"feed feed trends\"`");
    check_cells(
        &format!("grid='''\nf f\nf .\n'''\n{feed}"),
        "10:1 the fields of `f` do not form one rectangle",
    );
    check_cells(
        &format!("grid='''\nf f\nf\n'''\n{feed}"),
        "10:1 this row has 1 words, the first row has 2",
    );
    check_cells(&format!("grid='. .'\n{feed}"), "8:7 the grid names no cell");
    check_cells(
        &format!("grid='f size'\n{feed}"),
        "8:9 `size` is a key of the screen: give the cell another name",
    );
    check_cells(
        &format!("grid='ff f'\n{feed}"),
        "8:7 nothing says what `ff` is: write `ff = { widget = \"…\" }`",
    );
    check_cells(
        "grid='f'\nf={widget='fed',query='q'}",
        "9:11 unknown widget `fed`\n  allowed: `feed`, `kpi`\n  did you mean `feed`?",
    );
    check_cells(
        "grid='f'\nf={query='q'}",
        "3:1 warning: no widget shows the query `q`\n  \
        its posts are kept all the same; take it out if nobody needs them\n\
        9:1 `widget` is missing: write `widget = \"feed\"`",
    );
    check_cells(
        "grid='f'\nf='feed'\n",
        "3:1 warning: no widget shows the query `q`\n  \
        its posts are kept all the same; take it out if nobody needs them\n\
        9:3 cell `f` is a table, not this text",
    );
}

#[test]
fn options_of_widgets_with_all_that_is_wrong() {
    let check_widget = |options: &str, expected: &str| {
        check_report(
            &format!(
                "name='a'\n[query]\nq='*'\n[[screen]]\nname='left'\nsize='55 in'\ndistance='1 m'\n\
                 grid='f g'\ng={{widget='feed',query='q'}}\nf={{ {options} }}"
            ),
            expected,
        );
    };
    check_widget("widget='feed'", "10:1 `feed`: missing field `query`");
    check_widget(
        "widget='feed', query='p'",
        "10:26 unknown query `p`\n  allowed: `q`\n  did you mean `q`?",
    );
    check_widget(
        "widget='feed', query='q', titel='x', order='newst'",
        "10:31 `feed`, option `titel`: unknown field `titel`, expected one of `query`, `title`, `order`\n  \
         did you mean `title`?\n\
         10:48 `feed`, option `order`: unknown variant `newst`, expected `newest` or `oldest`\n  \
         did you mean `newest`?",
    );
    check_widget(
        "widget='kpi', query='q', measures=['posts', 'anwered', 4], window='90 s'",
        "10:49 unknown measure `anwered`\n  allowed: `posts`, `answered`\n  did you mean `answered`?\n\
         10:60 `kpi`, option `measures[2]`: invalid type: integer `4`, expected a string\n\
         10:71 `kpi`, option `window`: a window is a whole number of minutes, such as `15 min`",
    );
    check_widget(
        "widget='feed', query='q', title=99999999999999999999",
        "10:37 this number is too large",
    );
}

#[test]
fn a_file_that_is_no_toml_says_where() {
    check_report(
        "name = \nkind = 'permanent'\n[[screen]\nx = [1, 2\n",
        "1:8 string values must be quoted, expected literal string\n\
         3:10 unclosed array table, expected `]`\n\
         4:10 unclosed array, expected `]`",
    );
    let checked = check_bytes(b"name = 'a'\nkind = '\xff'", "room.toml", &vocabulary());
    assert_eq!(checked.diagnostics[0].message, "this is not UTF-8 text");
    assert_eq!((checked.diagnostics[0].line, checked.diagnostics[0].column), (2, 9));
    let huge = " ".repeat(MAX_ROOM_BYTES + 1);
    assert!(check(&huge, "room.toml", &vocabulary()).diagnostics[0].message.contains("at most"));
    assert!(check("", "room.toml", &vocabulary()).room.is_none());
}

/// None of these takes time that grows with the square of its length, which a test run would show.
#[test]
fn a_flood_of_problems_is_cut() {
    let flood = |head: &str, line: &dyn Fn(usize) -> String| {
        head.to_owned() + &(0..20_000).map(line).collect::<String>()
    };
    let cell = "[[screen]]\nname='s'\ngrid='a'\n";
    for text in [
        flood("", &|_| "=\n".to_owned()),
        flood("", &|_| "[".to_owned()),
        flood("", &|_| "a.".to_owned()),
        flood("", &|_| "a=1\n".to_owned()),
        flood("", &|idx| format!("k{idx}=1\n")),
        flood("[query]\n", &|idx| format!("k{idx}='('\n")),
        flood("", &|idx| format!("[source.k{idx}]\n")),
        flood("", &|_| "[[screen]]\n".to_owned()),
        flood("[[screen]]\ngrid=\"\"\"\n", &|_| "x x\nx\n".to_owned()) + "\"\"\"",
        flood("[[screen]]\ngrid=\"\"\"\n", &|_| "x y ".to_owned()) + "\"\"\"",
        flood(cell, &|idx| format!("k{idx}.widget=1\n")),
        flood(cell, &|idx| format!("a.k{idx}=1\n")) + "a.widget='feed'",
        flood("[campaign]\ntags=[", &|_| "'a',".to_owned()) + "]",
    ] {
        let n_diagnostics = check(&text, "room.toml", &vocabulary()).diagnostics.len();
        assert!((1..=100).contains(&n_diagnostics), "{n_diagnostics}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let checked = check_bytes(&bytes, "room.toml", &vocabulary());
        prop_assert!(checked.room.is_some() || !checked.diagnostics.is_empty());
    }

    #[test]
    fn a_torn_room_is_read_or_refused(
        cut in 0..WHOLE.len(),
        length in 0..80_usize,
        patch in "(\\PC|[\\[\\]{}=\"'\n.#]){0,6}",
    ) {
        let text: String = WHOLE.chars().take(cut).collect::<String>()
            + &patch
            + &WHOLE.chars().skip(cut + length).collect::<String>();
        let checked = check(&text, "room.toml", &vocabulary());
        prop_assert!(checked.room.is_some() || !checked.diagnostics.is_empty());
        for diagnostic in &checked.diagnostics {
            let line = text.lines().nth(diagnostic.line - 1).unwrap_or_default();
            prop_assert!(diagnostic.column <= line.chars().count() + 1, "{}", diagnostic);
            let shown = diagnostic.to_string();
            prop_assert!(!shown.is_empty());
        }
    }
}
