//! A map that forgets what came first once it is full.

use std::{collections::VecDeque, hash::Hash};

use rustc_hash::FxHashMap;

/// A map with a limit; what was put in first goes first. Keys must not be chosen by outsiders.
#[derive(Debug)]
pub(crate) struct Fifo<K, V> {
    limit: usize,
    values: FxHashMap<K, V>,
    /// Keys in the order of their coming; some may have been removed since.
    order: VecDeque<K>,
}

impl<K: Copy + Eq + Hash, V> Fifo<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, values: FxHashMap::default(), order: VecDeque::new() }
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.values.get(&key)
    }

    pub(crate) fn contains(&self, key: K) -> bool {
        self.values.contains_key(&key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.values.insert(key, value).is_none() {
            self.note(key);
        }
    }

    /// The value of `key`, made by default where there is none.
    pub(crate) fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        if !self.values.contains_key(&key) {
            self.insert(key, V::default());
        }
        self.values.entry(key).or_default()
    }

    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.values.get_mut(&key)
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        self.values.remove(&key)
    }

    fn note(&mut self, key: K) {
        self.order.push_back(key);
        while self.values.len() > self.limit || self.order.len() > 2 * self.limit {
            let Some(first) = self.order.pop_front() else { break };
            if first != key {
                self.values.remove(&first);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_first() {
        let mut fifo = Fifo::new(3);
        for key in 0..5 {
            fifo.insert(key, key * 10);
        }
        assert_eq!((fifo.get(1), fifo.get(2), fifo.get(4)), (None, Some(&20), Some(&40)));
        *fifo.entry(9) += 1;
        assert!(!fifo.contains(2) && fifo.contains(9));
    }

    #[test]
    fn stays_small_whatever_comes_and_goes() {
        let mut fifo = Fifo::new(4);
        for round in 0..1_000 {
            fifo.insert(round % 7, ());
            fifo.remove(round % 3);
        }
        assert!(fifo.values.len() <= 4 && fifo.order.len() <= 8);
    }
}
