//! What a public wall must know of a post before it shows it: flags, each with a severity.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap as _};

/// Why a post may have to be kept off a public wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Flag {
    /// The text offends, whatever the reason: the answer of word lists and model together.
    Offensive,
    /// Swear words, aimed at nobody.
    Profanity,
    /// Somebody is called names.
    Insult,
    /// A group of people is attacked for what they are.
    Hate,
    /// Somebody is threatened, or told to harm themselves.
    Threat,
    /// Sexual words.
    Sexual,
    /// Unwanted advertising: links, hashtags, repetition.
    Spam,
    /// One of many copies of one text in a short time.
    Flood,
    /// The network or the author marked it as sensitive.
    Sensitive,
}

impl Flag {
    /// All flags, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Offensive,
        Self::Profanity,
        Self::Insult,
        Self::Hate,
        Self::Threat,
        Self::Sexual,
        Self::Spam,
        Self::Flood,
        Self::Sensitive,
    ];

    /// The name in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offensive => "offensive",
            Self::Profanity => "profanity",
            Self::Insult => "insult",
            Self::Hate => "hate",
            Self::Threat => "threat",
            Self::Sexual => "sexual",
            Self::Spam => "spam",
            Self::Flood => "flood",
            Self::Sensitive => "sensitive",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How much a flag weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Severity {
    /// Noted; not enough to hold a post.
    Mild = 1,
    /// A person must look before the post is shown.
    Strong = 2,
    /// As strong, and hardly ever right to show.
    Severe = 3,
}

/// The flags of one post, at most one severity each.
///
/// Written as a map from names to severities: `{"insult":"strong"}`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u32);

/// Bits that a flag takes: 0 where it is not raised, else its severity.
const BITS: u32 = 2;
/// The lower bit of each pair.
const LOWER: u32 = 0x5555_5555;

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);

    /// One flag.
    #[must_use]
    pub const fn one(flag: Flag, severity: Severity) -> Self {
        Self((severity as u32) << (BITS * flag as u32))
    }

    /// Raises `flag`; of two severities the greater stays.
    pub fn raise(&mut self, flag: Flag, severity: Severity) {
        if self.severity(flag) < Some(severity) {
            let mask = LOWER << 1 | LOWER;
            let place = BITS * flag as u32;
            self.0 = self.0 & (mask ^ (0b11 << place)) | (severity as u32) << place;
        }
    }

    /// Takes `flag` down.
    pub const fn lower(&mut self, flag: Flag) {
        self.0 &= !(0b11 << (BITS * flag as u32));
    }

    /// These flags and `other`'s, each with the greater severity.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        for (flag, severity) in other.iter() {
            self.raise(flag, severity);
        }
        self
    }

    /// How strong `flag` is, none where it is not raised.
    #[must_use]
    pub const fn severity(self, flag: Flag) -> Option<Severity> {
        match self.0 >> (BITS * flag as u32) & 0b11 {
            1 => Some(Severity::Mild),
            2 => Some(Severity::Strong),
            3 => Some(Severity::Severe),
            _ => None,
        }
    }

    /// Whether `flag` is raised, however mildly.
    #[must_use]
    pub const fn contains(self, flag: Flag) -> bool {
        self.severity(flag).is_some()
    }

    /// Whether nothing is raised.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether a person must look before the post is shown: a flag is strong or severe.
    #[must_use]
    pub const fn holds(self) -> bool {
        self.0 & (LOWER << 1) != 0
    }

    /// The flags that are raised, in the order of [`Flag::ALL`].
    pub fn iter(self) -> impl Iterator<Item = (Flag, Severity)> {
        Flag::ALL.into_iter().filter_map(move |flag| Some((flag, self.severity(flag)?)))
    }
}

impl FromIterator<(Flag, Severity)> for Flags {
    fn from_iter<I: IntoIterator<Item = (Flag, Severity)>>(raised: I) -> Self {
        let mut flags = Self::NONE;
        for (flag, severity) in raised {
            flags.raise(flag, severity);
        }
        flags
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.iter().count()))?;
        for (flag, severity) in self.iter() {
            map.serialize_entry(&flag, &severity)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FlagsVisitor)
    }
}

/// Reads the map; a flag that this version does not know is an error, as every unknown name in the log is.
struct FlagsVisitor;

impl<'de> de::Visitor<'de> for FlagsVisitor {
    type Value = Flags;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map from flags to severities")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Flags, A::Error> {
        let mut flags = Flags::NONE;
        while let Some((flag, severity)) = map.next_entry::<Flag, Severity>()? {
            flags.raise(flag, severity);
        }
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_severities_the_greater_stays() {
        let mut flags = Flags::one(Flag::Insult, Severity::Mild);
        assert!(!flags.holds() && !flags.is_empty());
        flags.raise(Flag::Insult, Severity::Strong);
        flags.raise(Flag::Insult, Severity::Mild);
        flags.raise(Flag::Sensitive, Severity::Severe);
        assert_eq!(flags.severity(Flag::Insult), Some(Severity::Strong));
        assert_eq!(flags.severity(Flag::Sensitive), Some(Severity::Severe));
        assert!(flags.holds() && !flags.contains(Flag::Hate));
        flags.lower(Flag::Insult);
        flags.lower(Flag::Sensitive);
        assert_eq!(flags, Flags::NONE);
    }

    #[test]
    fn is_written_by_name() {
        let flags: Flags = Flag::ALL.into_iter().map(|flag| (flag, Severity::Severe)).collect();
        let text = serde_json::to_string(&flags).unwrap();
        assert!(Flag::ALL.iter().all(|flag| text.contains(&format!("\"{flag}\":\"severe\""))));
        assert_eq!(serde_json::from_str::<Flags>(&text).unwrap(), flags);
        let pair = Flags::one(Flag::Spam, Severity::Strong)
            .union(Flags::one(Flag::Offensive, Severity::Mild));
        assert_eq!(
            serde_json::to_string(&pair).unwrap(),
            r#"{"offensive":"mild","spam":"strong"}"#
        );
    }
}
