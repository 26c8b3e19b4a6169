//! From a text to its pieces, in one pass over its characters.

use super::{
    Features, MAX_LETTERS, MAX_PIECES, MAX_READ_BYTES, Piece, PieceKind,
    emoticon::emoticon,
    letters::{Class, Letter, Letters, NONE, letter, table},
};
use crate::fold::is_unspaced;

/// Where the pass stands in a text.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
    table: &'static Letters,
    /// Whether the text lies beside the post's, so that its pieces have no source.
    is_beside: bool,
}

impl Cursor<'_> {
    #[inline(always)]
    fn peek(&self) -> Option<(char, Letter)> {
        let character = self.text.get(self.at..)?.chars().next()?;
        Some((character, letter(self.table, character)))
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn source(&self, start: usize) -> (u32, u32) {
        if self.is_beside { (0, 0) } else { (start as u32, self.at as u32) }
    }
}

/// What a run of letters was made of.
#[derive(Default)]
struct Run {
    n_upper: u32,
    n_lower: u32,
    n_letters: u32,
    n_unspaced: u32,
}

/// With fewer letters and borders, the words of a text do not tell its language.
const MIN_LETTERS: usize = 4;
/// A tag is cut into no more words than this.
const MAX_PARTS: usize = 8;
/// A place in the folded text and in the text itself.
type Place = (usize, usize);

/// The words of a tag that is written `LikeThis` or `like_this`; the tag as one word where it is not.
struct Parts {
    found: [[Place; 2]; MAX_PARTS],
    n_found: usize,
    start: Place,
    before: Class,
    was_lower: bool,
}

impl Parts {
    const fn new(start: Place) -> Self {
        let found = [[(0, 0); 2]; MAX_PARTS];
        Self { found, n_found: 0, start, before: Class::Space, was_lower: false }
    }

    /// Takes note of the next character, which stands at `place`.
    fn pass(&mut self, character: char, letter: &Letter, place: Place) {
        if letter.class == Class::Unseen {
            return;
        }
        let class = if character == '_' { Class::Sign } else { letter.class };
        if class != self.before || (letter.is_upper && self.was_lower) {
            self.end(place);
        }
        self.before = class;
        self.was_lower = letter.is_lower;
    }

    /// Ends a part before `place`, where the next begins.
    fn end(&mut self, place: Place) {
        if self.before == Class::Letter
            && let Some(part) = self.found.get_mut(self.n_found)
        {
            *part = [self.start, place];
            self.n_found += 1;
        }
        self.start = place;
    }
}

impl Features {
    /// Cuts `text` and the tags beside it into pieces.
    pub(super) fn cut<'t>(&mut self, text: &str, tags: impl IntoIterator<Item = &'t str>) {
        self.folded.clear();
        self.pieces.clear();
        self.letters.clear();
        (self.n_upper, self.n_lower) = (0, 0);
        let mut cursor = Cursor { text: head(text), at: 0, table: table(), is_beside: false };
        self.cut_text(&mut cursor);
        for tag in tags {
            self.space();
            self.folded.push('#');
            let from = self.folded.len() - 1;
            let mut cursor =
                Cursor { text: head(tag), at: 0, table: cursor.table, is_beside: true };
            self.cut_tag(&mut cursor, 0, from);
        }
        if self.letters.len() < MIN_LETTERS {
            self.take_letters_of_tags(head(text));
        }
    }

    /// Where a text says nothing but tags, they tell its language.
    fn take_letters_of_tags(&mut self, text: &str) {
        for piece in self.pieces.iter().filter(|piece| piece.kind == PieceKind::TagPart) {
            let part = text.get(piece.source()).unwrap_or_default();
            for character in part.chars().take(MAX_LETTERS - self.letters.len().min(MAX_LETTERS)) {
                self.letters.push(letter(table(), character).lower);
            }
            self.letters.push(' ');
        }
    }

    fn cut_text(&mut self, cursor: &mut Cursor<'_>) {
        while self.pieces.len() < MAX_PIECES {
            let Some(first) = cursor.text.as_bytes().get(cursor.at) else { break };
            if first.is_ascii_alphanumeric() {
                self.cut_word(cursor, char::from(*first));
                continue;
            }
            if *first == b' ' {
                cursor.at += 1;
                self.space();
                continue;
            }
            let Some((character, letter)) = cursor.peek() else { break };
            match letter.class {
                Class::Space => {
                    cursor.at += character.len_utf8();
                    self.space();
                }
                Class::Letter | Class::Digit => self.cut_word(cursor, character),
                _ => self.cut_sign(cursor, character, letter),
            }
        }
    }

    /// A run of white space, as one space.
    fn space(&mut self) {
        if !self.folded.ends_with(' ') {
            self.folded.push(' ');
        }
    }

    #[inline]
    fn push_folded(&mut self, letter: &Letter) {
        let [first, second] = letter.folded;
        if first != NONE {
            self.folded.push(first);
            if second != NONE {
                self.folded.push(second);
            }
        }
    }

    fn push_piece(&mut self, kind: PieceKind, from: usize, source: (u32, u32)) {
        let folded = (from as u32, self.folded.len() as u32);
        self.pieces.push(Piece { kind, folded, source, capitals: false, run: 1 });
    }

    /// A word, a number or a link.
    fn cut_word(&mut self, cursor: &mut Cursor<'_>, first: char) {
        let (start, from) = (cursor.at, self.folded.len());
        if matches!(first, 'h' | 'H' | 'w' | 'W') && is_link(cursor.rest()) {
            self.skip_link(cursor);
            self.push_piece(PieceKind::Link, from, cursor.source(start));
            return;
        }
        if matches!(first, 'x' | 'X' | 'T' | 'o' | 'O')
            && let Some((n_bytes, name)) = emoticon(cursor.rest().as_bytes())
        {
            return self.push_emoticon(cursor, n_bytes, name);
        }
        let n_kept = self.letters.len();
        let run = self.fold_run(cursor, true);
        self.n_upper += run.n_upper;
        self.n_lower += run.n_lower;
        // A bare `http` is what is left of an address in texts that were cleaned for research.
        let is_address =
            self.folded.get(from..).is_some_and(|word| word == "http" || word == "https");
        let kind = if run.n_letters == 0 {
            PieceKind::Number
        } else if is_address {
            self.letters.truncate(n_kept);
            PieceKind::Link
        } else if run.n_unspaced > 0 {
            PieceKind::Unspaced
        } else {
            PieceKind::Word
        };
        self.push_piece(kind, from, cursor.source(start));
        if let Some(piece) = self.pieces.last_mut() {
            piece.capitals = run.n_upper >= 2 && run.n_lower == 0;
        }
    }

    /// Folds word characters up to the next of another class; `don't` stays in one piece.
    #[inline]
    fn fold_run(&mut self, cursor: &mut Cursor<'_>, keeps_letters: bool) -> Run {
        let mut run = Run::default();
        let keeps_letters = keeps_letters && self.letters.len() < MAX_LETTERS;
        if keeps_letters && self.letters.last() != Some(&' ') {
            self.letters.push(' ');
        }
        loop {
            self.fold_ascii(cursor, &mut run, keeps_letters);
            let Some((character, letter)) = cursor.peek() else { break };
            match letter.class {
                Class::Letter => {
                    run.n_letters += 1;
                    run.n_upper += u32::from(letter.is_upper);
                    run.n_lower += u32::from(letter.is_lower);
                    run.n_unspaced += u32::from(!character.is_ascii() && is_unspaced(character));
                    if keeps_letters && character != '_' && self.letters.len() < MAX_LETTERS {
                        self.letters.push(letter.lower);
                    }
                }
                Class::Digit => {}
                Class::Unseen if character != '\u{200b}' => {}
                Class::Apostrophe if self.is_contraction(cursor) => {
                    self.folded.push_str("'t");
                    cursor.at += character.len_utf8() + 1;
                    if keeps_letters {
                        self.letters.extend(['\'', 't']);
                    }
                    break;
                }
                _ => break,
            }
            self.push_folded(&letter);
            cursor.at += character.len_utf8();
        }
        if keeps_letters && self.letters.last() != Some(&' ') {
            self.letters.push(' ');
        }
        run
    }

    /// Folds letters and digits of ASCII, a whole run at a time.
    #[inline]
    fn fold_ascii(&mut self, cursor: &mut Cursor<'_>, run: &mut Run, keeps_letters: bool) {
        let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let bytes = cursor.text.as_bytes().get(cursor.at..).unwrap_or_default();
        let n_bytes = bytes.iter().take_while(is_word).count();
        let Some(bytes) = bytes.get(..n_bytes).filter(|bytes| !bytes.is_empty()) else { return };
        let from = self.folded.len();
        self.folded.push_str(cursor.rest().get(..n_bytes).unwrap_or_default());
        if let Some(folded) = self.folded.get_mut(from..) {
            folded.make_ascii_lowercase();
        }
        for byte in bytes {
            let is_digit = byte.is_ascii_digit();
            run.n_letters += u32::from(!is_digit);
            run.n_upper += u32::from(byte.is_ascii_uppercase());
            run.n_lower += u32::from(byte.is_ascii_lowercase());
            if keeps_letters && byte.is_ascii_alphabetic() && self.letters.len() < MAX_LETTERS {
                self.letters.push(char::from(byte.to_ascii_lowercase()));
            }
        }
        cursor.at += n_bytes;
    }

    /// Whether the apostrophe at the cursor stands in `n't`, with the `t` ending the word.
    fn is_contraction(&self, cursor: &Cursor<'_>) -> bool {
        let mut next = cursor.rest().chars();
        next.next();
        self.folded.ends_with('n')
            && matches!(next.next(), Some('t' | 'T'))
            && next.next().is_none_or(|after| {
                !matches!(letter(cursor.table, after).class, Class::Letter | Class::Digit)
            })
    }

    /// Anything that begins with neither a letter nor a digit.
    fn cut_sign(&mut self, cursor: &mut Cursor<'_>, first: char, letter: Letter) {
        let (start, from) = (cursor.at, self.folded.len());
        if first.is_ascii()
            && let Some((n_bytes, name)) = emoticon(cursor.rest().as_bytes())
        {
            return self.push_emoticon(cursor, n_bytes, name);
        }
        let kind = match first {
            '#' | '＃' => {
                cursor.at += first.len_utf8();
                self.folded.push('#');
                return self.cut_tag(cursor, start, from);
            }
            '@' | '＠' => return self.cut_mention(cursor, first),
            '?' | '\u{37e}' | '؟' | '？' => Some(PieceKind::Question),
            '!' | '！' => Some(PieceKind::Exclamation),
            '.' | ',' | ';' | ':' | '…' | '\u{3002}' | '\u{3001}' | '，' | '(' | ')' | '،'
            | '।' => Some(PieceKind::Stop),
            _ if letter.class == Class::Emoji && !is_skin(first) => Some(PieceKind::Emoji),
            _ => None,
        };
        let mut n_signs = 0_u32;
        while let Some((character, letter)) = cursor.peek() {
            if character != first && (letter.class != Class::Unseen || kind.is_none()) {
                break;
            }
            n_signs += u32::from(character == first);
            self.push_folded(&letter);
            cursor.at += character.len_utf8();
            if kind.is_none() {
                return;
            }
        }
        if let Some(kind) = kind {
            self.push_piece(kind, from, cursor.source(start));
            if let Some(piece) = self.pieces.last_mut() {
                piece.run = n_signs.min(u32::from(u8::MAX)) as u8;
            }
        }
    }

    fn push_emoticon(&mut self, cursor: &mut Cursor<'_>, n_bytes: usize, name: [u8; 3]) {
        let (start, from) = (cursor.at, self.folded.len());
        cursor.at += n_bytes;
        self.folded.extend(name.into_iter().filter(|byte| *byte != 0).map(char::from));
        self.push_piece(PieceKind::Emoticon, from, cursor.source(start));
    }

    /// The name after a `#` that is already read, and the words in it; a sign alone is passed over.
    fn cut_tag(&mut self, cursor: &mut Cursor<'_>, start: usize, from: usize) {
        let name_from = self.folded.len();
        let mut parts = Parts::new((name_from, cursor.at));
        while let Some((character, letter)) = cursor.peek() {
            if !matches!(letter.class, Class::Letter | Class::Digit | Class::Unseen)
                || character == '\u{200b}'
            {
                break;
            }
            parts.pass(character, &letter, (self.folded.len(), cursor.at));
            self.push_folded(&letter);
            cursor.at += character.len_utf8();
        }
        if self.folded.len() == name_from {
            return;
        }
        parts.end((self.folded.len(), cursor.at));
        self.push_piece(PieceKind::Tag, from, cursor.source(start));
        for part in parts.found.into_iter().take(parts.n_found) {
            let [(from, start), (to, end)] = part;
            let source = if cursor.is_beside { (0, 0) } else { (start as u32, end as u32) };
            self.push_piece(PieceKind::TagPart, from, source);
            if let Some(piece) = self.pieces.last_mut() {
                piece.folded.1 = to as u32;
            }
        }
    }

    fn cut_mention(&mut self, cursor: &mut Cursor<'_>, sign: char) {
        let (start, from) = (cursor.at, self.folded.len());
        cursor.at += sign.len_utf8();
        self.folded.push('@');
        let mut end = (cursor.at, self.folded.len());
        while let Some((character, letter)) = cursor.peek() {
            let is_name = matches!(letter.class, Class::Letter | Class::Digit);
            if !is_name && !matches!(character, '.' | '-' | '@' | '\u{200b}'..='\u{200f}') {
                break;
            }
            self.push_folded(&letter);
            cursor.at += character.len_utf8();
            if is_name {
                end = (cursor.at, self.folded.len());
            }
        }
        cursor.at = end.0;
        self.folded.truncate(end.1);
        if self.folded.len() > from + 1 {
            self.push_piece(PieceKind::Mention, from, cursor.source(start));
        }
    }

    fn skip_link(&mut self, cursor: &mut Cursor<'_>) {
        while let Some((character, letter)) = cursor.peek() {
            if letter.class == Class::Space {
                break;
            }
            self.push_folded(&letter);
            cursor.at += character.len_utf8();
        }
    }
}

fn is_link(rest: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|start| rest.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)))
}

/// The modifiers that give a pictograph a tone of skin.
const fn is_skin(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

/// The first part of `text`, cut at a character's border.
fn head(text: &str) -> &str {
    if text.len() <= MAX_READ_BYTES {
        return text;
    }
    let end = (0..=MAX_READ_BYTES).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}
