//! Compressed Jetstream frames: zstd with a dictionary that the server hands out.

use std::{fmt, io};

use reqwest::header::HeaderMap;
use tracing::{debug, warn};
use zstd::bulk::Decompressor;

use super::{protocol::Server, wire::Wire};
use crate::{
    SourceContext,
    transport::{poll, websocket::MAX_MESSAGE_BYTES},
};

/// The server's dictionary of August 2026 has 110 KiB.
const MAX_DICTIONARY_BYTES: usize = 1_048_576;

/// How a dictionary file begins (RFC 8878, section 5); its id follows.
const MAGIC: [u8; 4] = [0x37, 0xA4, 0x30, 0xEC];

/// Unpacks frames. It can be off, and is while there is no dictionary.
pub(super) struct Compression {
    wanted: bool,
    dictionary: Option<Dictionary>,
    plain: Vec<u8>,
}

struct Dictionary {
    id: u32,
    host: Option<String>,
    decompressor: Decompressor<'static>,
}

impl fmt::Debug for Compression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.dictionary.as_ref().map(|dictionary| dictionary.id);
        formatter
            .debug_struct("Compression")
            .field("wanted", &self.wanted)
            .field("id", &id)
            .finish()
    }
}

impl Compression {
    pub(super) const fn new(wanted: bool) -> Self {
        Self { wanted, dictionary: None, plain: Vec::new() }
    }

    /// The id to ask `server` for; fetches its dictionary first. Without one, the stream is plain.
    pub(super) async fn prepare(
        &mut self,
        server: &Server,
        context: &SourceContext,
    ) -> Option<u32> {
        if !self.wanted || server.wire == Wire::V1 {
            return None;
        }
        let host = server.url.host_str();
        if self.dictionary.as_ref().is_none_or(|known| known.host.as_deref() != host) {
            self.dictionary = None;
            let url = server.dictionary()?;
            let (http, now) = (&context.http, context.clock.now());
            match poll::get(http, &url, HeaderMap::new(), MAX_DICTIONARY_BYTES, now).await {
                Ok(document) => self.dictionary = dictionary(&document.body, host),
                Err(err) => debug!(source = %context.source, %err, "no dictionary"),
            }
            if self.dictionary.is_none() {
                warn!(source = %context.source, "the stream is not compressed: no dictionary");
            }
        }
        Some(self.dictionary.as_ref()?.id)
    }

    /// The dictionary is not valid any more.
    pub(super) fn forget(&mut self) {
        self.dictionary = None;
    }

    /// The frame inside a compressed one.
    pub(super) fn unpack(&mut self, bytes: &[u8]) -> io::Result<&[u8]> {
        let Some(dictionary) = &mut self.dictionary else {
            return Err(io::Error::other("a binary frame without a dictionary"));
        };
        self.plain.clear();
        self.plain.reserve(MAX_MESSAGE_BYTES);
        dictionary
            .decompressor
            .decompress_to_buffer(bytes, &mut self.plain)
            .map_err(|_err| io::Error::other("a frame that cannot be unpacked"))?;
        Ok(&self.plain)
    }
}

fn dictionary(bytes: &[u8], host: Option<&str>) -> Option<Dictionary> {
    let id = bytes.strip_prefix(&MAGIC)?.first_chunk::<4>().map(|id| u32::from_le_bytes(*id))?;
    // Why it is no dictionary does not matter: the stream stays plain, and the caller says so.
    let decompressor = Decompressor::with_dictionary(bytes).ok()?;
    (id > 0).then_some(Dictionary { id, host: host.map(str::to_owned), decompressor })
}
