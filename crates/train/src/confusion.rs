//! How good a model is: which class was taken for which, and the figures that follow.

/// Counts of true classes (rows) and found classes (columns).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    names: Vec<String>,
    counts: Vec<u32>,
}

impl Confusion {
    /// No counts yet, for classes of these names.
    #[must_use]
    pub fn new(names: &[&str]) -> Self {
        Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            counts: vec![0; names.len() * names.len()],
        }
    }

    /// Counts a text of the class `truth` in which `found` was found.
    pub fn add(&mut self, truth: usize, found: usize) {
        if let Some(count) = self.counts.get_mut(truth * self.names.len() + found) {
            *count += 1;
        }
    }

    fn count(&self, truth: usize, found: usize) -> u32 {
        self.counts.get(truth * self.names.len() + found).copied().unwrap_or_default()
    }

    /// How many texts were counted.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of texts that were told right, 0 to 1.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: u32 = (0..self.names.len()).map(|class| self.count(class, class)).sum();
        f64::from(right) / f64::from(self.total().max(1))
    }

    /// The F1 score of one class, 0 to 1: the harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self, class: usize) -> f64 {
        let truth: u32 = (0..self.names.len()).map(|other| self.count(class, other)).sum();
        let found: u32 = (0..self.names.len()).map(|other| self.count(other, class)).sum();
        2.0 * f64::from(self.count(class, class)) / f64::from((truth + found).max(1))
    }

    /// The share of texts of one class that were told right, 0 to 1.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        let truth: u32 = (0..self.names.len()).map(|other| self.count(class, other)).sum();
        f64::from(self.count(class, class)) / f64::from(truth.max(1))
    }

    /// The mean of the F1 scores of all classes, 0 to 1.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        let sum: f64 = (0..self.names.len()).map(|class| self.f1(class)).sum();
        sum / self.names.len().max(1) as f64
    }
}

impl std::fmt::Display for Confusion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>12}", "true \\ found")?;
        for name in &self.names {
            write!(f, "{name:>10}")?;
        }
        for (truth, name) in self.names.iter().enumerate() {
            write!(f, "\n{name:>12}")?;
            for found in 0..self.names.len() {
                write!(f, "{:>10}", self.count(truth, found))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_a_hand_count() {
        let mut confusion = Confusion::new(&["no", "yes"]);
        for (truth, found, n) in [(0, 0, 6), (0, 1, 2), (1, 0, 1), (1, 1, 3)] {
            (0..n).for_each(|_| confusion.add(truth, found));
        }
        assert_eq!(confusion.total(), 12);
        assert!((confusion.accuracy() - 0.75).abs() < 1e-9);
        assert!((confusion.f1(1) - 6.0 / 9.0).abs() < 1e-9);
        assert!((confusion.macro_f1() - (12.0 / 15.0 + 6.0 / 9.0) / 2.0).abs() < 1e-9);
        assert!((confusion.recall(0) - 0.75).abs() < 1e-9);
        assert_eq!(Confusion::new(&[]).macro_f1(), 0.0);
    }
}
