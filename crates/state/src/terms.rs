//! The texts of the terms that posts brought.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use vigie_analysis::TermKey;

use crate::needs::MAX_TREND_MINS;

/// Terms whose text is remembered, over all queries; about 60 bytes each.
pub const MAX_TERMS: usize = 1 << 17;

/// A term's number: the same for all its spellings.
pub(crate) type TermNo = TermKey;

/// The terms' texts, in the spelling that came first.
#[derive(Debug, Default)]
pub(crate) struct TermNames {
    /// Nobody asks for texts: only the numbers are told.
    is_idle: bool,
    texts: FxHashMap<TermNo, Named>,
}

#[derive(Debug)]
struct Named {
    text: SmolStr,
    /// The minute in which a post brought it last.
    last_minute: i64,
}

impl TermNames {
    /// Texts that are remembered where somebody asks for them.
    pub(crate) fn new(is_asked: bool) -> Self {
        Self { is_idle: !is_asked, texts: FxHashMap::default() }
    }

    /// The numbers of `terms`, each once, which a post brought in the minute `now`.
    pub(crate) fn intern(&mut self, terms: &[SmolStr], now: i64) -> Box<[TermNo]> {
        let mut numbers: Vec<TermNo> = Vec::with_capacity(terms.len());
        for term in terms {
            let number = TermNo::of(term);
            if numbers.contains(&number) {
                continue;
            }
            numbers.push(number);
            if self.is_idle {
                continue;
            }
            let fresh = || Named { text: term.clone(), last_minute: now };
            self.texts.entry(number).or_insert_with(fresh).last_minute = now;
        }
        numbers.into()
    }

    pub(crate) fn text(&self, number: TermNo) -> Option<&SmolStr> {
        Some(&self.texts.get(&number)?.text)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.texts.len() > MAX_TERMS
    }

    /// Forgets what no window can show any more.
    pub(crate) fn forget_before(&mut self, now: i64) {
        let oldest = now.saturating_sub(i64::from(MAX_TREND_MINS));
        self.texts.retain(|_, named| named.last_minute >= oldest);
    }

    /// Forgets those that came longest ago, or the most numerous of the last minute, until half of the room is free.
    pub(crate) fn prune(&mut self) {
        let mut minutes: Vec<(i64, TermNo)> =
            self.texts.iter().map(|(number, named)| (named.last_minute, *number)).collect();
        let (_, border, _) = minutes.select_nth_unstable(MAX_TERMS / 2);
        let border = *border;
        self.texts.retain(|number, named| (named.last_minute, *number) > border);
    }
}
