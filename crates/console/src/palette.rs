//! The palette: everything that can be done, by its name in either language.

use vigie_layout::{Locale, Room};
use vigie_model::{Attitude, CountdownStep, Level, SceneName, Verdict};

use crate::{
    act::{Act, Way},
    desk::stepped,
    label::{Label, LaneName, View},
    search::folded,
};

/// Entries that are shown at once.
pub(crate) const SHOWN: usize = 10;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) act: Act,
    fr: String,
    en: String,
    /// The key that does the same; may be empty.
    pub(crate) key: String,
}

impl Entry {
    fn new(act: Act, label: Label, key: &str) -> Self {
        Self::named(act, (label, ""), key)
    }

    fn named(act: Act, (label, name): (Label, &str), key: &str) -> Self {
        let said = |locale| match name {
            "" => label.text(locale).to_owned(),
            _ => format!("{} : {name}", label.text(locale)),
        };
        Self {
            act,
            fr: said(Locale::Fr),
            en: said(Locale::En).replace(" : ", ": "),
            key: key.into(),
        }
    }

    pub(crate) fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Fr => &self.fr,
            Locale::En => &self.en,
        }
    }
}

/// The palette while it is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Palette {
    pub(crate) text: String,
    entries: Vec<Entry>,
    pub(crate) at: usize,
}

impl Palette {
    pub(crate) fn new(room: &Room) -> Self {
        Self { text: String::new(), entries: entries(room), at: 0 }
    }

    /// What fits the text, the best first.
    pub(crate) fn hits(&self) -> Vec<&Entry> {
        let wanted = folded(self.text.trim());
        let mut hits: Vec<(u32, usize, &Entry)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(idx, entry)| {
                let fr = likeness(&wanted, &folded(&entry.fr));
                let en = likeness(&wanted, &folded(&entry.en));
                Some((fr.into_iter().chain(en).min()?, idx, entry))
            })
            .collect();
        hits.sort_by_key(|(distance, idx, _)| (*distance, *idx));
        hits.into_iter().map(|(_, _, entry)| entry).collect()
    }

    pub(crate) fn go(&mut self, way: Way) {
        self.at = stepped(self.at, way, (self.hits().len(), SHOWN));
    }

    /// What Enter does.
    pub(crate) fn picked(&self) -> Option<Act> {
        self.hits().get(self.at).map(|entry| entry.act.clone())
    }
}

/// How far `title` is from `wanted`: none where its letters are not all there in their order.
/// Letters at the beginning of words and beside each other are nearer.
fn likeness(wanted: &str, title: &str) -> Option<u32> {
    let mut distance = 0;
    let mut letters = title.chars().peekable();
    let mut before = ' ';
    for letter in wanted.chars().filter(|letter| !letter.is_whitespace()) {
        let mut skipped = 0;
        loop {
            let found = letters.next()?;
            if found == letter {
                let begins = !before.is_alphanumeric();
                distance += if skipped == 0 {
                    0
                } else if begins {
                    1
                } else {
                    3 + skipped
                };
                before = found;
                break;
            }
            skipped += 1;
            before = found;
        }
    }
    // Of equals, the shorter title.
    Some(distance * 64 + u32::try_from(title.chars().count().min(63)).unwrap_or_default())
}

fn entries(room: &Room) -> Vec<Entry> {
    let mut entries = deeds();
    for (number, view) in (1..).zip(View::ALL) {
        let key = format!("Ctrl+{number}");
        let (fr, en) = (view.title(Locale::Fr), view.title(Locale::En));
        entries.push(Entry {
            act: Act::Show(view),
            fr: format!("{} : {fr}", Label::Open.text(Locale::Fr)),
            en: format!("{}: {en}", Label::Open.text(Locale::En)),
            key,
        });
    }
    for lane in LaneName::ALL {
        let (fr, en) = (lane.label().text(Locale::Fr), lane.label().text(Locale::En));
        entries.push(Entry {
            act: Act::Lane(lane),
            fr: format!("{} : {fr}", Label::Moderation.text(Locale::Fr)),
            en: format!("{}: {en}", Label::Moderation.text(Locale::En)),
            key: String::new(),
        });
    }
    for (number, scene) in (1..).zip(&room.scenes) {
        let key = if number < 10 { number.to_string() } else { String::new() };
        let name = SceneName::clone(&scene.name);
        entries.push(Entry::named(Act::Preview(name), (Label::PutInPreview, &scene.title), &key));
    }
    for (idx, screen) in room.screens.iter().enumerate() {
        let key = if idx < 10 { format!("F{}", idx + 1) } else { String::new() };
        let name = screen.name.as_str();
        entries.push(Entry::named(Act::Screen(idx), (Label::ChooseScreen, name), &key));
    }
    for query in &room.queries {
        let act = Act::PauseQuery(query.name.clone());
        entries.push(Entry::named(act, (Label::PauseFeed, query.name.as_str()), ""));
    }
    entries
}

fn deeds() -> Vec<Entry> {
    let new = Entry::new;
    vec![
        new(Act::Take, Label::Take, "⏎"),
        new(Act::Back, Label::TakeOff, "⌫"),
        new(Act::Step(1), Label::NextScene, "→"),
        new(Act::Step(-1), Label::PreviousScene, "←"),
        new(Act::Panic, Label::SafeScene, "Esc 0,3 s"),
        new(Act::Mask, Label::VisitorMode, "M"),
        new(Act::Identify, Label::IdentifyScreens, "I"),
        new(Act::Pause, Label::PauseFeeds, "Espace"),
        new(Act::Level(Level::Green), Label::SetGreen, "Ctrl+Maj+1"),
        new(Act::Level(Level::Orange), Label::SetOrange, "Ctrl+Maj+2"),
        new(Act::Level(Level::Red), Label::SetRed, "Ctrl+Maj+3"),
        new(Act::Countdown(CountdownStep::Start(300)), Label::Countdown5, ""),
        new(Act::Countdown(CountdownStep::Start(900)), Label::Countdown15, ""),
        new(Act::Countdown(CountdownStep::Start(3600)), Label::Countdown60, ""),
        new(Act::Countdown(CountdownStep::Add(60)), Label::CountdownMore, ""),
        new(Act::Countdown(CountdownStep::Add(-60)), Label::CountdownLess, ""),
        new(Act::HoldCountdown, Label::CountdownHold, ""),
        new(Act::Countdown(CountdownStep::Clear), Label::CountdownClear, ""),
        new(Act::Decide(Verdict::Approved), Label::Approve, "A"),
        new(Act::Decide(Verdict::Rejected), Label::Reject, "X"),
        new(Act::Decide(Verdict::Stashed), Label::Stash, "S"),
        new(Act::Pin, Label::Pin, "P"),
        new(Act::Flag, Label::Flag, "F"),
        new(Act::Block, Label::BlockAuthor, "B"),
        new(Act::Claim, Label::Claim, "C"),
        new(Act::Tone(Attitude::Negative), Label::SayNegative, "−"),
        new(Act::Tone(Attitude::Neutral), Label::SayNeutral, "0"),
        new(Act::Tone(Attitude::Positive), Label::SayPositive, "+"),
        new(Act::Question, Label::SayQuestion, "U"),
        new(Act::Spotlight, Label::Spotlight, "⏎"),
        new(Act::Undo, Label::Undo, "Ctrl+Z"),
        new(Act::Redo, Label::Redo, "Ctrl+Maj+Z"),
        new(Act::Acknowledge, Label::Acknowledge, "K"),
        new(Act::Search, Label::SearchPosts, "/"),
        new(Act::Crown, Label::OpenOrCrown, "⏎"),
        new(Act::EndVote, Label::EndVote, ""),
        new(Act::Language(Locale::Fr), Label::SpeakFrench, ""),
        new(Act::Language(Locale::En), Label::SpeakEnglish, ""),
        new(Act::Sheet, Label::KeySheet, "?"),
        new(Act::Close, Label::CloseConsole, "Ctrl+W"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Act) {
        let palette = Palette { text: text.into(), entries: deeds(), at: 0 };
        assert_eq!(palette.picked().as_ref(), Some(expected), "{text}");
    }

    #[test]
    fn finds_by_a_few_letters_in_either_language() {
        check("reject", &Act::Decide(Verdict::Rejected));
        check("rejeter", &Act::Decide(Verdict::Rejected));
        check("visit", &Act::Mask);
        check("annuler", &Act::Undo);
        check("francais", &Act::Language(Locale::Fr));
        check("sp eng", &Act::Language(Locale::En));
        check("niveau rouge", &Act::Level(Level::Red));
        check("lvl red", &Act::Level(Level::Red));
    }

    #[test]
    fn nothing_fits_nonsense() {
        let palette = Palette { text: "zzqx".into(), entries: deeds(), at: 0 };
        assert_eq!(palette.picked(), None);
        assert_eq!(Palette { text: String::new(), ..palette }.hits().len(), deeds().len());
    }

    #[test]
    fn every_deed_has_two_names() {
        for entry in deeds() {
            assert!(!entry.fr.is_empty() && !entry.en.is_empty());
        }
    }
}
