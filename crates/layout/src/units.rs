//! Lengths, times and sizes with their units, as people write them.
