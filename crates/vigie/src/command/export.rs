//! `vigie export`: what the room knows, as files for other programs.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write as _},
    sync::Arc,
};

use anyhow::Context as _;
use serde::Serialize;
use vigie_model::{Attitude, Command, Event, Logged, Post, PostId, Reading};
use vigie_store::Reader;

use crate::{
    cli::{ExportArgs, ExportSubject},
    room::files::{DataFolder, RoomSource},
};

/// What people said of one post.
#[derive(Debug, Default)]
struct Correction {
    label: Option<Attitude>,
    question: Option<bool>,
    by: String,
    at: String,
}

/// One line of the file.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: String,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Attitude>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<bool>,
    lang: &'a str,
    /// What the analysis had said.
    was: Attitude,
    was_unsure: bool,
    by: &'a str,
    at: &'a str,
}

/// Writes what is asked for.
///
/// # Errors
/// Where there is no log, it cannot be read, or the file cannot be written.
pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<()> {
    match args.subject {
        ExportSubject::Corrections => corrections(args),
    }
}

/// Posts that people have read and corrected, with their label: training data. Deleted posts are not in the log any
/// more, and so not here either.
fn corrections(args: &ExportArgs) -> anyhow::Result<()> {
    let source = RoomSource::File(args.room.clone());
    let path = DataFolder::of(&source, args.data.as_deref())?.log_path();
    anyhow::ensure!(path.exists(), "this room has no log: {}", path.display());
    let reader = Reader::open(&path)?;
    let mut said: BTreeMap<PostId, Correction> = BTreeMap::new();
    let mut gone: Vec<PostId> = Vec::new();
    for logged in reader.replay(..) {
        note(&logged?, &mut said, &mut gone);
    }
    gone.iter().for_each(|id| drop(said.remove(id)));
    let mut texts: BTreeMap<PostId, (Arc<Post>, Arc<Reading>)> = BTreeMap::new();
    for logged in reader.replay(..) {
        if let Event::Post { post, reading } = logged?.event
            && said.contains_key(&post.id)
        {
            texts.insert(post.id.clone(), (post, reading));
        }
    }
    let mut out: Box<dyn io::Write> = match &args.out {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("making {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(io::stdout().lock()),
    };
    for (id, (post, reading)) in &texts {
        let Some(correction) = said.get(id) else { continue };
        serde_json::to_writer(&mut out, &line(post, reading, correction))?;
        out.write_all(b"\n")?;
    }
    out.flush().context("writing the corrections")
}

/// Remembers what a command says of a post, and which posts are gone.
fn note(logged: &Logged, said: &mut BTreeMap<PostId, Correction>, gone: &mut Vec<PostId>) {
    let issued = match &logged.event {
        Event::Command(issued) => issued,
        Event::Deleted(id) => return gone.push(id.clone()),
        _ => return,
    };
    let id = match &issued.command {
        Command::Retone { post, .. } | Command::Requestion { post, .. } => post,
        Command::Reject(id) => return gone.push(id.clone()),
        _ => return,
    };
    let correction = said.entry(id.clone()).or_default();
    match &issued.command {
        Command::Retone { attitude, .. } => correction.label = Some(*attitude),
        Command::Requestion { question, .. } => correction.question = Some(*question),
        _ => {}
    }
    correction.by = issued.by.to_string();
    correction.at = logged.at.to_string();
}

fn line<'a>(post: &'a Post, reading: &'a Reading, correction: &'a Correction) -> Line<'a> {
    Line {
        id: format!("{}:{}", post.id.network, post.id.native),
        text: &post.text,
        label: correction.label,
        question: correction.question,
        lang: reading.language.as_str(),
        was: reading.tone.attitude,
        was_unsure: reading.tone.unsure,
        by: &correction.by,
        at: &correction.at,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;
    use vigie_model::{Author, AuthorId, Issued, Seq, SourceId, Timestamp};
    use vigie_store::{Group, Options, Writer};

    use super::*;

    fn post(native: &str, text: &str) -> Event {
        let author = Author {
            id: AuthorId::new("x", native),
            handle: native.into(),
            name: native.into(),
            avatar: None,
        };
        let post = Post {
            id: PostId::new("x", native),
            author: Arc::new(author),
            text: text.into(),
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
            source: SourceId::new("live"),
        };
        Event::Post { post: Arc::new(post), reading: Arc::default() }
    }

    fn said(command: Command) -> Event {
        Event::Command(Issued { by: "Camille".into(), command })
    }

    fn retoned(native: &str, attitude: Attitude) -> Event {
        said(Command::Retone { post: PostId::new("x", native), attitude })
    }

    #[test]
    fn corrected_posts_are_written_and_deleted_ones_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let room = folder.path().join("room.toml");
        fs::write(&room, "name = 'r'").expect("a room file");
        let source = RoomSource::File(room.clone());
        let data = DataFolder::of(&source, Some(folder.path())).expect("a data folder");
        let events = [
            post("kept", "Bravo… 40 minutes de retard"),
            post("gone", "supprimé"),
            post("turned", "refusé"),
            post("silent", "sans avis"),
            retoned("kept", Attitude::Positive),
            retoned("kept", Attitude::Negative),
            said(Command::Requestion { post: PostId::new("x", "kept"), question: false }),
            retoned("gone", Attitude::Positive),
            Event::Deleted(PostId::new("x", "gone")),
            retoned("turned", Attitude::Negative),
            said(Command::Reject(PostId::new("x", "turned"))),
            retoned("never-seen", Attitude::Negative),
        ];
        let at = |seq| Timestamp::from_secs(1_700_000_000 + seq);
        let events = (1..).zip(events).map(|(seq, event)| Logged {
            seq: Seq(seq),
            at: at(i64::try_from(seq).expect("few")),
            event,
        });
        let writer = Writer::start(&data.log_path(), Options::default()).expect("a log");
        let group = Group { events: events.collect(), ..Group::default() };
        writer.append(group).expect("room in the log");
        writer.close().expect("a log on disk");
        let out = folder.path().join("out.jsonl");
        let subject = ExportSubject::Corrections;
        let asked = Some(folder.path().to_owned());
        run(&ExportArgs { subject, room, out: Some(out.clone()), data: asked }).expect("a file");
        let written = fs::read_to_string(&out).expect("text");
        let lines: Vec<Value> =
            written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let [line] = &lines[..] else { panic!("{written}") };
        assert_eq!(line["id"], "x:kept");
        assert_eq!((&line["label"], &line["question"]), (&"negative".into(), &false.into()));
        assert_eq!((&line["by"], &line["was"]), (&"Camille".into(), &"neutral".into()));
    }
}
