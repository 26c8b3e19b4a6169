//! What is no word: signs, faces, tags, accounts, links.

use super::{
    Features, PieceKind,
    cursor::Cursor,
    emoticon::emoticon,
    letters::{Class, Letter},
};

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
    /// Anything that begins with neither a letter nor a digit.
    pub(super) fn cut_sign(&mut self, cursor: &mut Cursor<'_>, first: char, letter: Letter) {
        let (start, from) = (cursor.at, self.folded_len(cursor));
        if first.is_ascii()
            && let Some((n_bytes, name)) = emoticon(cursor.rest().as_bytes())
        {
            return self.push_emoticon(cursor, n_bytes, name);
        }
        let kind = match first {
            '#' | '＃' => {
                self.take_as(cursor, first, '#');
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
            self.take(cursor, character, &letter);
            if kind.is_none() {
                return;
            }
        }
        if let Some(kind) = kind {
            self.push_piece(kind, from, cursor, start);
            if let Some(piece) = self.pieces.last_mut() {
                piece.run = n_signs.min(u32::from(u8::MAX)) as u8;
            }
        }
    }

    pub(super) fn push_emoticon(&mut self, cursor: &mut Cursor<'_>, n_bytes: usize, name: [u8; 3]) {
        self.flush(cursor);
        let (start, from) = (cursor.at, self.folded.len());
        cursor.skip(n_bytes);
        self.folded.extend(name.into_iter().filter(|byte| *byte != 0).map(char::from));
        self.push_piece(PieceKind::Emoticon, from, cursor, start);
    }

    /// The name after a `#` that is already read, and the words in it; a sign alone is passed over.
    pub(super) fn cut_tag(&mut self, cursor: &mut Cursor<'_>, start: usize, from: usize) {
        let name_from = self.folded_len(cursor);
        let mut parts = Parts::new((name_from, cursor.at));
        while let Some((character, letter)) = cursor.peek() {
            if !matches!(letter.class, Class::Letter | Class::Digit | Class::Unseen)
                || character == '\u{200b}'
            {
                break;
            }
            parts.pass(character, &letter, (self.folded_len(cursor), cursor.at));
            self.take(cursor, character, &letter);
        }
        if self.folded_len(cursor) == name_from {
            return;
        }
        parts.end((self.folded_len(cursor), cursor.at));
        self.push_piece(PieceKind::Tag, from, cursor, start);
        if parts.n_found == 0 {
            return;
        }
        self.flush(cursor);
        for part in parts.found.into_iter().take(parts.n_found) {
            let [(from, start), (to, end)] = part;
            self.push_piece(PieceKind::TagPart, from, cursor, start);
            if let Some(piece) = self.pieces.last_mut() {
                piece.folded.1 = to as u32;
                piece.source = if cursor.is_beside { (0, 0) } else { (start as u32, end as u32) };
            }
            self.spell_out();
        }
    }

    fn cut_mention(&mut self, cursor: &mut Cursor<'_>, sign: char) {
        let (start, from) = (cursor.at, self.folded_len(cursor));
        self.take_as(cursor, sign, '@');
        let mut end = (cursor.at, self.folded_len(cursor));
        while let Some((character, letter)) = cursor.peek() {
            let is_name = matches!(letter.class, Class::Letter | Class::Digit);
            if !is_name && !matches!(character, '.' | '-' | '@' | '\u{200b}'..='\u{200f}') {
                break;
            }
            self.take(cursor, character, &letter);
            if is_name {
                end = (cursor.at, self.folded_len(cursor));
            }
        }
        if cursor.at != end.0 {
            self.flush(cursor);
            self.folded.truncate(end.1);
            cursor.go_back(end.0);
        }
        if end.1 > from + 1 {
            self.push_piece(PieceKind::Mention, from, cursor, start);
        }
    }

    pub(super) fn cut_link(&mut self, cursor: &mut Cursor<'_>) {
        let (start, from) = (cursor.at, self.folded_len(cursor));
        loop {
            cursor.pass_while(|byte| byte.is_ascii_graphic());
            match cursor.peek() {
                Some((character, letter)) if letter.class != Class::Space => {
                    self.take(cursor, character, &letter);
                }
                _ => break,
            }
        }
        self.push_piece(PieceKind::Link, from, cursor, start);
    }
}

/// The modifiers that give a pictograph a tone of skin.
const fn is_skin(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}
