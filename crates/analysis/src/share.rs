//! Share of voice: how much of what is said about several names is said about each of them.

/// The share of each of `n_posts` in their sum, 0 to 1; nothing where nobody spoke.
///
/// The classic measure of advertising (a brand's part of all spending in its market), counted in posts of the public:
/// a post that names two of them counts for both, so the sum is of mentions, not of posts.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn share_of_voice(n_posts: &[u64]) -> Option<Vec<f64>> {
    let sum: u64 = n_posts.iter().fold(0, |sum, count| sum.saturating_add(*count));
    (sum > 0).then(|| n_posts.iter().map(|count| *count as f64 / sum as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_mentions() {
        assert_eq!(share_of_voice(&[60, 30, 10]), Some(vec![0.6, 0.3, 0.1]));
        assert_eq!(share_of_voice(&[0, 5]), Some(vec![0.0, 1.0]));
        assert_eq!(share_of_voice(&[0, 0]), None);
        assert_eq!(share_of_voice(&[]), None);
        assert!(share_of_voice(&[u64::MAX, u64::MAX]).is_some());
    }
}
