//! All listed words as a tree of letters, in which a disguised word is looked up.

use super::lists::WordId;

/// Steps that one look may take, so that no text costs more: stars stand for any letter.
const MAX_STEPS: usize = 4_096;

/// Letters that one sign can stand for, a bit each, `a` first.
pub(super) type Letters = u32;
/// A sign that stands for any letter.
pub(super) const ANY: Letters = (1 << 26) - 1;

/// The letter as a set of its own; nothing for what is no small Latin letter.
pub(super) const fn letter(byte: u8) -> Letters {
    if byte.is_ascii_lowercase() { 1 << (byte - b'a') } else { 0 }
}

/// Words as a tree of letters.
#[derive(Clone, Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    word: Option<WordId>,
    /// Which letters go on from here.
    letters: Letters,
    /// The nodes after those letters, in the order of the alphabet.
    next: Vec<u16>,
}

/// Where a look has come to.
#[derive(Clone, Copy)]
struct Step {
    node: u16,
    n_read: usize,
    /// The letter that led here.
    last: Letters,
}

impl Trie {
    pub(super) fn insert(&mut self, text: &str, word: WordId) {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut place = 0_u16;
        for letter in text.bytes().map(letter) {
            let end = u16::try_from(self.nodes.len()).expect("a test counts the nodes");
            let Some(node) = self.nodes.get_mut(usize::from(place)) else { return };
            let rank = (node.letters & letter.wrapping_sub(1)).count_ones() as usize;
            if node.letters & letter != 0 {
                place = node.next.get(rank).copied().unwrap_or_default();
            } else {
                node.letters |= letter;
                node.next.insert(rank, end);
                place = end;
                self.nodes.push(Node::default());
            }
        }
        if let Some(node) = self.nodes.get_mut(usize::from(place)) {
            node.word = Some(word);
        }
    }

    /// Calls `found` with each word that `signs` can stand for; `repeats` lets a letter stand more than once.
    pub(super) fn search(&self, signs: &[Letters], repeats: bool, mut found: impl FnMut(WordId)) {
        let mut steps = vec![Step { node: 0, n_read: 0, last: 0 }];
        let mut n_steps = 0;
        while let Some(step) = steps.pop() {
            n_steps += 1;
            let Some(node) = self.nodes.get(usize::from(step.node)) else { continue };
            if n_steps > MAX_STEPS {
                return;
            }
            let Some(sign) = signs.get(step.n_read) else {
                node.word.iter().for_each(|word| found(*word));
                continue;
            };
            if repeats && *sign == step.last {
                steps.push(Step { n_read: step.n_read + 1, ..step });
            }
            let mut letters = node.letters & sign;
            while letters != 0 {
                let last = letters & letters.wrapping_neg();
                letters ^= last;
                let rank = (node.letters & (last - 1)).count_ones() as usize;
                if let Some(next) = node.next.get(rank) {
                    steps.push(Step { node: *next, n_read: step.n_read + 1, last });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signs: &[Letters], repeats: bool, expected: &[WordId]) {
        let mut trie = Trie::default();
        for (id, word) in ["pute", "pote", "ass", "con"].iter().enumerate() {
            trie.insert(word, id as WordId);
        }
        let mut found = Vec::new();
        trie.search(signs, repeats, |word| found.push(word));
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected);
    }

    fn letters(text: &str) -> Vec<Letters> {
        text.bytes().map(|byte| if byte == b'*' { ANY } else { letter(byte) }).collect()
    }

    #[test]
    fn finds_what_the_signs_can_stand_for() {
        check(&letters("pute"), false, &[0]);
        check(&letters("p*te"), false, &[0, 1]);
        check(&letters("puuute"), true, &[0]);
        check(&letters("puuute"), false, &[]);
        check(&letters("aas"), true, &[]);
        check(&letters("aasss"), true, &[2]);
        check(&letters("put"), true, &[]);
    }

    #[test]
    fn many_stars_end() {
        check(&vec![ANY; 1_000], true, &[]);
    }
}
