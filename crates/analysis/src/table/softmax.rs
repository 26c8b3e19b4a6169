//! From scores to shares, the same on every machine: plain arithmetic of IEEE 754 in a fixed order.

use super::MAX_LANES;

/// What is this far behind the highest score has no share that f32 could add to the others.
const FAR_BEHIND: f32 = -20.0;

/// The shares that softmax gives to `scores`, in place; the same on every machine.
pub fn softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        let behind = *score - highest;
        *score = if behind < FAR_BEHIND { 0.0 } else { exp(behind) };
        total += *score;
    }
    for score in scores {
        *score /= total;
    }
}

/// As [`softmax`] for all lanes of a table, of which the first `n_lanes` count; the others get nothing.
///
/// For [`super::sums`]-wide registers: no step depends on the one before, but for the total.
#[inline(always)]
pub(crate) fn softmax_of_lanes(scores: &mut [f32; MAX_LANES], n_lanes: usize) {
    const N_AT_ONCE: usize = 16;
    for score in scores.iter_mut().skip(n_lanes) {
        *score = f32::MIN;
    }
    let mut highest = [f32::MIN; N_AT_ONCE];
    for scores in scores.as_chunks::<N_AT_ONCE>().0 {
        for (highest, score) in highest.iter_mut().zip(scores) {
            *highest = if *score > *highest { *score } else { *highest };
        }
    }
    let highest = highest.into_iter().fold(f32::MIN, f32::max);
    for score in scores.iter_mut() {
        let behind = *score - highest;
        let share = exp(behind);
        *score = if behind < FAR_BEHIND { 0.0 } else { share };
    }
    let total: f32 = scores.iter().take(n_lanes).fold(0.0, |total, share| total + share);
    for score in scores.iter_mut() {
        *score /= total;
    }
}

/// The logistic function; the same on every machine.
#[must_use]
pub fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + exp(-score))
}

/// e to the power of `x`, to about six digits, by plain arithmetic: what a system's library gives differs
/// in the last bit from machine to machine.
#[must_use]
#[inline]
pub fn exp(x: f32) -> f32 {
    let by_two = (x * std::f32::consts::LOG2_E).clamp(-126.0, 127.0);
    let whole = (by_two + 0.5).floor();
    let part = (by_two - whole) * std::f32::consts::LN_2;
    // Taylor's series is good to 1e-7 where the argument is within half of ln 2.
    let series = 1.0
        + part
            * (1.0
                + part
                    * (0.5
                        + part
                            * (1.0 / 6.0
                                + part * (1.0 / 24.0 + part * (1.0 / 120.0 + part / 720.0)))));
    f32::from_bits(((whole as i32).wrapping_add(127) as u32) << 23) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_close() {
        for step in -400..400 {
            let x = step as f32 / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5, "{x}");
        }
        let mut scores = [1.0, 2.0, 3.0];
        softmax(&mut scores);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6 && scores[2] > scores[1]);
    }

    proptest::proptest! {
        #[test]
        fn lanes_get_the_shares_of_scores(scores in proptest::collection::vec(-60.0_f32..60.0, 1..=MAX_LANES)) {
            let mut lanes = [9.0; MAX_LANES];
            lanes[..scores.len()].copy_from_slice(&scores);
            let n_lanes = scores.len();
            let mut shares = scores;
            softmax(&mut shares);
            softmax_of_lanes(&mut lanes, n_lanes);
            proptest::prop_assert_eq!(&lanes[..n_lanes], &shares[..]);
        }
    }
}
