//! `vigie analyze`: what the wall would make of the posts in a file, one JSON object a line.
//!
//! One thread reads, one a core answers, and this one writes in the order of the input: each chunk of lines
//! has its place in the output before it is worked on. What waits between the threads is bounded.

mod line;

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, ErrorKind, IsTerminal as _, Read, Write},
    num::NonZeroUsize,
    sync::Arc,
    thread,
};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, bounded};
use indicatif::{ProgressBar, ProgressStyle};
use vigie_analysis::Analyzer;

use self::line::{MAX_LINE_BYTES, Reader};
use crate::cli::AnalyzeArgs;

/// What is read at once: some thousand posts, so that handing over costs nothing, and a pipe is answered soon.
const CHUNK_BYTES: usize = 256 * 1_024;
/// Chunks that may be done or in work before they are written, for each thread.
const AHEAD_PER_THREAD: usize = 2;
/// So many bad lines are named; more are only counted.
const MAX_TOLD: u64 = 20;

/// Answers every line of the file on standard output.
///
/// # Errors
/// Where the file cannot be read, the answers cannot be written, or no line could be answered.
pub(crate) fn run(args: &AnalyzeArgs) -> anyhow::Result<()> {
    let is_standard = args.file.as_os_str() == "-";
    let (input, n_bytes): (Box<dyn Read + Send>, u64) = if is_standard {
        (Box::new(io::stdin()), 0)
    } else {
        let named = || format!("cannot read {}", args.file.display());
        let file = File::open(&args.file).with_context(named)?;
        let n_bytes = file.metadata().with_context(named)?.len();
        (Box::new(file), n_bytes)
    };
    let mut writer = Writer {
        out: io::stdout().lock(),
        progress: progress(n_bytes),
        n_lines: 0,
        n_bad: 0,
        n_bytes: 0,
    };
    let analyzer = Arc::new(Analyzer::new());
    answer_all(input, &analyzer, args.reasons, &mut writer)?;
    writer.finish()
}

/// Lines of the input, whole, with the number of the first.
#[derive(Debug, Default)]
struct Chunk {
    bytes: Vec<u8>,
    first_line: u64,
}

/// What became of a chunk.
#[derive(Debug, Default)]
struct Answers {
    bytes: Vec<u8>,
    /// The numbers of the lines that could not be answered, and why.
    bad: Vec<(u64, String)>,
    n_lines: u64,
    /// The length of the chunk.
    n_read: usize,
}

/// A chunk and where its answers belong.
type Task = (Chunk, Sender<Answers>);

fn answer_all(
    input: impl Read + Send,
    analyzer: &Arc<Analyzer>,
    n_reasons: usize,
    writer: &mut Writer<impl Write>,
) -> anyhow::Result<()> {
    let n_threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let n_ahead = n_threads * AHEAD_PER_THREAD;
    thread::scope(|scope| {
        let (tasks_in, tasks) = bounded::<Task>(n_ahead);
        let (slots_in, slots) = bounded::<Receiver<Answers>>(n_ahead);
        let reading = scope.spawn(move || read_all(input, &tasks_in, &slots_in));
        for _ in 0..n_threads {
            let tasks = tasks.clone();
            let mut reader = Reader::new(Arc::clone(analyzer), n_reasons);
            scope.spawn(move || {
                for (chunk, outcome) in tasks {
                    // The writer is gone where nobody reads the output any more.
                    if outcome.send(answers(&chunk, &mut reader)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tasks);
        for slot in slots {
            let answers = slot.recv().context("the analysis of a part of the input failed")?;
            match writer.write(&answers) {
                Err(err) if err.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.context("cannot write the answers")?,
            }
        }
        match reading.join() {
            Ok(read) => read.context("cannot read the input"),
            Err(_panic) => anyhow::bail!("reading the input failed"),
        }
    })
}

/// Reads the input to its end, or to where nobody wants answers any more.
fn read_all(
    input: impl Read,
    tasks: &Sender<Task>,
    slots: &Sender<Receiver<Answers>>,
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(CHUNK_BYTES, input);
    let mut n_lines = 0;
    loop {
        let mut chunk = Chunk { bytes: Vec::with_capacity(CHUNK_BYTES), first_line: n_lines + 1 };
        // To the end of what is there: the next byte of a pipe may be long in coming.
        while chunk.bytes.len() < CHUNK_BYTES && read_line(&mut input, &mut chunk.bytes)? {
            n_lines += 1;
            if input.buffer().is_empty() {
                break;
            }
        }
        if chunk.bytes.is_empty() {
            return Ok(());
        }
        let (outcome, slot) = bounded(1);
        if slots.send(slot).is_err() || tasks.send((chunk, outcome)).is_err() {
            return Ok(());
        }
    }
}

/// Adds the next line to `into`, with a line end, of a long one only the beginning; false at the end.
fn read_line(input: &mut BufReader<impl Read>, into: &mut Vec<u8>) -> io::Result<bool> {
    let start = into.len();
    loop {
        let there = match input.fill_buf() {
            Err(err) if err.kind() == ErrorKind::Interrupted => continue,
            there => there?,
        };
        if there.is_empty() {
            let is_line = into.len() > start;
            if is_line {
                into.push(b'\n');
            }
            return Ok(is_line);
        }
        let end = there.iter().position(|byte| *byte == b'\n');
        let n_used = end.map_or(there.len(), |end| end + 1);
        let room = MAX_LINE_BYTES.saturating_sub(into.len() - start);
        let n_text = end.unwrap_or(n_used).min(room);
        into.extend_from_slice(there.get(..n_text).unwrap_or_default());
        input.consume(n_used);
        if end.is_some() {
            into.push(b'\n');
            return Ok(true);
        }
    }
}

fn answers(chunk: &Chunk, reader: &mut Reader) -> Answers {
    let mut answers = Answers {
        bytes: Vec::with_capacity(2 * chunk.bytes.len()),
        n_read: chunk.bytes.len(),
        ..Answers::default()
    };
    let lines = chunk.bytes.strip_suffix(b"\n").unwrap_or(&chunk.bytes);
    for (number, line) in (chunk.first_line..).zip(lines.split(|byte| *byte == b'\n')) {
        let line = line.trim_ascii();
        // A byte order mark may stand before the first line.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        answers.n_lines += 1;
        if let Err(reason) = reader.answer(line, &mut answers.bytes) {
            answers.bad.push((number, reason));
        }
    }
    answers
}

/// Where the answers go, and what is told of the work.
#[derive(Debug)]
struct Writer<W> {
    out: W,
    progress: ProgressBar,
    n_lines: u64,
    n_bad: u64,
    n_bytes: u64,
}

impl<W: Write> Writer<W> {
    fn write(&mut self, answers: &Answers) -> io::Result<()> {
        self.out.write_all(&answers.bytes)?;
        self.out.flush()?;
        self.n_lines += answers.n_lines;
        for (number, reason) in &answers.bad {
            self.n_bad += 1;
            if self.n_bad <= MAX_TOLD {
                self.progress.suspend(|| tell(&format!("line {number} is skipped: {reason}")));
            }
        }
        self.n_bytes += answers.n_read as u64;
        self.progress.set_position(self.n_bytes);
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        self.progress.finish_and_clear();
        if self.n_bad > 0 {
            tell(&format!("{} of {} lines skipped", self.n_bad, self.n_lines));
        }
        anyhow::ensure!(
            self.n_bad == 0 || self.n_bad < self.n_lines,
            "no line could be read; expected one JSON object a line, with `id` and `text`"
        );
        Ok(())
    }
}

/// A bar for people who wait at a terminal; a count of bytes where the length is not known.
fn progress(n_bytes: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    if n_bytes == 0 {
        return ProgressBar::new_spinner();
    }
    let style = ProgressStyle::with_template("reading posts {bar:40} {percent}% {eta}")
        .unwrap_or_else(|_invalid| ProgressStyle::default_bar());
    ProgressBar::new(n_bytes).with_style(style)
}

#[expect(clippy::print_stderr, reason = "the person who started the program must see it")]
fn tell(said: &str) {
    eprintln!("vigie: {said}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyze(input: &[u8]) -> (String, u64, u64) {
        let mut writer = Writer {
            out: Vec::new(),
            progress: ProgressBar::hidden(),
            n_lines: 0,
            n_bad: 0,
            n_bytes: 0,
        };
        answer_all(input, &Arc::new(Analyzer::new()), 0, &mut writer).expect("answers");
        (String::from_utf8(writer.out).expect("UTF-8"), writer.n_lines, writer.n_bad)
    }

    #[test]
    fn answers_come_in_the_order_of_the_input() {
        let padding = "x".repeat(200);
        let input: String = (0..20_000)
            .map(|id| format!("{{\"id\":{id},\"text\":\"post {id} {padding}\"}}\n"))
            .collect();
        assert!(input.len() > 4 * CHUNK_BYTES);
        let (said, n_lines, n_bad) = analyze(input.as_bytes());
        assert_eq!((n_lines, n_bad), (20_000, 0));
        for (id, line) in said.lines().enumerate() {
            assert!(line.starts_with(&format!("{{\"id\":{id},\"label\":")), "{id}: {line}");
        }
        assert_eq!(said.lines().count(), 20_000);
    }

    #[test]
    fn bad_lines_are_counted_and_skipped() {
        let (said, n_lines, n_bad) = analyze(
            b"\xef\xbb\xbf{\"id\":1,\"text\":\"a\"}\r\n\n\xff\xfe\n{\n{\"id\":2,\"text\":\"b\"}",
        );
        assert_eq!((n_lines, n_bad, said.lines().count()), (4, 2, 2));
    }

    #[test]
    fn a_line_without_end_is_one_bad_line() {
        let mut input = vec![b'x'; 3 * MAX_LINE_BYTES];
        input.extend(b"\n{\"id\":2,\"text\":\"b\"}\n");
        let (said, n_lines, n_bad) = analyze(&input);
        assert_eq!((n_lines, n_bad, said.lines().count()), (2, 1, 1));
    }

    #[test]
    fn nothing_in_is_nothing_out() {
        assert_eq!(analyze(b""), (String::new(), 0, 0));
        assert_eq!(analyze(b"\n\n"), (String::new(), 0, 0));
    }
}
