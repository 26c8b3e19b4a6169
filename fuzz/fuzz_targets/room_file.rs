//! Any bytes as a room file: no panic; a room, or at least one complaint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_layout::{Vocabulary, check_bytes};

fuzz_target!(|bytes: &[u8]| {
    let checked = check_bytes(bytes, "fuzz.toml", &Vocabulary::default());
    assert!(checked.room.is_some() || !checked.diagnostics.is_empty());
    for diagnostic in &checked.diagnostics {
        assert!(!diagnostic.to_string().is_empty());
    }
});
