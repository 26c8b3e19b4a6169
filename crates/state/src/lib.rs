//! The room as a fold over its event log.
