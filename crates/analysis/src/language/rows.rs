//! From the letters of a text to the rows that tell its language: runs of letters within words, and whole words.

use crate::ROW_BITS;

/// So many letters and borders are enough to tell; more would only cost time.
const MAX_LETTERS: usize = 96;
/// The longest run of letters that is a feature.
const MAX_RUN: usize = 4;
/// Runs and words of the letters that are read, and room for one letter's more.
pub(super) const MAX_ROWS: usize = (MAX_LETTERS + 1) * (MAX_RUN + 1);
/// Stands between words.
const BLANK: char = ' ';

/// The letters whose runs are features: at most [`MAX_LETTERS`], stretched vowels cut short, and blanks behind them
/// for the last runs to reach into.
#[derive(Debug)]
struct Window {
    letters: [char; MAX_LETTERS + MAX_RUN - 1],
    n_letters: usize,
}

impl Window {
    #[inline]
    fn new(letters: &[char]) -> Self {
        let mut window = Self { letters: [BLANK; MAX_LETTERS + MAX_RUN - 1], n_letters: 0 };
        let n_blanks = letters.iter().take_while(|letter| **letter == BLANK).count();
        let letters = letters.get(n_blanks..).unwrap_or_default();
        let head = letters.get(..MAX_LETTERS).unwrap_or(letters);
        // All are looked at, since a loop without a way out is made of vectors.
        let triples = head.array_windows().map(|[a, b, c]| u32::from(a == b) & u32::from(b == c));
        if triples.fold(0, |any, is_triple| any | is_triple) == 0 {
            if let Some(to) = window.letters.get_mut(..head.len()) {
                to.copy_from_slice(head);
            }
            window.n_letters = head.len();
        } else {
            window.fill(letters);
        }
        window
    }

    /// Takes the letters one by one, of more than two in a row that are the same only two.
    fn fill(&mut self, letters: &[char]) {
        let mut last = [BLANK; 2];
        for &letter in letters {
            if last == [letter; 2] {
                continue;
            }
            let Some(to) =
                self.letters.get_mut(self.n_letters).filter(|_| self.n_letters < MAX_LETTERS)
            else {
                break;
            };
            *to = letter;
            self.n_letters += 1;
            last = [last[1], letter];
        }
    }
}

/// One step of the hash.
#[inline]
const fn step(hash: u64, letter: char) -> u64 {
    (hash.rotate_left(5) ^ letter as u64).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The rows of a text for its language, from [`Features::letters`](crate::Features::letters): runs of up to
/// four letters within words and their borders, and whole words.
pub fn language_rows(letters: &[char], rows: &mut Vec<u32>) {
    const RUN: u64 = 0x2545_f491_4f6c_dd1d;
    const WORD: u64 = 0x9e6c_63d0_876a_3f6b;
    let row = |hash: u64| (hash >> (64 - ROW_BITS)) as u32;
    let window = Window::new(letters);
    rows.clear();
    rows.resize(MAX_ROWS, 0);
    let mut n_rows = 0_usize;
    let mut word = WORD;
    for (at, &[first, second, third, fourth]) in
        window.letters.array_windows().enumerate().take(window.n_letters)
    {
        let one = step(RUN, first);
        let two = step(one, second);
        let three = step(two, third);
        let four = step(three, fourth);
        // A run ends with the blank behind the word, or with the window.
        let n_within = usize::from(second != BLANK) & usize::from(third != BLANK);
        let n_run = 1 + usize::from(second != BLANK) + n_within;
        let n_run = n_run.min(window.n_letters - at - 1);
        let runs = [row(two), row(three), row(four)];
        // A letter stands for itself, a blank for the word that it ends.
        let is_blank = first == BLANK;
        let alone = if is_blank { word } else { one };
        let Some(to) = rows.get_mut(n_rows..).and_then(|to| to.first_chunk_mut::<{ MAX_RUN }>())
        else {
            break;
        };
        if alone == WORD {
            to[..3].copy_from_slice(&runs);
            n_rows += n_run;
        } else {
            let [two, three, four] = runs;
            *to = [row(alone), two, three, four];
            n_rows += 1 + n_run;
        }
        word = if is_blank { WORD } else { step(word, first) };
    }
    rows.truncate(n_rows);
}
