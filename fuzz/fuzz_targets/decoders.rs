//! Any bytes from a network: no decoder panics, and what comes out keeps its promises.
//! `VIGIE_DECODER` names one of `vigie_sources::decoders::DECODERS`; all are run where it is unset.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vigie_sources::decoders::DECODERS;

static ONLY: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("VIGIE_DECODER").ok());

fuzz_target!(|bytes: &[u8]| {
    for (name, decode) in DECODERS {
        if ONLY.as_deref().is_none_or(|only| only == *name) {
            decode(bytes);
        }
    }
});
