//! Logs: to standard error for the person, to a rotating file for later.

use std::path::Path;

use anyhow::Context as _;
use tracing_appender::{non_blocking::WorkerGuard, rolling};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Days of log files that are kept.
const MAX_LOG_FILES: usize = 14;

/// Starts logging what passes `filter`; to a file a day in `folder` too, where there is one.
///
/// The guard writes out what is left when it is dropped.
pub(crate) fn start(filter: &str, folder: Option<&Path>) -> anyhow::Result<Option<WorkerGuard>> {
    let read_filter =
        || EnvFilter::try_new(filter).with_context(|| format!("reading the log filter {filter:?}"));
    let for_person = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_filter(read_filter()?);
    let (for_file, guard) = match folder {
        None => (None, None),
        Some(folder) => {
            let (writer, guard) = tracing_appender::non_blocking(daily(folder)?);
            let layer = tracing_subscriber::fmt::layer()
                .with_writer(writer)
                .with_ansi(false)
                .with_filter(read_filter()?);
            (Some(layer), Some(guard))
        }
    };
    tracing_subscriber::registry()
        .with(for_person)
        .with(for_file)
        .try_init()
        .context("starting the log")?;
    Ok(guard)
}

/// A file a day, the oldest removed.
fn daily(folder: &Path) -> anyhow::Result<rolling::RollingFileAppender> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("making the log folder {}", folder.display()))?;
    rolling::Builder::new()
        .rotation(rolling::Rotation::DAILY)
        .filename_prefix("vigie")
        .filename_suffix("log")
        .max_log_files(MAX_LOG_FILES)
        .build(folder)
        .with_context(|| format!("opening a log file in {}", folder.display()))
}
