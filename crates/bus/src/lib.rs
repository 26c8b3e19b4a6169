//! The in-process event bus: lanes, batches, limits, counters.
