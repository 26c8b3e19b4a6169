//! One line of `vigie analyze`: a post in, an answer out.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vigie_analysis::Analyzer;
use vigie_model::{Attitude, Author, AuthorId, Explanation, Post, PostId, SourceId, Timestamp};

/// Longer lines are not read: no network's post comes near it, and a file without line ends must not fill the memory.
pub(super) const MAX_LINE_BYTES: usize = 1 << 20;

/// What is read of a line; other fields are passed over.
#[derive(Debug, Deserialize)]
struct Asked<'a> {
    /// Given back as it is.
    #[serde(default)]
    id: Value,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// What is said of a post.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    id: &'a Value,
    label: &'static str,
    unsure: bool,
    score: f64,
    lang: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<Reason<'a>>>,
    flags: Vec<&'static str>,
    held: bool,
}

#[derive(Debug, Serialize)]
struct Reason<'a> {
    text: &'a str,
    weight: f64,
}

/// Answers lines, one after the other.
#[derive(Debug)]
pub(super) struct Reader {
    analyzer: Arc<Analyzer>,
    /// Holds the text of the line in work; nothing else of it matters.
    post: Post,
    n_reasons: usize,
}

impl Reader {
    /// A reader that tells up to `n_reasons` of each post.
    pub(super) fn new(analyzer: Arc<Analyzer>, n_reasons: usize) -> Self {
        Self { analyzer, post: blank(), n_reasons }
    }

    /// Adds the answer to `line` to `out`, with a line end.
    ///
    /// # Errors
    /// Says what is wrong with the line; `out` is as it was.
    pub(super) fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        if line.len() >= MAX_LINE_BYTES {
            return Err(format!("longer than {MAX_LINE_BYTES} bytes"));
        }
        let asked: Asked<'_> = serde_json::from_slice(line).map_err(|err| said(&err))?;
        self.post.text = asked.text.into();
        let reading = self.analyzer.read(&self.post);
        let reasons = (self.n_reasons > 0).then(|| {
            let explanation = self.analyzer.explain(&self.post);
            reasons(&explanation, &self.post.text, self.n_reasons)
        });
        let answer = Answer {
            id: &asked.id,
            label: label(reading.tone.attitude),
            unsure: reading.tone.unsure,
            score: rounded(reading.tone.score),
            lang: reading.language.as_str(),
            reasons,
            flags: reading.flags.iter().map(|(flag, _)| flag.name()).collect(),
            held: reading.flags.holds(),
        };
        let start = out.len();
        if let Err(err) = serde_json::to_writer(&mut *out, &answer) {
            out.truncate(start);
            return Err(err.to_string());
        }
        out.push(b'\n');
        Ok(())
    }
}

/// What is wrong with a line; it is one line, so that only the column counts.
fn said(err: &serde_json::Error) -> String {
    let said = err.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    format!("{what}, column {}; expected {{\"id\": …, \"text\": \"…\"}}", err.column())
}

fn reasons<'a>(explanation: &Explanation, text: &'a str, n_reasons: usize) -> Vec<Reason<'a>> {
    explanation
        .reasons
        .iter()
        .filter_map(|reason| {
            let text = text.get(reason.range.clone())?;
            Some(Reason { text, weight: rounded(reason.weight) })
        })
        .filter(|reason| reason.weight != 0.0)
        .take(n_reasons)
        .collect()
}

/// Four places are more than the model knows.
fn rounded(value: f32) -> f64 {
    // Adding zero makes a plain zero of -0.
    (f64::from(value) * 1e4).round() / 1e4 + 0.0
}

const fn label(attitude: Attitude) -> &'static str {
    match attitude {
        Attitude::Negative => "negative",
        Attitude::Neutral => "neutral",
        Attitude::Positive => "positive",
    }
}

/// A post that says nothing, from nobody.
fn blank() -> Post {
    Post {
        id: PostId::new("file", ""),
        author: Arc::new(Author {
            id: AuthorId::new("file", ""),
            handle: "".into(),
            name: "".into(),
            avatar: None,
        }),
        text: "".into(),
        spans: Vec::new(),
        languages: Vec::new(),
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: Timestamp::EPOCH,
        received: Timestamp::EPOCH,
        edited: None,
        source: SourceId::new("file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(line: &str, n_reasons: usize) -> Result<Value, String> {
        let mut out = b"before\n".to_vec();
        Reader::new(Arc::new(Analyzer::new()), n_reasons).answer(line.as_bytes(), &mut out)?;
        let said = out.strip_prefix(b"before\n").expect("what was there stays");
        assert!(said.ends_with(b"\n") && said.iter().filter(|byte| **byte == b'\n').count() == 1);
        Ok(serde_json::from_slice(said).expect("JSON"))
    }

    #[test]
    fn a_post_gets_all_answers() {
        let answer = answer(r#"{"id": 7, "text": "What a wonderful day 😍", "x": []}"#, 5);
        let answer = answer.expect("a good line");
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["label"], "positive");
        assert_eq!(answer["lang"], "en");
        assert_eq!(answer["flags"], Value::Array(Vec::new()));
        assert!(answer["score"].as_f64().expect("a number") > 0.2, "{answer}");
        let reasons = answer["reasons"].as_array().expect("reasons");
        assert!(reasons.len() <= 5);
        assert!(reasons.iter().any(|reason| reason["text"] == "wonderful"), "{answer}");
    }

    #[test]
    fn reasons_can_be_left_out_and_ids_may_be_anything() {
        let answer = answer(r#"{"text": "ok\n\"", "id": {"a": [null]}}"#, 0).expect("a good line");
        assert!(answer.get("reasons").is_none());
        assert_eq!(answer["id"].to_string(), r#"{"a":[null]}"#);
    }

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let said = answer(line, 5).expect_err("a bad line");
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn bad_lines_say_what_is_wrong() {
        check("", "EOF");
        check("nonsense", "column");
        check(r#"{"id": 1}"#, "missing field `text`");
        check(r#"{"id": 1, "text": 5}"#, "expected");
        check(r#"{"id": 1, "text": "a"} x"#, "trailing");
        check(&format!(r#"{{"text": "{}"}}"#, "x".repeat(MAX_LINE_BYTES)), "longer");
    }
}
