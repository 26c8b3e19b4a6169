//! The room's own keys, its sources and its queries.

use std::ops::Range;

use jiff::tz::TimeZone;
use smol_str::SmolStr;
use toml::de::DeTable;
use vigie_model::{NamedQuery, Query, QueryName, SourceId, SourceSpec};

use super::{
    campaign,
    fields::{At, Fields, as_string, as_table, sentence},
    options::options,
    reader::Reader,
    scene, screen,
};
use crate::{
    ConsoleSpec, Kind, Locale, MediaSpec, ModerationSpec, Objective, Retention, Room, units,
};

/// Each source is a task with queues of its own.
const MAX_SOURCES: usize = 64;
/// Each post is asked every query.
const MAX_QUERIES: usize = 256;

/// The room in `document`; none where something that it needs is missing.
pub(super) fn room(reader: &mut Reader<'_>, document: &DeTable<'_>) -> Option<Room> {
    let mut fields = Fields::new(document, 0..0);
    let name = fields.string(reader, "name").map(|name| sentence(reader, name, "name"));
    if name.as_ref().is_none_or(String::is_empty) {
        fields.missing(reader, "name", "\"Salle sociale\"");
    }
    let kind = kind(reader, &mut fields);
    let objective = fields.choice(reader, "objective", &Objective::ALL).unwrap_or_default();
    let locale = fields.choice(reader, "locale", &Locale::ALL).unwrap_or_default();
    let time_zone = fields.string(reader, "time_zone").and_then(|name| time_zone(reader, name));
    let campaign = fields
        .table(reader, "campaign")
        .and_then(|(table, span)| campaign::campaign(reader, Fields::new(table, span)));
    let sources =
        fields.table(reader, "source").map(|table| sources(reader, table)).unwrap_or_default();
    let queries =
        fields.table(reader, "query").map(|table| queries(reader, table)).unwrap_or_default();
    let screens = screen::screens(reader, &mut fields);
    let scenes = fields
        .table(reader, "scene")
        .map(|table| scene::scenes(reader, table, &screens))
        .unwrap_or_default();
    let rundown = scene::rundown(reader, &mut fields, &scenes);
    let moderation = fields.table(reader, "moderation").map(|table| moderation(reader, table));
    let theme = fields.table(reader, "theme").map(|table| theme(reader, table));
    let retention = fields.table(reader, "retention").map(|table| retention(reader, table));
    let media = fields.table(reader, "media").map(|table| media(reader, table));
    let console = fields.table(reader, "console").map(|table| console(reader, table));
    fields.finish(reader);
    warn_of_idle_queries(reader, &queries);
    Some(Room {
        name: name?,
        kind: kind?,
        objective,
        locale,
        time_zone: time_zone.unwrap_or(TimeZone::UTC),
        campaign,
        sources,
        queries: queries.into_iter().map(|(query, _)| query).collect(),
        screens,
        scenes,
        rundown,
        moderation: moderation.unwrap_or_default(),
        theme: theme.unwrap_or_default(),
        retention: retention.unwrap_or_default(),
        media: media.unwrap_or_default(),
        console: console.unwrap_or_default(),
    })
}

/// Whether the room ends, and when. None where that is said wrongly.
fn kind(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Kind> {
    let words = [("permanent", false), ("ephemeral", true)];
    let written = fields.get("kind");
    let span = written.map_or(0..0, toml::Spanned::span);
    let answer = fields.choice(reader, "kind", &words);
    let opens = fields.date(reader, "opens");
    let closes = fields.date(reader, "closes");
    let is_ephemeral = match answer {
        Some(is_ephemeral) => is_ephemeral,
        None if written.is_some() => return None,
        None => opens.is_some() || closes.is_some(),
    };
    if !is_ephemeral {
        for (_, span) in opens.into_iter().chain(closes) {
            reader.error_with_help(
                span,
                "a permanent room has no days on which it opens and closes",
                "write `kind = \"ephemeral\"`; the hours of a campaign stand under [campaign]",
            );
        }
        return Some(Kind::Permanent);
    }
    let (Some((opens, _)), Some((closes, closes_span))) = (opens, closes) else {
        if fields.get("opens").is_none() || fields.get("closes").is_none() {
            let message = "an ephemeral room has its days: write `opens = 2026-10-06` and \
                           `closes = 2026-10-06`";
            reader.missing(span, message);
        }
        return None;
    };
    if closes < opens {
        reader.error(closes_span, format!("the room closes before it opens, which is on {opens}"));
        return None;
    }
    Some(Kind::Ephemeral { opens, closes })
}

fn time_zone(reader: &mut Reader<'_>, (name, span): At<&str>) -> Option<TimeZone> {
    let zone = TimeZone::get(name).ok();
    if zone.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let near = crate::vocabulary::nearest(name, known.iter().map(String::as_str));
        let help = near.map_or_else(
            || "write it as in \"Europe/Paris\"".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        reader.error_with_help(span, format!("unknown time zone `{name}`"), help);
    }
    zone
}

fn sources(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> Vec<SourceSpec> {
    let fields = Fields::new(table, span.clone());
    let mut sources = Vec::new();
    if table.len() > MAX_SOURCES {
        reader.error(span, format!("a room has at most {MAX_SOURCES} sources"));
    }
    for (key, value) in fields.rest().into_iter().take(MAX_SOURCES) {
        let name = key.get_ref().as_ref();
        let Some((table, _)) = as_table(reader, value, &format!("source `{name}`")) else {
            continue;
        };
        let mut fields = Fields::new(table, key.span());
        let Some((connector, connector_span)) = fields.string(reader, "connector") else {
            if table.get("connector").is_none() {
                fields.missing(reader, "connector", "\"demo\"");
            }
            continue;
        };
        let vocabulary = reader.vocabulary;
        let entry = vocabulary.connectors.iter().find(|entry| entry.name == connector);
        if entry.is_none() {
            let names = vocabulary.connectors.iter().map(|entry| entry.name);
            reader.unknown(connector_span, "connector", connector, names);
        }
        let options = options(reader, table, "connector", (entry, key.span()));
        sources.push(SourceSpec {
            id: SourceId::new(name),
            connector: SmolStr::new(connector),
            options,
        });
    }
    sources
}

fn queries(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> Vec<At<NamedQuery>> {
    let fields = Fields::new(table, span.clone());
    let mut queries = Vec::new();
    if table.len() > MAX_QUERIES {
        reader.error(span, format!("a room has at most {MAX_QUERIES} queries"));
    }
    for (key, value) in fields.rest().into_iter().take(MAX_QUERIES) {
        let name = key.get_ref().as_ref();
        reader.query_names.insert(name.to_owned());
        let Some((text, text_span)) = as_string(reader, value, &format!("query `{name}`")) else {
            continue;
        };
        let query = read_query(reader, text, &text_span);
        queries.push((NamedQuery { name: QueryName::new(name), query }, key.span()));
    }
    queries
}

/// The query, or one that stands for it while the room is refused anyway.
fn read_query(reader: &mut Reader<'_>, text: &str, text_span: &Range<usize>) -> Query {
    let errors = match crate::query::parse(text, &reader.vocabulary.networks) {
        Ok(query) => {
            warn_of_doubtful_word(reader, text, text_span);
            return query;
        }
        Err(errors) => errors,
    };
    for err in errors {
        let span = reader.within(text_span, text, &err.span);
        match err.help {
            Some(help) => reader.error_with_help(span, err.message, help),
            None => reader.error(span, err.message),
        }
    }
    Query::All
}

fn warn_of_doubtful_word(reader: &mut Reader<'_>, text: &str, text_span: &Range<usize>) {
    if let Some((span, operator)) = crate::query::doubtful_word(text) {
        let word = text.get(span.clone()).unwrap_or_default();
        reader.warning(
            reader.within(text_span, text, &span),
            format!("`{word}` is a word that posts must hold"),
            format!("write `{operator}` for the operator, or put the word into quotes"),
        );
    }
}

fn warn_of_idle_queries(reader: &mut Reader<'_>, queries: &[At<NamedQuery>]) {
    for (query, span) in queries {
        let name = query.name.as_str();
        if !reader.used_queries.contains(name) && !reader.file_is_broken {
            reader.warning(
                span.clone(),
                format!("no widget shows the query `{name}`"),
                "its posts are kept all the same; take it out if nobody needs them",
            );
        }
    }
}

fn theme(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> toml::Table {
    let vocabulary = reader.vocabulary;
    options(reader, table, "", (vocabulary.theme.as_ref(), span))
}

fn moderation(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> ModerationSpec {
    let mut fields = Fields::new(table, span);
    let guarded = fields.names(reader, "guarded", "");
    if let Some(value) = fields.get("guarded") {
        for name in &guarded {
            if reader.query_names.contains(name.as_str()) {
                reader.used_queries.insert(name.to_string());
            } else {
                let names: Vec<String> = reader.query_names.iter().cloned().collect();
                reader.unknown(value.span(), "query", name, names.iter().map(String::as_str));
            }
        }
    }
    let flagged = fields.choice(reader, "flagged", &[("hold", true), ("show", false)]);
    let mut rule = |key| {
        let (text, span) = fields.string(reader, key)?;
        Some(read_query(reader, text, &span))
    };
    let (hold, block, allow) = (rule("hold"), rule("block"), rule("allow"));
    fields.finish(reader);
    ModerationSpec {
        guarded: guarded.into_iter().map(QueryName::new).collect(),
        flagged_wait: flagged.unwrap_or(true),
        hold,
        block,
        allow,
    }
}

fn retention(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> Retention {
    let mut fields = Fields::new(table, span);
    let keep = fields.quantity(reader, "keep", units::duration);
    let purge_on = fields.date(reader, "purge_on").map(|(date, _)| date);
    fields.finish(reader);
    if let Some((keep, span)) = &keep
        && keep.is_zero()
    {
        reader.error(span.clone(), "posts are kept for some time, or nothing can be shown");
    }
    Retention { keep: keep.map_or(Retention::DEFAULT_KEEP, |(keep, _)| keep), purge_on }
}

fn media(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> MediaSpec {
    let mut fields = Fields::new(table, span);
    let usual = MediaSpec::default();
    let load = fields.boolean(reader, "load").unwrap_or(usual.load);
    let hosts = fields.names(reader, "hosts", "");
    if let Some(value) = fields.get("hosts") {
        for host in &hosts {
            if host.contains(['/', ':', ' ']) {
                wrong_host(reader, value, host);
            }
        }
    }
    let cache = fields.quantity(reader, "cache", units::bytes);
    let picture = fields.quantity(reader, "picture", units::bytes);
    fields.finish(reader);
    MediaSpec {
        load,
        hosts,
        cache_bytes: cache.map_or(usual.cache_bytes, |(bytes, _)| bytes),
        picture_bytes: picture.map_or(usual.picture_bytes, |(bytes, _)| bytes),
    }
}

fn console(reader: &mut Reader<'_>, (table, span): At<&DeTable<'_>>) -> ConsoleSpec {
    let mut fields = Fields::new(table, span);
    let open = fields.boolean(reader, "open").unwrap_or_default();
    let connector = fields.string(reader, "connector").map(|(name, _)| SmolStr::new(name));
    fields.finish(reader);
    ConsoleSpec { open, connector }
}

fn wrong_host(reader: &mut Reader<'_>, value: &toml::Spanned<toml::de::DeValue<'_>>, host: &str) {
    let message = format!("`{host}` is no host's name: write it as in \"cdn.bsky.app\"");
    reader.error(value.span(), message);
}
