//! Any text as a query: no panic, and what is read and written again is the same query.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_layout::query;

fuzz_target!(|text: &str| {
    if let Ok(read) = query::parse(text, &[]) {
        let again = query::parse(&query::to_text(&read), &[]);
        assert_eq!(again.as_ref(), Ok(&read), "{text:?}");
    }
});
