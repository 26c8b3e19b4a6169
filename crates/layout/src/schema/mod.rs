//! The JSON Schema of room files, by which editors complete and check while one types.

use serde_json::{Map, Value, json};

use crate::{Entry, Vocabulary};

mod shape;

/// The JSON Schema of a room file with the words of `vocabulary`.
#[must_use]
pub fn schema(vocabulary: &Vocabulary) -> Value {
    let mut root = schemars::schema_for!(shape::RoomFile).to_value();
    let mut definitions = Map::new();
    let widgets = choice(&vocabulary.widgets, "widget", &mut definitions);
    let connectors = choice(&vocabulary.connectors, "connector", &mut definitions);
    let theme = vocabulary.theme.as_ref().map(|entry| options(entry, "", &mut definitions));
    put(&mut root, "/$defs/ScreenTable/additionalProperties", widgets);
    put(&mut root, "/properties/source/additionalProperties", connectors);
    if let Some(theme) = theme {
        put(&mut root, "/properties/theme", theme);
    }
    for (name, definition) in definitions {
        put(
            &mut root,
            &format!("/$defs/{}", name.replace('~', "~0").replace('/', "~1")),
            definition,
        );
    }
    root
}

/// Sets what `pointer` names, if its parent is there.
fn put(root: &mut Value, pointer: &str, value: Value) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(parent)) = root.pointer_mut(parent) {
        parent.insert(key.replace("~1", "/").replace("~0", "~"), value);
    }
}

/// One of the entries, told apart by the word under `tag`.
fn choice(entries: &[Entry], tag: &str, definitions: &mut Map<String, Value>) -> Value {
    let choices: Vec<Value> =
        entries.iter().map(|entry| options(entry, tag, definitions)).collect();
    // Without entries nothing is known, so that everything is right.
    if choices.is_empty() { json!({ "type": "object" }) } else { json!({ "oneOf": choices }) }
}

/// The options of one entry, with its word under `tag` where there is a tag.
///
/// What the entry's schema defines by itself moves to the root under the entry's name.
fn options(entry: &Entry, tag: &str, definitions: &mut Map<String, Value>) -> Value {
    let prefix =
        if tag.is_empty() { entry.name.to_owned() } else { format!("{tag}.{}", entry.name) };
    let mut schema = (entry.schema)();
    redirect(&mut schema, &prefix);
    let Value::Object(mut schema) = schema else { return json!({ "type": "object" }) };
    schema.remove("$schema");
    if let Some(Value::Object(own)) = schema.remove("$defs") {
        for (name, definition) in own {
            definitions.insert(format!("{prefix}.{name}"), definition);
        }
    }
    schema.insert("title".to_owned(), json!(entry.title));
    if !tag.is_empty() {
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(properties) = properties {
            properties.insert(tag.to_owned(), json!({ "const": entry.name }));
        }
        let required = schema.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(required) = required {
            required.insert(0, json!(tag));
        }
    }
    Value::Object(schema)
}

/// Makes references to the entry's own definitions point where these go.
fn redirect(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/$defs/")
            {
                *target = format!("#/$defs/{prefix}.{name}");
            }
            object.values_mut().for_each(|value| redirect(value, prefix));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| redirect(value, prefix)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::vocabulary;

    fn keys(value: &Value) -> BTreeSet<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// The keys that the reader names when it meets an unknown one.
    #[track_caller]
    fn check_keys(text: &str, pointer: &str) {
        let report = crate::check(text, "room.toml", &vocabulary());
        let unknown = report.diagnostics.iter().find(|it| it.message.ends_with("`zzz`"));
        let allowed = &unknown.expect("an unknown key is reported").help[0];
        let allowed: BTreeSet<&str> = allowed.split('`').skip(1).step_by(2).collect();
        let schema = schema(&vocabulary());
        let described = schema.pointer(pointer).expect("the schema has this table");
        assert_eq!(allowed, keys(described), "{pointer}");
    }

    #[test]
    fn it_describes_every_key_that_is_read() {
        check_keys("zzz = 1", "/properties");
        check_keys("[campaign]\nzzz = 1", "/$defs/CampaignTable/properties");
        check_keys("[campaign.target]\nzzz = 1", "/$defs/TargetTable/properties");
        check_keys("[scene.a]\nzzz = 1", "/$defs/SceneTable/properties");
        check_keys("[moderation]\nzzz = 1", "/$defs/ModerationTable/properties");
        check_keys("[retention]\nzzz = 1", "/$defs/RetentionTable/properties");
        check_keys("[media]\nzzz = 1", "/$defs/MediaTable/properties");
        check_keys("[console]\nzzz = 1", "/$defs/ConsoleTable/properties");
        check_keys("[[screen]]\nzzz = 1", "/$defs/ScreenTable/properties");
        check_keys("[[screen]]\nedid = { zzz = 1 }", "/$defs/EdidTable/properties");
        check_keys("[[screen]]\nposition = { zzz = 1 }", "/$defs/PositionTable/properties");
    }

    #[test]
    fn it_describes_every_word_that_is_read() {
        let words =
            |choices: Vec<&str>| choices.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let schema = schema(&vocabulary());
        let described = |pointer: &str| {
            let list = schema.pointer(pointer).and_then(Value::as_array).expect("a list of words");
            list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<BTreeSet<_>>()
        };
        assert_eq!(
            described("/$defs/ObjectiveWord/enum"),
            words(crate::Objective::ALL.map(|(word, _)| word).to_vec())
        );
        assert_eq!(
            described("/$defs/LocaleWord/enum"),
            words(crate::Locale::ALL.map(|(word, _)| word).to_vec())
        );
        assert_eq!(
            described("/$defs/GapWord/enum"),
            words(crate::Gap::ALL.map(|(word, _)| word).to_vec())
        );
    }

    #[test]
    fn it_merges_the_options_of_widgets_and_connectors() {
        let schema = schema(&vocabulary());
        let widgets = &schema["$defs"]["ScreenTable"]["additionalProperties"]["oneOf"];
        assert_eq!(widgets[0]["properties"]["widget"]["const"], "feed");
        assert_eq!(widgets[0]["title"], "Newest posts");
        assert_eq!(widgets[0]["additionalProperties"], false);
        assert_eq!(widgets[1]["required"], json!(["widget", "query", "measures"]));
        let connectors = &schema["properties"]["source"]["additionalProperties"]["oneOf"];
        assert_eq!(connectors[0]["properties"]["connector"]["const"], "demo");
        assert!(keys(&schema["$defs"]).contains("widget.feed.Order"));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn check(value: &Value, root: &Value) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(target)) = object.get("$ref") {
                        let pointer = target.strip_prefix('#').unwrap();
                        assert!(root.pointer(pointer).is_some(), "{target}");
                    }
                    object.values().for_each(|value| check(value, root));
                }
                Value::Array(list) => list.iter().for_each(|value| check(value, root)),
                _ => {}
            }
        }
        let schema = schema(&vocabulary());
        check(&schema, &schema);
    }

    #[test]
    fn without_words_everything_goes() {
        let schema = schema(&Vocabulary::default());
        assert_eq!(schema["properties"]["source"]["additionalProperties"]["type"], "object");
    }
}
