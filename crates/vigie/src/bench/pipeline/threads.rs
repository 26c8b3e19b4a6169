//! What each thread of this process has used of the processor, as Linux counts it.

use std::{collections::BTreeMap, fs};

use anyhow::Context as _;

/// Processor time in microseconds by thread name, numbered threads of a kind in one sum.
pub(super) type CpuMicros = BTreeMap<String, f64>;

/// What the threads of this process have used so far. Threads that have ended are not in it.
pub(super) fn cpu_micros() -> anyhow::Result<CpuMicros> {
    let mut micros = CpuMicros::new();
    for entry in fs::read_dir("/proc/self/task").context("looking at this process's threads")? {
        let path = entry?.path();
        // A thread that has ended meanwhile is none.
        let Ok(name) = fs::read_to_string(path.join("comm")) else { continue };
        let Ok(schedstat) = fs::read_to_string(path.join("schedstat")) else { continue };
        let nanos: f64 =
            schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default();
        *micros.entry(kind(name.trim()).to_owned()).or_default() += nanos / 1e3;
    }
    Ok(micros)
}

/// What the calling thread has used so far, in microseconds.
pub(super) fn own_cpu_micros() -> anyhow::Result<f64> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat")
        .context("looking at this thread's processor time")?;
    let nanos = schedstat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    Ok(nanos.context("no time in /proc/thread-self/schedstat")? / 1e3)
}

/// `analysis-0` and `analysis-1` do the same.
fn kind(name: &str) -> &str {
    name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_of_a_kind_are_one() {
        assert_eq!(kind("analysis-12"), "analysis");
        assert_eq!(kind("sequencer"), "sequencer");
    }

    #[test]
    fn this_thread_is_among_them() {
        assert!(!cpu_micros().unwrap().is_empty());
    }
}
