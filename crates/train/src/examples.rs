//! Texts as rows, with what they should give.

/// Examples to train on or to measure with, in a few flat buffers.
#[derive(Clone, Debug)]
pub struct Examples {
    n_classes: usize,
    rows: Vec<u32>,
    /// Where the rows of each example end.
    ends: Vec<usize>,
    targets: Vec<f32>,
    weights: Vec<f32>,
    /// The group of each example, and of the next.
    groups: Vec<u16>,
    group: u16,
}

impl Examples {
    /// No examples yet, of `n_classes` classes each.
    #[must_use]
    pub const fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            rows: Vec::new(),
            ends: Vec::new(),
            targets: Vec::new(),
            weights: Vec::new(),
            groups: Vec::new(),
            group: 0,
        }
    }

    /// What is pushed from now on belongs to this group: a data set with habits of its own.
    ///
    /// Each group has biases of its own in training, so that how often a set shows a class, and what its
    /// labellers called neutral, does not go into the weights. Group 0 has none.
    pub const fn begin_group(&mut self, group: u16) {
        self.group = group;
    }

    /// Adds an example: its rows, the share of each class (soft labels are welcome; they need not sum to 1
    /// for independent lanes, and [`f32::NAN`] means that nothing is known of a lane), and what it weighs.
    pub fn push(&mut self, rows: &[u32], targets: &[f32], weight: f32) {
        debug_assert_eq!(targets.len(), self.n_classes, "a share for each class");
        self.rows.extend_from_slice(rows);
        self.ends.push(self.rows.len());
        self.targets.extend(targets);
        self.weights.push(weight);
        self.groups.push(self.group);
    }

    /// Adds an example of one class.
    pub fn push_class(&mut self, rows: &[u32], class: usize, weight: f32) {
        self.rows.extend_from_slice(rows);
        self.ends.push(self.rows.len());
        self.targets.extend((0..self.n_classes).map(|other| f32::from(u8::from(other == class))));
        self.weights.push(weight);
        self.groups.push(self.group);
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many classes each has.
    #[must_use]
    pub const fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The rows of one example.
    #[must_use]
    pub fn rows(&self, example: usize) -> &[u32] {
        let start = example.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(example).copied().unwrap_or_default();
        self.rows.get(start.unwrap_or_default()..end).unwrap_or_default()
    }

    /// The shares of the classes of one example.
    #[must_use]
    pub fn targets(&self, example: usize) -> &[f32] {
        let start = example * self.n_classes;
        self.targets.get(start..start + self.n_classes).unwrap_or_default()
    }

    /// What one example weighs.
    #[must_use]
    pub fn weight(&self, example: usize) -> f32 {
        self.weights.get(example).copied().unwrap_or_default()
    }

    /// The group of one example.
    #[must_use]
    pub fn group(&self, example: usize) -> u16 {
        self.groups.get(example).copied().unwrap_or_default()
    }

    /// How many groups there are but for group 0: the highest number.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.groups.iter().copied().max().map_or(0, usize::from)
    }

    /// The class with the greatest share of one example.
    #[must_use]
    pub fn class(&self, example: usize) -> usize {
        best(self.targets(example))
    }
}

/// The place of the greatest of `scores`, the first of equals.
pub(crate) fn best(scores: &[f32]) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (place, &score) in scores.iter().enumerate() {
        if score > best.1 {
            best = (place, score);
        }
    }
    best.0
}
