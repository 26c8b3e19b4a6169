//! What a key means: the same on every keyboard.
//!
//! Digits and the two keys right of them are told by their place, so that nobody needs Shift on AZERTY;
//! letters and signs by what is printed on them.
//! Where people write, only keys that write nothing mean something.

use egui::{Event, Key, Modifiers};
use vigie_model::{Attitude, Level, Verdict};

use crate::{
    act::{Act, Way},
    label::View,
};

/// A key that went down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Press {
    /// What is printed on it.
    pub(crate) key: Key,
    /// Where it is: the key that is there on QWERTY; none where the window system does not say.
    pub(crate) place: Option<Key>,
    /// The keys that are held with it.
    pub(crate) modifiers: Modifiers,
    /// Whether it only stays down.
    pub(crate) repeat: bool,
}

impl Press {
    /// The key that went down in `event`, if one did.
    pub(crate) const fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Key { key, physical_key, pressed: true, repeat, modifiers } => Some(Self {
                key: *key,
                place: *physical_key,
                modifiers: *modifiers,
                repeat: *repeat,
            }),
            _ => None,
        }
    }

    /// The digit at the key's place.
    fn digit(self) -> Option<u8> {
        let at = self.place.unwrap_or(self.key);
        let digits = [
            Key::Num0,
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
            Key::Num7,
            Key::Num8,
            Key::Num9,
        ];
        (0..).zip(digits).find(|(_, key)| *key == at).map(|(digit, _)| digit)
    }
}

/// What has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// Nothing: all keys are the console's.
    Free,
    /// A button: it has Enter, Space and the arrows.
    Button,
    /// A field in which people write.
    Field,
}

/// What `press` means while `focus` has the keyboard.
pub(crate) fn act(press: Press, focus: Focus) -> Option<Act> {
    let Press { key, modifiers, repeat, .. } = press;
    let ways = movement(key).filter(|_| !modifiers.command && !modifiers.alt);
    match focus {
        Focus::Button if matches!(key, Key::Enter | Key::Space) => return None,
        Focus::Button if ways.is_some() => return None,
        Focus::Button if matches!(key, Key::ArrowLeft | Key::ArrowRight) => return None,
        Focus::Field if matches!(key, Key::Home | Key::End) => return None,
        _ => {}
    }
    // What is held down only walks and takes back: nobody decides thirty times by leaning on a key.
    if let Some(way) = ways {
        return Some(Act::Move(way));
    }
    if modifiers.alt {
        return None;
    }
    if modifiers.command {
        let act = with_control(press)?;
        let takes_back = matches!(act, Act::Undo | Act::Redo);
        // A field has an undo of its own.
        let is_meant = if takes_back { focus != Focus::Field } else { !repeat };
        return is_meant.then_some(act);
    }
    if repeat {
        return None;
    }
    if let Some(screen) = screen(key) {
        return Some(Act::Screen(screen));
    }
    match key {
        Key::Escape => return Some(Act::Escape),
        Key::Enter => return Some(Act::Enter),
        _ if focus == Focus::Field => return None,
        Key::Slash => return Some(Act::Search),
        Key::Questionmark => return Some(Act::Sheet),
        _ => {}
    }
    plain(press)
}

fn movement(key: Key) -> Option<Way> {
    Some(match key {
        Key::ArrowDown => Way::By(1),
        Key::ArrowUp => Way::By(-1),
        Key::PageDown => Way::Pages(1),
        Key::PageUp => Way::Pages(-1),
        Key::Home => Way::First,
        Key::End => Way::Last,
        _ => return None,
    })
}

fn with_control(press: Press) -> Option<Act> {
    let shift = press.modifiers.shift;
    match (press.digit(), shift) {
        (Some(1), true) => return Some(Act::Level(Level::Green)),
        (Some(2), true) => return Some(Act::Level(Level::Orange)),
        (Some(3), true) => return Some(Act::Level(Level::Red)),
        (Some(digit @ 1..), false) => {
            let view = View::ALL.get(usize::from(digit) - 1)?;
            return Some(Act::Show(*view));
        }
        _ => {}
    }
    Some(match press.key {
        Key::Z if shift => Act::Redo,
        Key::Z => Act::Undo,
        Key::Y => Act::Redo,
        Key::K => Act::Palette,
        Key::F => Act::Search,
        Key::P if !shift => Act::Pin,
        Key::W if !shift => Act::Close,
        _ => return None,
    })
}

/// The screen that a function key names, counted from 0.
fn screen(key: Key) -> Option<usize> {
    let keys =
        [Key::F1, Key::F2, Key::F3, Key::F4, Key::F5, Key::F6, Key::F7, Key::F8, Key::F9, Key::F10];
    keys.iter().position(|known| *known == key)
}

/// What a key means by itself.
fn plain(press: Press) -> Option<Act> {
    match press.digit() {
        Some(0) => return Some(Act::Tone(Attitude::Neutral)),
        Some(digit) => return Some(Act::Digit(digit)),
        None => {}
    }
    match press.place {
        Some(Key::Minus) => return Some(Act::Tone(Attitude::Negative)),
        Some(Key::Equals | Key::Plus) => return Some(Act::Tone(Attitude::Positive)),
        _ => {}
    }
    let decide = |verdict| {
        if press.modifiers.shift { Act::Insist(verdict) } else { Act::Decide(verdict) }
    };
    Some(match press.key {
        Key::A => decide(Verdict::Approved),
        Key::X => decide(Verdict::Rejected),
        Key::S => decide(Verdict::Stashed),
        Key::P => Act::Pin,
        Key::F => Act::Flag,
        Key::B => Act::Block,
        Key::C => Act::Claim,
        Key::U => Act::Question,
        Key::I => Act::Identify,
        Key::M => Act::Mask,
        Key::K => Act::Acknowledge,
        Key::E => Act::Evidence,
        Key::W => Act::Show(View::Winner),
        Key::Space => Act::Pause,
        Key::Backspace => Act::Back,
        Key::ArrowLeft => Act::Step(-1),
        Key::ArrowRight => Act::Step(1),
        Key::Minus => Act::Tone(Attitude::Negative),
        Key::Plus | Key::Equals => Act::Tone(Attitude::Positive),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of a keyboard: its place, what it gives alone and with Shift, as egui tells it.
    struct Cap(Key, Key, Key);

    /// Keys whose meaning differs between keyboards, on QWERTY.
    const QWERTY: [Cap; 9] = [
        Cap(Key::A, Key::A, Key::A),
        Cap(Key::Q, Key::Q, Key::Q),
        Cap(Key::Num1, Key::Num1, Key::Exclamationmark),
        Cap(Key::Num6, Key::Num6, Key::Num6),
        Cap(Key::Num0, Key::Num0, Key::Num0),
        Cap(Key::Minus, Key::Minus, Key::Minus),
        Cap(Key::Equals, Key::Equals, Key::Plus),
        Cap(Key::Slash, Key::Slash, Key::Questionmark),
        Cap(Key::Z, Key::Z, Key::Z),
    ];

    /// The same places on AZERTY: `é`, `à` and `)` are no keys of egui's, so it tells the place in their stead.
    const AZERTY: [Cap; 9] = [
        Cap(Key::Q, Key::A, Key::A),
        Cap(Key::A, Key::Q, Key::Q),
        Cap(Key::Num1, Key::Num1, Key::Num1),
        Cap(Key::Num6, Key::Minus, Key::Num6),
        Cap(Key::Num0, Key::Num0, Key::Num0),
        Cap(Key::Minus, Key::Minus, Key::Minus),
        Cap(Key::Equals, Key::Equals, Key::Plus),
        Cap(Key::Period, Key::Colon, Key::Slash),
        Cap(Key::W, Key::Z, Key::Z),
    ];

    fn press(cap: &Cap, modifiers: Modifiers) -> Press {
        let key = if modifiers.shift { cap.2 } else { cap.1 };
        Press { key, place: Some(cap.0), modifiers, repeat: false }
    }

    /// The same person does the same on both keyboards: `idx` is the key on each.
    #[track_caller]
    fn check(idx: usize, modifiers: Modifiers, expected: Option<&Act>) {
        for (name, board) in [("QWERTY", &QWERTY), ("AZERTY", &AZERTY)] {
            let act = act(press(&board[idx], modifiers), Focus::Free);
            assert_eq!(act.as_ref(), expected, "{name} key {idx}");
        }
    }

    #[test]
    fn both_keyboards_mean_the_same() {
        let none = Modifiers::NONE;
        check(0, none, Some(&Act::Decide(Verdict::Approved)));
        check(2, none, Some(&Act::Digit(1)));
        check(3, none, Some(&Act::Digit(6)));
        check(3, Modifiers::SHIFT, Some(&Act::Digit(6)));
        check(4, none, Some(&Act::Tone(Attitude::Neutral)));
        check(5, none, Some(&Act::Tone(Attitude::Negative)));
        check(6, none, Some(&Act::Tone(Attitude::Positive)));
        check(8, Modifiers::COMMAND, Some(&Act::Undo));
        check(8, Modifiers::COMMAND | Modifiers::SHIFT, Some(&Act::Redo));
        check(2, Modifiers::COMMAND | Modifiers::SHIFT, Some(&Act::Level(Level::Green)));
        check(1, none, None);
    }

    #[test]
    fn signs_are_told_by_what_is_printed() {
        let slash = |cap: &Cap, modifiers| act(press(cap, modifiers), Focus::Free);
        assert_eq!(slash(&QWERTY[7], Modifiers::NONE), Some(Act::Search));
        assert_eq!(slash(&QWERTY[7], Modifiers::SHIFT), Some(Act::Sheet));
        assert_eq!(slash(&AZERTY[7], Modifiers::SHIFT), Some(Act::Search));
        let comma = Cap(Key::M, Key::Comma, Key::Questionmark);
        assert_eq!(slash(&comma, Modifiers::SHIFT), Some(Act::Sheet));
        // German: the slash is over the seven.
        let seven = Cap(Key::Num7, Key::Num7, Key::Slash);
        assert_eq!(slash(&seven, Modifiers::SHIFT), Some(Act::Search));
        assert_eq!(slash(&seven, Modifiers::NONE), Some(Act::Digit(7)));
    }

    fn one(key: Key) -> Press {
        Press { key, place: Some(key), modifiers: Modifiers::NONE, repeat: false }
    }

    #[test]
    fn the_key_map_is_that_of_the_sheet() {
        let free = |key| act(one(key), Focus::Free);
        for (key, expected) in [
            (Key::X, Act::Decide(Verdict::Rejected)),
            (Key::S, Act::Decide(Verdict::Stashed)),
            (Key::P, Act::Pin),
            (Key::F, Act::Flag),
            (Key::B, Act::Block),
            (Key::F4, Act::Screen(3)),
            (Key::F10, Act::Screen(9)),
            (Key::Num9, Act::Digit(9)),
            (Key::Enter, Act::Enter),
            (Key::Backspace, Act::Back),
            (Key::Space, Act::Pause),
            (Key::I, Act::Identify),
            (Key::M, Act::Mask),
            (Key::K, Act::Acknowledge),
            (Key::W, Act::Show(View::Winner)),
            (Key::ArrowDown, Act::Move(Way::By(1))),
            (Key::ArrowRight, Act::Step(1)),
        ] {
            assert_eq!(free(key), Some(expected), "{key:?}");
        }
        assert_eq!(free(Key::F11), None);
        assert_eq!(free(Key::Tab), None);
    }

    #[test]
    fn who_writes_is_left_alone() {
        for key in [Key::A, Key::Num3, Key::Slash, Key::Space, Key::Backspace, Key::Home] {
            assert_eq!(act(one(key), Focus::Field), None, "{key:?}");
        }
        assert_eq!(act(one(Key::F4), Focus::Field), Some(Act::Screen(3)));
        assert_eq!(act(one(Key::Enter), Focus::Field), Some(Act::Enter));
        assert_eq!(act(one(Key::ArrowDown), Focus::Field), Some(Act::Move(Way::By(1))));
        let undo = Press { modifiers: Modifiers::COMMAND, ..one(Key::Z) };
        assert_eq!(act(undo, Focus::Field), None);
        assert_eq!(act(one(Key::ArrowLeft), Focus::Button), None);
        assert_eq!(act(one(Key::Enter), Focus::Button), None);
        assert_eq!(act(one(Key::Space), Focus::Button), None);
        assert_eq!(act(one(Key::A), Focus::Button), Some(Act::Decide(Verdict::Approved)));
    }

    #[test]
    fn a_held_key_decides_once() {
        let held = |key| Press { repeat: true, ..one(key) };
        assert_eq!(act(held(Key::A), Focus::Free), None);
        assert_eq!(act(held(Key::Enter), Focus::Free), None);
        assert_eq!(act(held(Key::ArrowDown), Focus::Free), Some(Act::Move(Way::By(1))));
        let undo = Press { modifiers: Modifiers::COMMAND, ..held(Key::Z) };
        assert_eq!(act(undo, Focus::Free), Some(Act::Undo));
        let altgr = Press { modifiers: Modifiers::ALT, ..one(Key::A) };
        assert_eq!(act(altgr, Focus::Free), None);
    }
}
