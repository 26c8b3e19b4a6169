//! From weights of 32 bits to a table of 8.

use vigie_analysis::{Lane, Table, TableError};

use crate::Weights;

/// The largest weight of a table; -128 is not used, so that a sign can be turned.
const LARGEST: f32 = 127.0;
/// Scales that are tried for a lane: the largest weight, and down to a tenth of it.
const N_SCALES: u32 = 46;

/// A table of `weights` with the lanes `names`, each lane with the scale that errs least.
///
/// # Errors
/// Where the names are not those of the weights' lanes, or out of bounds.
pub fn quantize(weights: &Weights, names: &[&str]) -> Result<Table, TableError> {
    if names.len() != weights.n_classes() {
        return Err(TableError::Lanes);
    }
    let lanes: Vec<Lane> = names
        .iter()
        .zip(weights.biases())
        .enumerate()
        .map(|(lane, (&name, &bias))| Lane {
            name: name.to_owned(),
            scale: scale(weights, lane),
            bias,
        })
        .collect();
    let quantized: Vec<i8> = weights
        .rows()
        .chunks(names.len())
        .flat_map(|row| row.iter().zip(&lanes).map(|(weight, lane)| rounded(weight / lane.scale)))
        .collect();
    Table::new(lanes, weights.row_bits(), &quantized)
}

fn rounded(weight: f32) -> i8 {
    weight.round().clamp(-LARGEST, LARGEST) as i8
}

/// The scale that makes the least squared error over a lane: a few clipped weights cost less than a coarse step.
fn scale(weights: &Weights, lane: usize) -> f32 {
    let values: Vec<f32> =
        weights.rows().iter().skip(lane).step_by(weights.n_classes()).copied().collect();
    let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    if largest == 0.0 {
        return 1.0;
    }
    let error = |scale: f32| -> f64 {
        values
            .iter()
            .filter(|value| **value != 0.0)
            .map(|value| f64::from(value - f32::from(rounded(value / scale)) * scale).powi(2))
            .sum()
    };
    (0..N_SCALES)
        .map(|step| largest / LARGEST * (1.0 - step as f32 / 50.0))
        .map(|scale| (scale, error(scale)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(1.0, |(scale, _)| scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Examples, Settings, train};

    #[test]
    fn the_table_scores_nearly_as_the_weights() {
        let mut examples = Examples::new(3);
        for n in 0..300_u32 {
            examples.push_class(&[n % 3, 50 + n % 11, 90 + n % 5], n as usize % 3, 1.0);
        }
        let weights = train(&examples, &Settings::default(), None, &mut |_| ());
        let table = quantize(&weights, &["a", "b", "c"]).expect("three lanes");
        let rows = [0, 52, 91];
        let mut scores = Vec::new();
        weights.scores(&rows, &mut scores);
        let sums = table.sums(&rows);
        for (lane, score) in scores.iter().enumerate() {
            let found = table.score(lane, sums[lane], rows.len());
            assert!((found - score).abs() < 0.05 * score.abs().max(1.0), "{found} for {score}");
        }
        assert_eq!(quantize(&weights, &["a"]).map(drop), Err(TableError::Lanes));
    }
}
