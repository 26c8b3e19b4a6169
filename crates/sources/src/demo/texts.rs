//! Texts from templates: sections of lines, with choices and slots.
//!
//! `<a|b>` is one of these; `{name}` is a line of the slot `name`; a few slots are made up on the spot.
//! A section's lines come in random order, each once before any comes again.

use std::collections::BTreeMap;

use fastrand::Rng;

/// Slots in slots: a line is opened up so often.
const MAX_DEPTH: usize = 4;
/// A slot that stands twice in a line is drawn again so often, to get two different values.
const MAX_DRAWS: usize = 8;

/// Lines by the name of their section.
#[derive(Debug)]
pub(super) struct Sections(BTreeMap<&'static str, Vec<&'static str>>);

impl Sections {
    /// The sections of `text`: `[name]` begins one, `#` a comment.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut sections: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut name = "";
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(begun) => name = begun,
                None => sections.entry(name).or_default().push(line),
            }
        }
        Self(sections)
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// The lines of a section; none where there is no such section.
    pub(super) fn lines(&self, name: &str) -> &[&'static str] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// What the slots of one line are filled with.
struct Filling<'a> {
    given: &'a [(&'a str, &'a str)],
    used: Vec<String>,
}

/// Writes texts.
#[derive(Debug)]
pub(super) struct Writer {
    rng: Rng,
    slots: Sections,
    /// For each section, the lines that have not come in this round.
    rounds: BTreeMap<String, Vec<&'static str>>,
}

impl Writer {
    pub(super) fn new(rng: Rng) -> Self {
        let slots = Sections::parse(include_str!("texts/slots.txt"));
        Self { rng, slots, rounds: BTreeMap::new() }
    }

    /// The next line of the section `name`, opened up; `given` are slots with values of their own.
    /// Empty where there is no such section.
    pub(super) fn write(
        &mut self,
        sections: &Sections,
        name: &str,
        given: &[(&str, &str)],
    ) -> String {
        let Some(line) = self.next_line(sections, name) else { return String::new() };
        let mut written = String::new();
        let mut filling = Filling { given, used: Vec::new() };
        self.open(line, &mut filling, MAX_DEPTH, &mut written);
        capitalized(&written, line.starts_with('{'))
    }

    fn next_line(&mut self, sections: &Sections, name: &str) -> Option<&'static str> {
        let round = self.rounds.entry(name.to_owned()).or_default();
        if round.is_empty() {
            round.extend(sections.lines(name));
            self.rng.shuffle(round);
        }
        round.pop()
    }

    /// Adds `text` with its choices made and its slots filled.
    fn open(&mut self, text: &str, filling: &mut Filling<'_>, depth: usize, written: &mut String) {
        let mut rest = text;
        while let Some(at) = rest.find(['<', '{']) {
            let (plain, marked) = rest.split_at(at);
            written.push_str(plain);
            let close = if marked.starts_with('<') { '>' } else { '}' };
            let Some((inner, after)) = marked.split_once(close) else { break };
            let inner = inner.get(1..).unwrap_or_default();
            let value = match close {
                '>' => {
                    let choices: Vec<&str> = inner.split('|').collect();
                    self.rng.choice(choices).unwrap_or_default().to_owned()
                }
                _ => self.slot(inner, filling),
            };
            if depth > 0 {
                self.open(&value, filling, depth - 1, written);
            }
            rest = after;
        }
        written.push_str(rest);
    }

    fn slot(&mut self, name: &str, filling: &mut Filling<'_>) -> String {
        if let Some((_, value)) = filling.given.iter().find(|(known, _)| *known == name) {
            return (*value).to_owned();
        }
        match name {
            "heure" => format!("{} h {:02}", self.rng.u32(6..22), self.rng.u32(0..60)),
            "time" => format!("{}:{:02}", self.rng.u32(6..22), self.rng.u32(0..60)),
            "minutes" => self.rng.u32(8..56).to_string(),
            "prix" => self.rng.u32(9..65).to_string(),
            "voie" => self.rng.u32(1..10).to_string(),
            _ => {
                let mut value = String::new();
                for _ in 0..MAX_DRAWS {
                    let lines = self.slots.lines(name);
                    value =
                        self.rng.choice(lines).map_or_else(String::new, |line| (*line).to_owned());
                    if !filling.used.contains(&value) {
                        break;
                    }
                }
                filling.used.push(value.clone());
                value
            }
        }
    }
}

/// The text with its first letter large, where `wanted`.
fn capitalized(text: &str, wanted: bool) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if wanted => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_once_a_round_and_are_opened_up() {
        let sections =
            Sections::parse("[a]\nun <x|y> {gare}–{gare} {nom}\n# note\n#deux\n\n[b]\nz");
        let mut writer = Writer::new(Rng::with_seed(1));
        let mut texts: Vec<_> =
            (0..2).map(|_| writer.write(&sections, "a", &[("nom", "Léa")])).collect();
        texts.sort();
        assert_eq!(texts[0], "#deux");
        assert!(texts[1].starts_with("un ") && texts[1].ends_with(" Léa"));
        let (from, to) = texts[1].split_once('–').unwrap();
        assert!(!to.starts_with(from.rsplit(' ').next().unwrap()));
        assert_eq!(writer.write(&sections, "none", &[]), "");
        assert_eq!(sections.names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn choices_may_begin_with_a_slot() {
        let sections = Sections::parse("[a]\n<{nom}|{nom}>");
        let written = Writer::new(Rng::with_seed(1)).write(&sections, "a", &[("nom", "Léa")]);
        assert_eq!(written, "Léa");
    }

    #[test]
    fn broken_marks_stay_as_they_are() {
        let sections = Sections::parse("[a]\n{gare");
        assert_eq!(Writer::new(Rng::with_seed(1)).write(&sections, "a", &[]), "{gare");
    }
}
