//! Server-sent events: from bytes, cut anywhere, to events. No I/O.

/// Longer events than this are left out and counted: a status has some 10 KiB.
pub const MAX_EVENT_BYTES: usize = 1_048_576;

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// Its type; `message` where the server names none.
    pub name: String,
    /// What it says, its lines joined by line feeds.
    pub data: String,
    /// The last id that the server gave, to resume from.
    pub id: String,
}

/// Reads a stream as the WHATWG's standard has it.
#[derive(Debug, Default)]
pub struct SseReader {
    line: Vec<u8>,
    after_cr: bool,
    begun: bool,
    event: SseEvent,
    has_data: bool,
    oversized: bool,
    n_oversized: u64,
    retry_millis: Option<u64>,
}

impl SseReader {
    /// Takes the next bytes of the stream and hands each event that they complete to `on_event`.
    pub fn push(&mut self, bytes: &[u8], mut on_event: impl FnMut(SseEvent)) {
        for &byte in bytes {
            let lone_lf = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            if lone_lf {
                continue;
            }
            if byte == b'\r' || byte == b'\n' {
                self.end_line(&mut on_event);
            } else if self.line.len() + self.event.data.len() < MAX_EVENT_BYTES {
                self.line.push(byte);
            } else {
                self.oversized = true;
            }
        }
    }

    /// Events left out because they were too long.
    #[must_use]
    pub const fn n_oversized(&self) -> u64 {
        self.n_oversized
    }

    /// How long the server wants clients to wait before they connect again.
    #[must_use]
    pub const fn retry_millis(&self) -> Option<u64> {
        self.retry_millis
    }

    fn end_line(&mut self, on_event: &mut impl FnMut(SseEvent)) {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let line = if self.begun { &line } else { line.trim_start_matches('\u{feff}') };
        self.begun = true;
        if line.is_empty() {
            self.end_event(on_event);
        } else if !self.oversized {
            self.field(line);
        }
        self.line = bytes;
        self.line.clear();
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.event.id),
            "retry" => self.retry_millis = value.parse().ok().or(self.retry_millis),
            _ => {}
        }
    }

    fn end_event(&mut self, on_event: &mut impl FnMut(SseEvent)) {
        let next = SseEvent { id: self.event.id.clone(), ..SseEvent::default() };
        let mut event = std::mem::replace(&mut self.event, next);
        let has_data = std::mem::take(&mut self.has_data);
        if std::mem::take(&mut self.oversized) {
            self.n_oversized += 1;
        } else if has_data {
            if event.name.is_empty() {
                "message".clone_into(&mut event.name);
            }
            on_event(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String, String)> {
        let mut reader = SseReader::default();
        let mut events = Vec::new();
        for piece in pieces {
            reader.push(piece, |event| events.push((event.name, event.data, event.id)));
        }
        events
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let own =
            |(a, b, c): &(&str, &str, &str)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned());
        let expected: Vec<_> = expected.iter().map(own).collect();
        assert_eq!(read(&[text.as_bytes()]), expected, "whole");
        for cut in 0..=text.len() {
            let (head, tail) = text.as_bytes().split_at(cut);
            assert_eq!(read(&[head, tail]), expected, "cut at {cut}");
        }
    }

    #[test]
    fn reads_what_the_standard_shows() {
        check("data: a\n\n", &[("message", "a", "")]);
        check("\u{feff}data: a\r\n\r\n", &[("message", "a", "")]);
        check("data: a\rdata:b\r\r", &[("message", "a\nb", "")]);
        check("data\n\ndata\ndata\n\ndata:", &[("message", "", ""), ("message", "\n", "")]);
        check(":thump\n\nevent: update\ndata: {}\n\n", &[("update", "{}", "")]);
        check("id: 1\ndata: a\n\ndata: b\n\n", &[("message", "a", "1"), ("message", "b", "1")]);
        check("event: x\n\ndata: é👋\n\n", &[("message", "é👋", "")]);
    }

    #[test]
    fn a_flood_is_left_out_and_counted() {
        let mut reader = SseReader::default();
        let mut n_events = 0;
        reader.push(b"data: ", |_| n_events += 1);
        for _ in 0..3 {
            reader.push(&vec![b'x'; MAX_EVENT_BYTES], |_| n_events += 1);
        }
        reader.push(b"\n\ndata: a\n\n", |_| n_events += 1);
        assert_eq!((n_events, reader.n_oversized()), (1, 1));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same(
            bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b':'), any::<u8>()], 0..200),
            cut in 0..200_usize,
        ) {
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(read(&[&bytes]), read(&[head, tail]));
        }
    }
}
