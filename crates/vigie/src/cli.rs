//! The command line: what a newcomer reads first.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vigie_model::Timestamp;

/// The wall of a social room: one window per screen, fed by one event log.
///
/// Without a room file it shows a built-in demonstration: a synthetic campaign day, with no network and no account.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, max_term_width = 100)]
#[command(after_help = "Examples:\n  \
    vigie run                          the demonstration, on every screen\n  \
    vigie run --live '#rustlang'       the public Bluesky stream for a query\n  \
    vigie console                      the console of the wall that runs\n  \
    vigie check layouts/lobby.toml     what is wrong with a room file, line by line\n  \
    vigie render layouts/crisis.toml --out pictures --at 18:10\n\n\
    Exit codes: 0 done; 1 it failed, and says why; 2 the command line is wrong.")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: Action,
    /// How much to log: error, warn, info, debug, trace, or a filter such as `vigie_sources=debug`.
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        default_value = "info,winit=warn",
        env = "VIGIE_LOG"
    )]
    pub(crate) log: String,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Runs the wall: one full-screen window on each screen.
    Run(RunArgs),
    /// Opens the console of the wall that runs, or brings it to the front.
    Console(ConsoleArgs),
    /// Checks a room file and names everything that is wrong with it.
    Check(CheckArgs),
    /// Draws every screen of a room as a PNG; no display is needed.
    Render(RenderArgs),
    /// Lists the screens that are plugged in and the layout that each gets.
    Screens(ScreensArgs),
    /// Takes every post of an author off the disk, for good.
    Erase(EraseArgs),
    /// Writes what the room knows as a file for other programs, such as corrections as training data.
    Export(ExportArgs),
    /// Prints the JSON Schema of room files, for editors that complete and check.
    Schema,
    /// Trains a model of the analysis from labelled texts; the same data and seed give the same file.
    Train(TrainArgs),
    /// Tells language, sentiment, reasons and flags of the posts in a file, one JSON object a line.
    Analyze(AnalyzeArgs),
    /// Finds the terms that burst in a file of posts, and prints them as JSON lines.
    Trends(TrendsArgs),
    /// Finds the alarms in a series of counts, and prints their times.
    Volume(VolumeArgs),
    /// Measures what this machine reaches; starts virtual rooms by itself where it needs them.
    Bench(BenchArgs),
}

/// Which room, and how its time passes.
#[derive(Args, Clone, Debug)]
pub(crate) struct RoomArgs {
    /// The room file; the built-in demonstration where none is given.
    #[arg(value_name = "ROOM.toml")]
    pub(crate) room: Option<PathBuf>,
    /// Shows the public Bluesky stream for this query, such as `#rustlang OR "rust lang"`.
    #[arg(long, value_name = "QUERY", conflicts_with = "room")]
    pub(crate) live: Option<String>,
    /// Where the event log and the logs are kept [default: the user's data folder].
    #[arg(long, value_name = "DIR", env = "VIGIE_DATA_DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Options of `vigie run`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) room: RoomArgs,
    /// How much faster than real the room's time passes, 1 to 600. Only for demonstrations and replays.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) speed: u32,
    /// The time of day at which the room's time starts, such as `17:40`. Only for demonstrations and replays.
    #[arg(long, value_name = "HH:MM")]
    pub(crate) at: Option<AtTime>,
    /// Opens the console too, on a screen without a layout where there is one.
    #[arg(long, conflicts_with = "headless")]
    pub(crate) console: bool,
    /// Who works here: the log names them as the author of what is done [default: the user's name].
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) person: Option<String>,
    /// Collects and stores without windows, as on a machine that has no screens.
    #[arg(long)]
    pub(crate) headless: bool,
    /// Ends by itself after this many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) stop_after: Option<u64>,
}

/// Options of `vigie console`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConsoleArgs {
    #[command(flatten)]
    pub(crate) room: RoomArgs,
}

/// Options of `vigie check`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    /// The room file.
    #[arg(value_name = "ROOM.toml")]
    pub(crate) room: PathBuf,
}

/// Options of `vigie render`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) room: RoomArgs,
    /// The folder that the pictures go to, one a screen and one of the whole room.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The moment to draw: `HH:MM` of the campaign day, or an instant such as `2026-10-12T18:10:00Z`.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<AtTime>,
    /// Only the screens of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) screen: Vec<String>,
    /// The folder that pictures of the console go to: every view, in every language, at two sizes.
    #[arg(long, value_name = "DIR")]
    pub(crate) console: Option<PathBuf>,
}

/// Options of `vigie screens`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ScreensArgs {
    #[command(flatten)]
    pub(crate) room: RoomArgs,
    /// Notes that the layout NAME is on the screen at CONNECTOR, where screens cannot be told apart.
    #[arg(long, value_name = "NAME=CONNECTOR")]
    pub(crate) set: Vec<String>,
}

/// Options of `vigie erase`.
#[derive(Args, Clone, Debug)]
pub(crate) struct EraseArgs {
    /// The room file whose log is meant.
    #[arg(value_name = "ROOM.toml")]
    pub(crate) room: PathBuf,
    /// The author, as `network:id`, such as `bluesky:did:plc:abc`.
    #[arg(value_name = "NETWORK:ID")]
    pub(crate) author: String,
    /// Where the event log is kept [default: the user's data folder].
    #[arg(long, value_name = "DIR", env = "VIGIE_DATA_DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Options of `vigie train`.
#[derive(Args, Clone, Debug)]
pub(crate) struct TrainArgs {
    /// What to train.
    #[arg(value_enum)]
    pub(crate) model: TrainedModel,
    /// The folder of the labelled texts, with `sentiment`, `lid` and `toxicity` in it.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// The file that the weights go to.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How many of a thousand texts to keep out of the training and to measure with.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=500))]
    pub(crate) held_out: u64,
    /// Which texts are kept out, and the order of the others.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// For the sentiment: what a larger model thinks of texts without labels, as `scripts/teacher.py` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) opinions: Option<PathBuf>,
}

/// The models that `vigie train` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrainedModel {
    /// Which of 75 languages a text is in.
    Language,
    /// Whether a text offends; prints how many clean and offensive posts the filter flags and holds.
    Toxicity,
    /// How posts feel: negative, neutral or positive.
    Sentiment,
}

/// Options of `vigie analyze`.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Each line of the input is {\"id\": …, \"text\": \"…\"}; other fields are passed over.\n\
    Each line of the output has `id`, `label` (negative, neutral, positive: always the best guess), `unsure`,\n\
    `score` (-1 to 1), `lang` (ISO 639-1, `und` where unknown), `reasons`, `flags` and `held`.\n\
    Of `flags`, `offensive` answers whether the text offends; profanity, insult, hate, threat, sexual, spam and\n\
    sensitive say how. `held` is stricter: whether a person must look before a public wall shows the post.\n\
    Lines that cannot be read are skipped, named and counted on standard error.\n\n\
    Example:\n  vigie analyze posts.jsonl > answers.jsonl"
)]
pub(crate) struct AnalyzeArgs {
    /// The file with a JSON object a line; `-` for standard input.
    #[arg(value_name = "FILE.jsonl")]
    pub(crate) file: PathBuf,
    /// How many reasons to tell of each post, the weightiest first; 0 for none, which is faster.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) reasons: usize,
}

/// Options of `vigie trends`.
#[derive(Args, Clone, Debug)]
pub(crate) struct TrendsArgs {
    /// One JSON object a line with `time` (seconds since 1970), `author` and `text`; `-` for standard input.
    #[arg(value_name = "FILE.jsonl")]
    pub(crate) file: PathBuf,
}

/// Options of `vigie volume`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VolumeArgs {
    /// `timestamp,value` a line, oldest first, as the Numenta Anomaly Benchmark has them; `-` for
    /// standard input.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
}

/// Options of `vigie export`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExportArgs {
    /// What to write.
    #[arg(value_enum)]
    pub(crate) subject: ExportSubject,
    /// The room file whose log is meant.
    #[arg(value_name = "ROOM.toml")]
    pub(crate) room: PathBuf,
    /// The file to write, one JSON object a line [default: the terminal].
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) out: Option<PathBuf>,
    /// Where the event log is kept [default: the user's data folder].
    #[arg(long, value_name = "DIR", env = "VIGIE_DATA_DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// What `vigie export` can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportSubject {
    /// Posts that people have read and corrected: id, text, label, who gave it, when.
    Corrections,
}

/// Options of `vigie bench`.
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchArgs {
    /// What to measure.
    #[arg(value_enum)]
    pub(crate) subject: BenchSubject,
    /// Prints one JSON object a line instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
    /// How long each measurement takes, in seconds [default: as the goal is stated].
    #[arg(long, value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
    /// Measures the pipeline under a wall of ten screens.
    #[arg(long)]
    pub(crate) wall: bool,
    /// What a run inside a virtual room is told.
    #[arg(long, hide = true, value_name = "PART")]
    pub(crate) inside: Option<String>,
}

/// What `vigie bench` can measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchSubject {
    /// Ten windows at their full rate, against one alone.
    Windows,
    /// From launch to ten windows that show something.
    Start,
    /// Memory and processor of ten 1080p screens.
    Room,
    /// Posts from the socket to the screen, and none lost.
    Road,
    /// What nine screens notice when the tenth fails, and ten when a source dies.
    Faults,
    /// Bursts found in streams that are known to hold some, and false ones.
    Trends,
    /// The whole road at its full speed, without a network, and what each part of it costs.
    Pipeline,
    /// From a key to the frames of ten screens, under a firehose of posts.
    Console,
}

/// A moment: a time of day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtTime {
    /// Hours and minutes of the room's day.
    OfDay {
        /// 0 to 23.
        hour: i8,
        /// 0 to 59.
        minute: i8,
    },
    /// An instant.
    Instant(Timestamp),
}

impl std::str::FromStr for AtTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(instant) = Timestamp::parse(text) {
            return Ok(Self::Instant(instant));
        }
        let expected = "expected HH:MM, such as 18:10, or an instant, such as 2026-10-12T18:10:00Z";
        let (hour, minute) = text.split_once(':').ok_or(expected)?;
        match (hour.parse::<i8>(), minute.parse::<i8>()) {
            (Ok(hour @ 0..=23), Ok(minute @ 0..=59)) => Ok(Self::OfDay { hour, minute }),
            _ => Err(expected.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[track_caller]
    fn check(text: &str, expected: Result<AtTime, ()>) {
        assert_eq!(text.parse::<AtTime>().map_err(drop), expected, "{text}");
    }

    #[test]
    fn moments_are_read_in_both_forms() {
        check("18:10", Ok(AtTime::OfDay { hour: 18, minute: 10 }));
        check("7:05", Ok(AtTime::OfDay { hour: 7, minute: 5 }));
        check("1970-01-01T00:00:01Z", Ok(AtTime::Instant(Timestamp::from_secs(1))));
        check("24:00", Err(()));
        check("noon", Err(()));
        check("", Err(()));
    }
}
