//! Room files: what they mean, and that every mistake is named with its place.

use super::*;
use crate::testing::vocabulary;

const SMALL: &str = r#"
name = "Gare"
[query]
all = "*"
[[screen]]
name = "left"
size = "55 in"
distance = "3 m"
grid = "feed"
feed = { widget = "feed", query = "all" }
"#;

fn report(text: &str) -> String {
    let checked = check(text, "room.toml", &vocabulary());
    checked.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn try_it() {
    println!("{}", report(SMALL));
    for text in [
        r#"
nam = "Gare"
kind = "ephemral"
time_zone = "Europe/Pari"
objective = 3
[campaign]
title = "x"
opens = "25:00"
closes = 22:00
target = { post = 3, answers = -1 }
[source.demo]
connector = "dmo"
[source.other]
connector = "demo"
speed = "fast"
spead = 2
[query]
a = '(#x OR lang:french'
b = "a \" has:vido"
c = 3
[[screen]]
name = "left"
sise = "55 in"
distance = "6"
grid = """
feed feed kpi
feed kpi kpi
clock clock
"""
feed = { widget = "fed", query = "a" }
[[screen]]
name = "left"
size = "55 in"
distance = "6 m"
grid = """
feed kpi size
feed kpi mood
"""
feed = { widget = "feed", query = "aa", titel = "x", order = "newst" }
kpi = { widget = "kpi", query = "a", measures = ["posts", "anwered", 4], window = "1" }
trends = 3
"#,
        "name = \nkind = 'permanent'\n[[screen]\nx = [1, 2\n",
        "name = 'a'\n\n[[screen]]\nname = 'x'\nsize='55 in'\ndistance='20 m'\ngrid='''\n a b c d\n e f g h\n'''\na.widget='feed'\na.query='q'\n[query]\nq='a'\n",
        "",
    ] {
        println!("=======\n{}", report(text));
    }
}
