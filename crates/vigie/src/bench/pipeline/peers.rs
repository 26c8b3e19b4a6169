//! What others cost in the same run: behind the feature `peers`, so that the program does not carry them.

use std::{hint::black_box, path::Path};

use serde::Deserialize;
use vader_sentiment::SentimentIntensityAnalyzer;
use vigie_store::peers::insert_plainly;

use super::{
    firehose::Firehose,
    parts::{Part, renewed, time},
};

/// Posts for the slow ones.
const N_FEW: usize = 8_192;

#[derive(Deserialize)]
struct Frame {
    commit: Commit,
}

#[derive(Deserialize)]
struct Commit {
    record: Record,
}

#[derive(Deserialize)]
struct Record {
    text: String,
}

/// Measures `serde_json`, `whatlang`, `vader_sentiment` and SQLite, each alone.
pub(super) fn measure(firehose: &Firehose, folder: &Path) -> anyhow::Result<Vec<Part>> {
    let frames = renewed(firehose);
    let json = time("serde_json_value", frames.len(), || {
        for frame in &frames {
            black_box(serde_json::from_slice::<serde_json::Value>(frame).ok());
        }
    });
    let mut texts: Vec<String> = Vec::new();
    let typed = time("serde_json_text_only", frames.len(), || {
        texts.extend(frames.iter().filter_map(|frame| {
            Some(serde_json::from_slice::<Frame>(frame).ok()?.commit.record.text)
        }));
    });
    let few = texts.get(..N_FEW.min(texts.len())).unwrap_or_default();
    let whatlang = time("whatlang", few.len(), || {
        for text in few {
            black_box(whatlang::detect(text));
        }
    });
    let vader = SentimentIntensityAnalyzer::new();
    let vader = time("vader_sentiment", few.len(), || {
        for text in few {
            black_box(vader.polarity_scores(text));
        }
    });
    let rows: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    let mut inserted = Ok(());
    let sqlite = time("sqlite_text_only", rows.len(), || {
        inserted = insert_plainly(&folder.join("plain.db"), &rows);
    });
    inserted?;
    Ok(vec![json, typed, whatlang, vader, sqlite])
}
