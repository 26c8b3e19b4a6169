//! How figures are printed: a table for people, or one JSON object a line.

use std::{
    fs,
    io::{self, Write as _},
};

use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Measure {
    /// Its name, such as `windows.x11.pace_min`.
    pub(crate) measure: String,
    /// The figure.
    pub(crate) value: f64,
    /// What it counts: `ratio`, `s`, `ms`, `MB`, `%`, `posts/s`, `posts`, `frames`, `ticks`.
    pub(crate) unit: &'static str,
    /// What it must reach, in words; empty where there is no goal.
    #[serde(skip)]
    pub(crate) goal: &'static str,
}

impl Measure {
    /// A figure with what it must reach.
    pub(crate) fn new(
        measure: impl Into<String>,
        value: f64,
        unit: &'static str,
        goal: &'static str,
    ) -> Self {
        Self { measure: measure.into(), value, unit, goal }
    }
}

/// A figure as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    measure: &'a Measure,
    hardware: &'a str,
}

/// Prints the figures to standard output.
pub(crate) fn print(measures: &[Measure], json: bool) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let hardware = hardware();
    if json {
        for measure in measures {
            serde_json::to_writer(&mut out, &Line { measure, hardware: &hardware })?;
            writeln!(out)?;
        }
    } else {
        writeln!(out, "{hardware}")?;
        writeln!(out, "{:<36} {:>12} {:<8} goal", "measure", "value", "unit")?;
        for Measure { measure, value, unit, goal } in measures {
            writeln!(out, "{measure:<36} {value:>12.2} {unit:<8} {goal}")?;
        }
    }
    Ok(out.flush()?)
}

/// Processor, cores and memory in one line.
pub(crate) fn hardware() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor".to_owned());
    let gib = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(String::new(), |kib| format!(", {} GiB", kib / (1 << 20)));
    format!("{processor}, {cores} cores{gib}")
}

/// The value of `name: value` in a file of such lines.
fn field(path: &str, name: &str) -> Option<String> {
    // Only Linux has these files; elsewhere the figure is printed without them.
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_has_the_four_fields() {
        let measure = Measure::new("windows.x11.pace_min", 0.98, "ratio", "≥ 0.95");
        let line = serde_json::to_string(&Line { measure: &measure, hardware: "a machine" });
        assert_eq!(
            line.expect("plain data"),
            r#"{"measure":"windows.x11.pace_min","value":0.98,"unit":"ratio","hardware":"a machine"}"#
        );
    }
}
