//! Figures from a file or a web address: sales, visits, reach, which other programs keep.
//!
//! The file is a table of comma- or semicolon-separated values, with a line of names first:
//! `time,name,value` and, where there are any, `baseline` and `unit`; or a JSON array of such objects.
//! It is read again from time to time; a row that is as it was says nothing new.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use futures_util::FutureExt as _;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;
use tokio::io::AsyncReadExt as _;
use url::Url;

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun, address,
    model::{
        ExternalFigure, Micros, OptionError, SourceEvent, SourceSpec, Timestamp, read_options,
    },
    transport::poll,
};

/// Longer tables are no figures for a wall.
const MAX_BYTES: usize = 4 << 20;
/// Rows that are read; of more, the first ones.
const MAX_ROWS: usize = 20_000;
/// No keeper of figures is asked more often.
const MIN_EVERY_SECS: u32 = 10;
/// Silent for so many readings, the figures are stale.
const MISSED_READINGS: u32 = 3;
/// Larger values cannot be held in thousandths.
const MAX_VALUE: f64 = 9e15;

/// The connector for figures from outside.
pub(crate) const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "figures",
    title: "Figures from a CSV or JSON file, or a web address",
    check: |table| FiguresSource::new(table).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(FiguresSource::new(&spec.options)?)),
    schema: || schemars::schema_for!(FiguresOptions).to_value(),
};

/// What a room file says of figures from outside.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FiguresOptions {
    /// The file; a relative path starts where the program was started.
    #[serde(default)]
    path: Option<PathBuf>,
    /// The web address, instead of a file.
    #[serde(default)]
    url: Option<String>,
    /// Seconds between two readings, at least 10.
    #[serde(default = "default_every_secs")]
    every_secs: u32,
    /// A value that is older than so many hours carries a mark.
    #[serde(default)]
    max_age_hours: Option<u32>,
}

const fn default_every_secs() -> u32 {
    60
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Web(Url),
}

/// One table of figures.
#[derive(Debug)]
struct FiguresSource {
    place: Place,
    every_secs: u32,
    max_age: Option<Micros>,
    /// What was told of each figure and moment.
    told: BTreeMap<(SmolStr, Timestamp), (i64, Option<i64>)>,
}

impl FiguresSource {
    fn new(table: &toml::Table) -> Result<Self, OptionError> {
        let options: FiguresOptions = read_options(table)?;
        let place = match (options.path, options.url) {
            (Some(path), None) => Place::File(path),
            (None, Some(url)) => Place::Web(address::parse("url", &url, "https")?),
            _ => return Err(OptionError::new("", "figures come from a `path` or from a `url`")),
        };
        if options.every_secs < MIN_EVERY_SECS {
            return Err(OptionError::new("every_secs", "at least 10 seconds"));
        }
        let max_age = options.max_age_hours.map(|hours| i64::from(hours) * 3_600_000_000);
        Ok(Self { place, every_secs: options.every_secs, max_age, told: BTreeMap::new() })
    }

    async fn read(&self, context: &SourceContext) -> Result<(Vec<u8>, SmolStr), SourceError> {
        match &self.place {
            Place::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                let broken = |err: std::io::Error| SourceError::Retry(format!("{name}: {err}"));
                let file = tokio::fs::File::open(path).await.map_err(broken)?;
                let mut body = Vec::new();
                let limit = MAX_BYTES as u64 + 1;
                file.take(limit).read_to_end(&mut body).await.map_err(broken)?;
                if body.len() > MAX_BYTES {
                    let why = format!("{name}: the file is longer than {MAX_BYTES} bytes");
                    return Err(SourceError::Config(why));
                }
                Ok((body, name.as_ref().into()))
            }
            Place::Web(url) => {
                let now = context.clock.now();
                let get = poll::get(&context.http, url, HeaderMap::new(), MAX_BYTES, now);
                let document = get.await?;
                Ok((document.body, url.host_str().unwrap_or_default().into()))
            }
        }
    }

    async fn poll(&mut self, context: &mut SourceContext) -> Result<Ended, SourceError> {
        let (body, origin) = tokio::select! {
            () = context.shutdown.cancelled() => return Ok(Ended::Closed),
            read = self.read(context) => read?,
        };
        context.health.heard(body.len());
        let table = decode(&body);
        (0..table.n_skipped).for_each(|_| context.health.skipped());
        if table.rows.is_empty() && table.n_skipped > 0 {
            let why = "no row could be read: the first line names `time`, `name` and `value`";
            return Err(SourceError::Protocol(why.to_owned()));
        }
        context.health.live();
        for row in table.rows {
            let key = (row.name.clone(), row.at);
            let value = (row.value_milli, row.baseline_milli);
            if self.told.insert(key, value) != Some(value) {
                let figure =
                    ExternalFigure { origin: origin.clone(), max_age: self.max_age, ..row };
                context.out.push(SourceEvent::Figure(Box::new(figure))).await?;
            }
        }
        while self.told.len() > MAX_ROWS {
            self.told.pop_first();
        }
        context.out.finish().await?;
        Ok(Ended::Later(Duration::from_secs(u64::from(self.every_secs))))
    }
}

impl Source for FiguresSource {
    fn descriptor(&self) -> Descriptor {
        let deadline_secs = self.every_secs.saturating_mul(MISSED_READINGS);
        Descriptor { deadline_secs, resumes: true, deletes: false, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        self.poll(context).boxed()
    }
}

/// What stands in a table.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) rows: Vec<ExternalFigure>,
    /// Rows that could not be read.
    pub(crate) n_skipped: usize,
}

/// The figures in any bytes; rows that are none are counted.
pub(crate) fn decode(body: &[u8]) -> Table {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with(['[', '{']) { decode_json(text) } else { decode_csv(text) }
}

/// One row of a JSON document.
#[derive(Deserialize)]
struct JsonRow {
    time: String,
    name: String,
    value: f64,
    #[serde(default)]
    baseline: Option<f64>,
    #[serde(default)]
    unit: String,
}

fn decode_json(text: &str) -> Table {
    let rows: Vec<serde_json::Value> = match serde_json::from_str(text) {
        Ok(serde_json::Value::Array(rows)) => rows,
        Ok(row @ serde_json::Value::Object(_)) => vec![row],
        _ => return Table { rows: Vec::new(), n_skipped: 1 },
    };
    let mut table = Table::default();
    for row in rows.into_iter().take(MAX_ROWS) {
        let row = serde_json::from_value::<JsonRow>(row).ok().and_then(|row| {
            let at = moment(&row.time)?;
            figure((&row.name, at), (row.value, row.baseline), &row.unit)
        });
        table.take(row);
    }
    table
}

fn decode_csv(text: &str) -> Table {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    let delimiter = if head.contains(';') { ';' } else { ',' };
    let names: Vec<String> =
        fields(head, delimiter).iter().map(|name| name.to_lowercase()).collect();
    let column = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
    let (Some(time), Some(name), Some(value)) = (
        column(&["time", "date", "heure"]),
        column(&["name", "nom"]),
        column(&["value", "valeur"]),
    ) else {
        return Table { rows: Vec::new(), n_skipped: usize::from(!head.is_empty()) };
    };
    let (baseline, unit) = (column(&["baseline", "base"]), column(&["unit", "unité", "unite"]));
    let mut table = Table::default();
    for line in lines.filter(|line| !line.trim().is_empty()).take(MAX_ROWS) {
        let cells = fields(line, delimiter);
        let cell = |place: usize| cells.get(place).map(String::as_str).unwrap_or_default();
        let row = || {
            let at = moment(cell(time))?;
            let value = number(cell(value), delimiter)?;
            let baseline = baseline.and_then(|place| number(cell(place), delimiter));
            figure((cell(name), at), (value, baseline), unit.map(cell).unwrap_or_default())
        };
        table.take(row());
    }
    table
}

impl Table {
    fn take(&mut self, row: Option<ExternalFigure>) {
        match row {
            Some(row) => self.rows.push(row),
            None => self.n_skipped += 1,
        }
    }
}

fn figure(
    (name, at): (&str, Timestamp),
    (value, baseline): (f64, Option<f64>),
    unit: &str,
) -> Option<ExternalFigure> {
    let name = name.trim();
    let fits = |text: &str| text.len() <= ExternalFigure::MAX_NAME_BYTES;
    let milli = |value: f64| (value.abs() < MAX_VALUE).then(|| (value * 1_000.0).round() as i64);
    (!name.is_empty() && fits(name) && fits(unit)).then_some(())?;
    Some(ExternalFigure {
        name: name.into(),
        at,
        value_milli: milli(value)?,
        baseline_milli: baseline.and_then(milli),
        unit: unit.trim().into(),
        origin: SmolStr::default(),
        max_age: None,
    })
}

/// The cells of a line; quoted ones may hold the delimiter.
fn fields(line: &str, delimiter: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if letter == delimiter && !quoted => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(letter);
                }
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A number; where cells stand between semicolons, a comma is its point.
fn number(text: &str, delimiter: char) -> Option<f64> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = if delimiter == ';' { plain.replace(',', ".") } else { plain };
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// An instant, or a day, which then begins at midnight in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    Timestamp::parse(text)
        .or_else(|_not_an_instant| Timestamp::parse(&format!("{text}T00:00:00Z")))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[(&str, i64, Option<i64>, &str)], n_skipped: usize) {
        let table = decode(body.as_bytes());
        let found: Vec<_> = table
            .rows
            .iter()
            .map(|row| (row.name.as_str(), row.value_milli, row.baseline_milli, row.unit.as_str()))
            .collect();
        assert_eq!((found.as_slice(), table.n_skipped), (expected, n_skipped), "{body}");
    }

    #[test]
    fn two_days_of_sales() {
        let body = "time,name,value\n2026-11-22,ventes,80000\n2026-11-23T18:00:00Z,ventes,100000\n";
        check(body, &[("ventes", 80_000_000, None, ""), ("ventes", 100_000_000, None, "")], 0);
        let at = decode(body.as_bytes()).rows[1].at;
        assert_eq!(at, Timestamp::parse("2026-11-23T18:00:00Z").unwrap());
    }

    #[test]
    fn tables_as_offices_write_them() {
        check(
            "\u{feff}Date;Nom;Valeur;Base;Unité\r\n2026-11-23;\"Ventes; web\";12 345,5;10000;€\r\n",
            &[("Ventes; web", 12_345_500, Some(10_000_000), "€")],
            0,
        );
        check(
            r#"[{"time":"2026-11-23","name":"visites","value":12,"unit":"k"},{"name":"x"}]"#,
            &[("visites", 12_000, None, "k")],
            1,
        );
    }

    #[test]
    fn what_is_no_figure_is_counted() {
        check("", &[], 0);
        check("a,b\n1,2", &[], 1);
        check(
            "time,name,value\nyesterday,v,1\n2026-11-23,,1\n2026-11-23,v,NaN\n2026-11-23,v",
            &[],
            4,
        );
        check("[1, 2", &[], 1);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            decode(&body);
        }
    }
}
