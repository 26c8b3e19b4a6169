//! What others cost in the same run. Those that the program needs for nothing else are behind the feature `peers`.

use std::{hint::black_box, path::Path};

use serde::Deserialize;
#[cfg(feature = "peers")]
use vader_sentiment::SentimentIntensityAnalyzer;
use vigie_store::peers::insert_plainly;

use super::{
    firehose::Firehose,
    parts::{Part, renewed, time},
};

/// Posts for the slow ones.
#[cfg(feature = "peers")]
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

/// Measures `serde_json`, SQLite, `whatlang` and `vader_sentiment`, each alone.
pub(super) fn measure(firehose: &Firehose, folder: &Path) -> anyhow::Result<Vec<Part>> {
    let frames = renewed(firehose);
    let json = time("serde_json_value", frames.len(), || {
        for frame in &frames {
            black_box(serde_json::from_slice::<serde_json::Value>(frame).ok());
        }
    })?;
    let mut texts: Vec<String> = Vec::new();
    let typed = time("serde_json_text_only", frames.len(), || {
        texts.extend(frames.iter().filter_map(|frame| {
            Some(serde_json::from_slice::<Frame>(frame).ok()?.commit.record.text)
        }));
    })?;
    let mut parts = vec![json, typed];
    parts.extend(readers(&texts)?);
    let rows: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    let mut inserted = Ok(());
    let sqlite = time("sqlite_text_only", rows.len(), || {
        inserted = insert_plainly(&folder.join("plain.db"), &rows);
    })?;
    inserted?;
    parts.push(sqlite);
    Ok(parts)
}

#[cfg(feature = "peers")]
fn readers(texts: &[String]) -> anyhow::Result<Vec<Part>> {
    let few = texts.get(..N_FEW.min(texts.len())).unwrap_or_default();
    let whatlang = time("whatlang", few.len(), || {
        for text in few {
            black_box(whatlang::detect(text));
        }
    })?;
    let vader = SentimentIntensityAnalyzer::new();
    let vader = time("vader_sentiment", few.len(), || {
        for text in few {
            black_box(vader.polarity_scores(text));
        }
    })?;
    Ok(vec![whatlang, vader])
}

#[cfg(not(feature = "peers"))]
fn readers(_texts: &[String]) -> anyhow::Result<Vec<Part>> {
    tracing::info!(
        "whatlang and vader_sentiment are measured where the feature `peers` is built in"
    );
    Ok(Vec::new())
}
