//! The texts that streams are made of.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::Context as _;
use fastrand::Rng;
use flate2::read::GzDecoder;
use serde::Deserialize;

/// Files of labelled posts in many languages; only their texts are read.
const FILES: [&str; 2] = ["mozetic15_posneg", "semeval2013-2016_en"];
/// Synthetic texts, and the words that they are made of.
const N_SYNTHETIC: usize = 20_000;
const N_WORDS: usize = 20_000;

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// Real texts where `VIGIE_DATA` names a folder that has some; synthetic ones elsewhere.
///
/// # Errors
/// Where there are texts that cannot be read.
pub(super) fn texts() -> anyhow::Result<Vec<String>> {
    let folder = std::env::var_os("VIGIE_DATA").map(|folder| Path::new(&folder).join("sentiment"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        tracing::warn!(
            "VIGIE_DATA names no folder of texts: the streams are made of synthetic ones"
        );
        return Ok(synthetic());
    };
    let mut texts = Vec::new();
    for name in FILES {
        let path = folder.join(name).with_extension("jsonl.gz");
        let reading = || format!("reading {}", path.display());
        let file = BufReader::new(GzDecoder::new(File::open(&path).with_context(reading)?));
        for line in file.lines() {
            texts.push(serde_json::from_str::<Line>(&line.with_context(reading)?)?.text);
        }
    }
    Ok(texts)
}

/// Texts of made-up words that are as unequally frequent as real ones.
pub(super) fn synthetic() -> Vec<String> {
    let mut rng = Rng::with_seed(0);
    let words: Vec<String> = (0..N_WORDS).map(|_| word(&mut rng)).collect();
    let text = |rng: &mut Rng| {
        let n_words = rng.usize(4..16);
        let chosen = (0..n_words).filter_map(|_| {
            // Zipf's law: the second word is half as frequent as the first.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let place = ((N_WORDS as f64).ln() * rng.f64()).exp() as usize;
            words.get(place - 1).map(String::as_str)
        });
        chosen.collect::<Vec<_>>().join(" ")
    };
    (0..N_SYNTHETIC).map(|_| text(&mut rng)).collect()
}

fn word(rng: &mut Rng) -> String {
    const PARTS: [&str; 16] = [
        "ma", "ter", "lo", "vi", "gen", "sa", "rou", "pli", "dé", "che", "ton", "bru", "ni", "far",
        "ès", "ku",
    ];
    let n_parts = rng.usize(2..5);
    (0..n_parts).filter_map(|_| rng.choice(PARTS)).collect()
}
