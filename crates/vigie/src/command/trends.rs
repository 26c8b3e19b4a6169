//! `vigie trends`: the bursts in a file of posts, as JSON lines.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write as _},
};

use serde::Deserialize;

use crate::{
    bursts::{
        lines::{BadLines, for_each_line},
        stream::{PostStream, TermAlert},
    },
    cli::TrendsArgs,
};

/// One line of the file; other fields are passed over.
#[derive(Deserialize)]
struct Line<'a> {
    time: f64,
    #[serde(borrow)]
    author: Name<'a>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// An author's name or number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name<'a> {
    Number(i64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

/// Prints the bursts of the file, each once, in the order of the posts' time.
///
/// # Errors
/// Where the file cannot be read or nothing can be printed.
pub(crate) fn run(args: &TrendsArgs) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut print = |alerts: Vec<TermAlert>| -> anyhow::Result<()> {
        for alert in alerts {
            serde_json::to_writer(&mut out, &alert)?;
            writeln!(out)?;
            out.flush()?;
        }
        Ok(())
    };
    let (mut stream, mut bad) = (PostStream::new(), BadLines::default());
    for_each_line(&args.file, &mut bad, |number, line, bad| {
        match serde_json::from_slice::<Line<'_>>(line) {
            Ok(post) if post.time.abs() < 1e15 => {
                let author = match post.author {
                    Name::Number(number) => number.to_string().into(),
                    Name::Text(name) => name,
                };
                #[expect(clippy::cast_possible_truncation, reason = "checked to be far within")]
                let time = post.time.floor() as i64;
                let n_skipped = stream.n_skipped;
                let alerts = stream.push(time, &author, &post.text);
                if stream.n_skipped > n_skipped {
                    bad.add(number, format_args!("its time {time} is far from all others"));
                }
                print(alerts)
            }
            Ok(post) => {
                bad.add(number, format_args!("no time: {:e}", post.time));
                Ok(())
            }
            Err(err) => {
                let expected = r#"{"time": …, "author": …, "text": …}"#;
                bad.add(number, format_args!("{err}; expected {expected}"));
                Ok(())
            }
        }
    })?;
    print(stream.finish())?;
    bad.tell();
    Ok(())
}
