//! Labelled texts: one JSON object a line, plain or gzipped, and the way to keep some of them out.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

/// Longer lines are not those of a data set of posts.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// Why a file of texts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The file is not there, or cannot be read.
    #[error("cannot read {}: {err}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        err: std::io::Error,
    },
    /// A line is no object with a text.
    #[error("line {line} is no JSON object of the expected form ({err}): {}", path.display())]
    Form {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        err: serde_json::Error,
    },
    /// A line is too long.
    #[error("line {line} is longer than {MAX_LINE_BYTES} bytes: {}", path.display())]
    Long {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
}

/// One line of a data set. Sets with other fields are read with a type of their own.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// The ISO 639-1 code of the language; empty where the set does not say.
    #[serde(default)]
    pub lang: String,
    /// The label, as the set writes it: a string or a number.
    #[serde(default)]
    pub label: serde_json::Value,
    /// What was written.
    pub text: String,
}

/// All lines of the `.jsonl` or `.jsonl.gz` file at `path`.
///
/// # Errors
/// Where the file cannot be read or a line is not of the form of `T`.
pub fn texts<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, TextError> {
    let fault = |err| TextError::Read { path: path.to_owned(), err };
    let file = File::open(path).map_err(fault)?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    let bytes: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut reader = BufReader::new(bytes);
    let mut found = Vec::new();
    let mut text = String::new();
    for line in 1.. {
        text.clear();
        let n_bytes = reader.by_ref().take(MAX_LINE_BYTES).read_line(&mut text).map_err(fault)?;
        if n_bytes == 0 {
            break;
        }
        if n_bytes as u64 == MAX_LINE_BYTES {
            return Err(TextError::Long { path: path.to_owned(), line });
        }
        if text.trim().is_empty() {
            continue;
        }
        let form = |err| TextError::Form { path: path.to_owned(), line, err };
        found.push(serde_json::from_str(&text).map_err(form)?);
    }
    Ok(found)
}

/// Keeps a share of all texts out of the training, by their hash: never by their place in a file, which can
/// give labels away, and so that copies of a text fall on the same side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Another seed, another split.
    pub seed: u64,
    /// How many of a thousand texts are kept out.
    pub out_of_thousand: u64,
}

impl Split {
    /// Whether `text` is kept out of the training.
    #[must_use]
    pub fn keeps_out(&self, text: &str) -> bool {
        let words = text
            .split_whitespace()
            .filter(|word| !word.starts_with('@') && !word.starts_with("http") && *word != "RT");
        let hash =
            words.flat_map(str::bytes).fold(self.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3)
            });
        (hash ^ hash >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33 & 0x3fff_ffff
            < self.out_of_thousand * (1 << 30) / 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_keeps_its_share_and_copies_together() {
        let split = Split { seed: 7, out_of_thousand: 100 };
        let n_out = (0..20_000).filter(|n| split.keeps_out(&format!("text number {n}"))).count();
        assert!((1_800..2_200).contains(&n_out), "{n_out}");
        for n in 0..1_000 {
            let text = format!("text number {n}");
            let copy = format!("RT @a Text  number {n} https://a.example");
            assert_eq!(split.keeps_out(&text), split.keeps_out(&copy));
        }
        assert!(!Split { seed: 7, out_of_thousand: 0 }.keeps_out("any"));
        assert!(Split { seed: 7, out_of_thousand: 1_000 }.keeps_out("any"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let folder = std::env::temp_dir().join(format!("vigie-train-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("lines.jsonl");
        std::fs::write(&path, "{\"text\":\"a\",\"label\":1}\n\n{\"text\":2}\n").expect("a file");
        let err = texts::<Line>(&path).expect_err("line 3 has no text");
        assert!(err.to_string().starts_with("line 3 is no JSON object"), "{err}");
        std::fs::write(&path, "{\"text\":\"a\",\"lang\":\"fr\"}\n").expect("a file");
        assert_eq!(texts::<Line>(&path).expect("one line")[0].lang, "fr");
        std::fs::remove_dir_all(&folder).expect("the folder goes");
        assert!(texts::<Line>(&path).is_err());
    }
}
