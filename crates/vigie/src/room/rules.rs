//! What the room file says of moderation and scenes, as the analysis and the fold take it.

use vigie_layout::Room;
use vigie_model::{NamedQuery, Query, QueryName};
use vigie_state::{ModerationSetup, SceneSetup, ShowSetup};

/// Everything that is asked of each post: the room's queries, and after them its rules, where it has any.
pub(crate) fn questions(room: &Room) -> Vec<NamedQuery> {
    let mut questions = room.queries.clone();
    let moderation = &room.moderation;
    if moderation.has_rules() {
        let rules = [&moderation.hold, &moderation.block, &moderation.allow];
        let names = ["(hold)", "(block)", "(allow)"];
        for (name, rule) in names.into_iter().zip(rules) {
            let nothing = || Query::Not(Box::new(Query::All));
            let query = rule.clone().unwrap_or_else(nothing);
            questions.push(NamedQuery { name: QueryName::new(name), query });
        }
    }
    questions
}

/// What the fold must know of moderation.
pub(crate) fn moderation(room: &Room) -> ModerationSetup {
    ModerationSetup {
        guarded: room.moderation.guarded.clone(),
        flagged_wait: room.moderation.flagged_wait,
        with_rules: room.moderation.has_rules(),
    }
}

/// What the fold must know of scenes, in a room whose time passes `speed` times as fast as its screens'.
pub(crate) fn show(room: &Room, speed: u32) -> ShowSetup {
    let scenes = room.scenes.iter();
    ShowSetup {
        scenes: scenes
            .map(|scene| SceneSetup { name: scene.name.clone(), level: scene.level })
            .collect(),
        screens: room.screens.iter().map(|screen| screen.name.clone()).collect(),
        rundown: room.rundown.clone(),
        speed,
    }
}
