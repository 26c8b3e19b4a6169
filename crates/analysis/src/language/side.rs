//! A table of languages, and what is told with it.

use smol_str::SmolStr;
use vigie_model::Language;

use crate::{
    simd::{Work, widest},
    table::{MAX_LANES, Table, softmax_of_lanes},
};

/// What a declared tag adds to the score of its language: it decides between close ones, not against the text.
const DECLARED_SCORE: f32 = 4.0;
/// English says less: it is what apps declare where nobody chose.
const DECLARED_ENGLISH_SCORE: f32 = 2.0;
/// Below this share the best language is not told.
const MIN_SHARE: f32 = 0.25;
/// Languages that only their readers tell apart: their shares stand together against the others.
const KIN: [&[&str]; 3] = [&["hr", "bs", "sr"], &["nb", "nn", "da"], &["id", "ms"]];
/// The letters of a code.
const N_LETTERS: usize = 26;

/// A table, and what is told with it.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) table: Table,
    pub(super) languages: Vec<Language>,
    /// The lane of each code of two letters; none has one beyond the last.
    lanes: [u8; N_LETTERS * N_LETTERS],
    /// The scale and the bias of each lane.
    scales: [f32; MAX_LANES],
    biases: [f32; MAX_LANES],
    /// What a declared tag adds to each lane.
    declared: [f32; MAX_LANES],
    /// The lanes that have kin, each with its place in [`KIN`].
    kin: Vec<(usize, usize)>,
}

impl Side {
    pub(super) fn new(table: Table) -> Self {
        let languages: Vec<_> =
            table.lanes().iter().map(|lane| Language::from_tag(&lane.name)).collect();
        let kin_of =
            |language: &Language| KIN.iter().position(|kin| kin.contains(&language.as_str()));
        let kin = languages.iter().enumerate();
        let kin = kin.filter_map(|(lane, language)| Some((lane, kin_of(language)?))).collect();
        let mut lanes = [u8::MAX; N_LETTERS * N_LETTERS];
        let mut declared = [DECLARED_SCORE; MAX_LANES];
        for (lane, (language, declared)) in languages.iter().zip(&mut declared).enumerate() {
            if language.as_str() == "en" {
                *declared = DECLARED_ENGLISH_SCORE;
            }
            if let Some(to) = place(language.as_str()).and_then(|place| lanes.get_mut(place)) {
                *to = lane as u8;
            }
        }
        let (mut scales, mut biases) = ([0.0; MAX_LANES], [0.0; MAX_LANES]);
        for (lane, (scale, bias)) in table.lanes().iter().zip(scales.iter_mut().zip(&mut biases)) {
            (*scale, *bias) = (lane.scale, lane.bias);
        }
        Self { table, languages, lanes, scales, biases, declared, kin }
    }

    /// The lane of the language of this code.
    fn lane(&self, code: &str) -> Option<usize> {
        let lane = usize::from(*self.lanes.get(place(code)?)?);
        (lane < MAX_LANES).then_some(lane)
    }

    /// The language of the text of these rows, among those of these codes where some are given.
    pub(super) fn tell(
        &self,
        rows: &[u32],
        declared: &[SmolStr],
        codes: Option<&[&str]>,
    ) -> Option<&Language> {
        let mut added = [0.0; MAX_LANES];
        for tag in declared {
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            // The tag of Norwegian as a whole.
            let code = if primary.eq_ignore_ascii_case("no") { "nb" } else { primary };
            let lane = self.lane(code);
            if let Some(lane) = lane
                && let (Some(to), Some(score)) = (added.get_mut(lane), self.declared.get(lane))
            {
                *to = *score;
            }
        }
        let mut may_be = [codes.is_none(); MAX_LANES];
        for lane in codes.into_iter().flatten().filter_map(|code| self.lane(code)) {
            if let Some(may_be) = may_be.get_mut(lane) {
                *may_be = true;
            }
        }
        self.likeliest(&widest(Shares { side: self, rows, added, may_be }))
    }

    /// The language of the greatest share; kin is chosen as one, and then the likeliest in it.
    fn likeliest(&self, shares: &[f32; MAX_LANES]) -> Option<&Language> {
        let mut of_kin = [0.0; KIN.len()];
        for (lane, kin) in &self.kin {
            if let (Some(sum), Some(share)) = (of_kin.get_mut(*kin), shares.get(*lane)) {
                *sum += share;
            }
        }
        let mut weights = *shares;
        for (lane, kin) in &self.kin {
            if let (Some(weight), Some(sum)) = (weights.get_mut(*lane), of_kin.get(*kin)) {
                *weight = *sum;
            }
        }
        let mut best = (MIN_SHARE, 0.0, None);
        for (lane, (&weight, &share)) in weights.iter().zip(shares).enumerate() {
            // Most lanes are left here, without a choice that the processor could guess wrong.
            if weight < best.0 {
                continue;
            }
            if weight > best.0 || share > best.1 {
                best = (weight, share, Some(lane));
            }
        }
        self.languages.get(best.2?)
    }
}

/// The shares of the languages of all lanes, from the sums of the weights of some rows.
struct Shares<'a> {
    side: &'a Side,
    rows: &'a [u32],
    /// What declared tags add to each lane.
    added: [f32; MAX_LANES],
    may_be: [bool; MAX_LANES],
}

impl Work for Shares<'_> {
    type Answer = [f32; MAX_LANES];

    #[inline(always)]
    fn work(self) -> Self::Answer {
        let Self { side, rows, added, may_be } = self;
        let sums = side.table.sums_plainly(rows);
        let norm = Table::norm(rows.len());
        let mut shares = [0.0; MAX_LANES];
        let weights = side.scales.iter().zip(&side.biases).zip(added.iter().zip(&may_be));
        for ((share, sum), ((scale, bias), (added, may_be))) in
            shares.iter_mut().zip(sums).zip(weights)
        {
            let score = sum as f32 * norm * scale + bias + added;
            *share = if *may_be { score } else { f32::MIN };
        }
        softmax_of_lanes(&mut shares, side.languages.len());
        shares
    }
}

/// The place of a code of two letters, of either case, among all.
fn place(code: &str) -> Option<usize> {
    let [first, second] = *code.as_bytes().as_array()?;
    let number = |letter: u8| letter.is_ascii_alphabetic().then(|| usize::from(letter | 0x20) - 97);
    Some(number(first)? * N_LETTERS + number(second)?)
}
