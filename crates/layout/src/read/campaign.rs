//! The campaign's keys.

use super::{
    fields::{At, Fields, sentence},
    reader::Reader,
};
use crate::{Campaign, Target};

/// No campaign gets more posts than this.
const MAX_TARGET: i64 = 1_000_000_000_000;

/// The campaign in `fields`; none without a title.
pub(super) fn campaign(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Campaign> {
    let title = fields.string(reader, "title").map(|title| sentence(reader, title, "title"));
    if title.is_none() {
        fields.missing(reader, "title", "\"#DemandezAuCM\"");
    }
    let tags = fields.names(reader, "tags", "#");
    let accounts = fields.names(reader, "accounts", "@");
    let opens = fields.time(reader, "opens");
    let closes = fields.time(reader, "closes");
    let target = fields.table(reader, "target").map(|table| target(reader, table));
    let prize = fields.string(reader, "prize").map(|prize| sentence(reader, prize, "prize"));
    match (&opens, &closes) {
        (Some((opens, _)), Some((closes, span))) if opens == closes => {
            reader.error(span.clone(), "the campaign closes when it opens");
        }
        (Some((_, span)), None) if fields.get("closes").is_none() => {
            reader.missing(span.clone(), "`closes` is missing: write `closes = \"22:00\"`");
        }
        (None, Some((_, span))) if fields.get("opens").is_none() => {
            reader.missing(span.clone(), "`opens` is missing: write `opens = \"07:00\"`");
        }
        _ => {}
    }
    fields.finish(reader);
    Some(Campaign {
        title: title?,
        tags,
        accounts,
        opens: opens.map(|(time, _)| time),
        closes: closes.map(|(time, _)| time),
        target: target.unwrap_or_default(),
        prize,
    })
}

fn target(reader: &mut Reader<'_>, (table, span): At<&toml::de::DeTable<'_>>) -> Target {
    let mut fields = Fields::new(table, span);
    let mut count = |key| {
        let number = fields.integer(reader, key, (1, MAX_TARGET))?;
        u64::try_from(number).ok()
    };
    let target = Target { n_posts: count("posts"), n_answers: count("answers") };
    fields.finish(reader);
    target
}
