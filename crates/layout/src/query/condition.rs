//! One word of a query to a condition.

use smol_str::SmolStr;
use vigie_model::{Attitude, Condition, Feature, Language, Network};

use crate::vocabulary::nearest;

/// What is wrong with a word, and what to write instead.
type Wrong = (String, Option<String>);

/// The conditions with a value, as they are written.
const FIELDS: [&str; 6] = ["from", "has", "is", "lang", "network", "sentiment"];

/// The classes of sentiment, as they are written.
pub(super) const ATTITUDES: [(&str, Attitude); 3] = [
    ("negative", Attitude::Negative),
    ("neutral", Attitude::Neutral),
    ("positive", Attitude::Positive),
];

/// ISO 639-1, and `und` for a language that cannot be told.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co \
    cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi \
    ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw \
    ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc \
    oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv \
    sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk und ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What people write instead of a code.
const LANGUAGE_NAMES: [(&str, &str); 16] = [
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("dutch", "nl"),
    ("english", "en"),
    ("anglais", "en"),
    ("french", "fr"),
    ("français", "fr"),
    ("german", "de"),
    ("allemand", "de"),
    ("italian", "it"),
    ("italien", "it"),
    ("japanese", "ja"),
    ("portuguese", "pt"),
    ("spanish", "es"),
    ("espagnol", "es"),
    ("ukrainian", "uk"),
];

/// A word without a field: `#tag`, `@user`, or a word of the text.
pub(super) fn word(word: &str) -> Result<Condition, Wrong> {
    let wrong = |message: &str| Err((message.to_owned(), None));
    match word {
        "-" => return wrong("a lone `-`: it stands right before what it excludes"),
        "&" | "&&" | "+" => return operator(word, "AND"),
        "|" | "||" => return operator(word, "OR"),
        "!" => return operator(word, "NOT"),
        _ => {}
    }
    if let Some(tag) = word.strip_prefix('#') {
        return match tag {
            "" => wrong("the hashtag has no name"),
            _ if tag.contains(['#', '@', ':']) => {
                wrong("a hashtag holds no `#`, `@` or `:`; separate conditions with a space")
            }
            _ => Ok(Condition::Tag(SmolStr::new(tag))),
        };
    }
    if let Some(user) = word.strip_prefix('@') {
        return match user {
            "" => wrong("the account has no name"),
            _ if user.starts_with('@') || user.contains(['#', ':']) => {
                wrong("an account's name holds no `#` or `:`; separate conditions with a space")
            }
            _ => Ok(Condition::Mention(SmolStr::new(user))),
        };
    }
    Ok(Condition::Phrase(SmolStr::new(word)))
}

fn operator(word: &str, instead: &str) -> Result<Condition, Wrong> {
    Err((format!("`{word}` is no operator"), Some(format!("write {instead}"))))
}

/// A condition with a value: `field:value`.
pub(super) fn field(field: &str, value: &str, networks: &[&str]) -> Result<Condition, Wrong> {
    let field_name = field.to_lowercase();
    if value.trim().is_empty() && FIELDS.contains(&field_name.as_str()) {
        return Err((format!("`{field_name}:` needs a value right after it"), None));
    }
    match field_name.as_str() {
        "from" => handle(value),
        "lang" => language(value),
        "network" => network(value, networks),
        "sentiment" => choose(value, "sentiment", &ATTITUDES).map(Condition::Sentiment),
        "has" | "is" => feature(&field_name, value),
        _ => Err(unknown_field(&field_name)),
    }
}

fn unknown_field(field: &str) -> Wrong {
    let allowed = FIELDS.map(|field| format!("{field}:")).join(", ");
    let help = nearest(field, FIELDS).map_or_else(
        || "put text that holds `:` into quotes".to_owned(),
        |field| format!("did you mean `{field}:`?"),
    );
    (format!("unknown condition `{field}:`; conditions are {allowed}"), Some(help))
}

fn handle(value: &str) -> Result<Condition, Wrong> {
    let user = value.strip_prefix('@').unwrap_or(value);
    let is_handle =
        !user.is_empty() && !user.starts_with('@') && !user.contains(super::lex::ends_word);
    if is_handle {
        Ok(Condition::From(SmolStr::new(user)))
    } else {
        Err((format!("`{value}` is no account's name"), None))
    }
}

fn language(value: &str) -> Result<Condition, Wrong> {
    let code = value.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    if LANGUAGES.split_whitespace().any(|language| language == code) {
        return Ok(Condition::Lang(Language::from_tag(&code)));
    }
    let names = LANGUAGE_NAMES.iter().map(|(name, _)| *name);
    let help = nearest(&code, names)
        .and_then(|near| LANGUAGE_NAMES.iter().find(|(name, _)| *name == near))
        .map(|(_, code)| format!("did you mean `lang:{code}`?"));
    Err((format!("`{value}` is no language: write its two letters, as in `lang:fr`"), help))
}

fn network(value: &str, networks: &[&str]) -> Result<Condition, Wrong> {
    let name = value.to_lowercase();
    if networks.is_empty() {
        let is_name = name.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
        return if is_name {
            Ok(Condition::Network(Network::new(name)))
        } else {
            Err((format!("`{value}` is no network's name"), None))
        };
    }
    let choices: Vec<(&str, &str)> = networks.iter().map(|name| (*name, *name)).collect();
    choose(&name, "network", &choices).map(|name| Condition::Network(Network::new(name)))
}

/// `has:` and `is:`, whose names the model lists.
fn feature(field: &str, value: &str) -> Result<Condition, Wrong> {
    let written = format!("{field}:{}", value.to_lowercase());
    let found = Feature::ALL.iter().find(|(name, _)| *name == written);
    if let Some((_, feature)) = found {
        return Ok(Condition::Feature(*feature));
    }
    let names = || Feature::ALL.iter().map(|(name, _)| *name);
    let of_field: Vec<&str> =
        names().filter_map(|name| name.strip_prefix(field)?.strip_prefix(':')).collect();
    let help = names()
        .find(|name| name.split(':').nth(1) == Some(value))
        .or_else(|| nearest(&written, names()))
        .map(|name| format!("did you mean `{name}`?"));
    Err((format!("unknown `{written}`; `{field}:` takes {}", of_field.join(", ")), help))
}

fn choose<T: Copy>(value: &str, field: &str, choices: &[(&str, T)]) -> Result<T, Wrong> {
    let value = value.to_lowercase();
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == value) {
        return Ok(*choice);
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let help = nearest(&value, names.iter().copied())
        .map(|name| format!("did you mean `{field}:{name}`?"));
    Err((format!("unknown {field} `{value}`; `{field}:` takes {}", names.join(", ")), help))
}
