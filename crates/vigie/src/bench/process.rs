//! What a process takes of the machine, as Linux counts it.

use std::{fs, time::Duration};

use anyhow::Context as _;

/// Clock ticks in a second: `USER_HZ`, which is 100 on every Linux that we know.
const TICKS_PER_SEC: f64 = 100.0;

/// What a process has used at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    /// Its share of memory, pages used by several processes split among them, in MB of 10^6 bytes.
    pub(crate) pss_mb: f64,
    /// The most memory it ever had, in MB of 10^6 bytes.
    pub(crate) peak_mb: f64,
    /// Processor seconds since it started, over all cores.
    pub(crate) cpu_secs: f64,
}

/// What the process `pid` has used so far.
///
/// # Errors
/// Where there is no such process, or no Linux.
pub(crate) fn usage(pid: u32) -> anyhow::Result<Usage> {
    let read = |name: &str| {
        let path = format!("/proc/{pid}/{name}");
        fs::read_to_string(&path).with_context(|| format!("reading {path}"))
    };
    Ok(Usage {
        pss_mb: kib(&read("smaps_rollup")?, "Pss:").context("no Pss in smaps_rollup")?,
        peak_mb: kib(&read("status")?, "VmHWM:").context("no VmHWM in status")?,
        cpu_secs: cpu_secs(&read("stat")?).context("no times in stat")?,
    })
}

/// Percent of one core between two moments that lie `apart`.
pub(crate) fn cpu_percent(before: Usage, after: Usage, apart: Duration) -> f64 {
    100.0 * (after.cpu_secs - before.cpu_secs) / apart.as_secs_f64()
}

/// The value of a line such as `Pss:   1234 kB`, in MB.
fn kib(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

/// User and system time of a line of `/proc/PID/stat`: the program's name in it may hold spaces.
fn cpu_secs(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SEC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(kib("Rss: 9 kB\nPss:    2000 kB\n", "Pss:"), Some(2.048));
        let stat = "42 (a b) c) S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100";
        assert_eq!(cpu_secs(stat), Some(3.0));
        assert_eq!(cpu_secs("nothing"), None);
    }

    #[test]
    fn shares_of_a_core_add_up() {
        let before = Usage { cpu_secs: 1.0, ..Usage::default() };
        let after = Usage { cpu_secs: 4.0, ..Usage::default() };
        assert!((cpu_percent(before, after, Duration::from_secs(2)) - 150.0).abs() < 1e-9);
    }
}
