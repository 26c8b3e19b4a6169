//! What a run found, as figures with names.

use super::{Found, Stages, history};
use crate::bench::report::Measure;

/// The figures of the run, and of the stages alone where they were measured.
pub(super) fn figures(found: &Found, stages: Option<&Stages>) -> Vec<Measure> {
    let mut measures = run(found);
    measures.extend(stages.into_iter().flat_map(alone));
    measures
}

fn run(found: &Found) -> Vec<Measure> {
    let lost = found.n_sent.saturating_sub(found.n_stored);
    let mut measures = vec![
        Measure::new(
            "pipeline.posts_per_s",
            found.n_stored as f64 / found.secs,
            "posts/s",
            "≥ 143,199, aim 250,000",
        ),
        Measure::new("pipeline.seconds", found.secs, "s", "≥ 60"),
        Measure::new("pipeline.posts", found.n_sent as f64, "posts", ""),
        Measure::new("pipeline.lost", lost as f64, "posts", "0"),
        Measure::new("pipeline.peak_mb", found.peak_mb, "MB", "bounded (with the frames)"),
        Measure::new("pipeline.frames_mb", found.frames_mb, "MB", ""),
        Measure::new("pipeline.half_way_mb", found.half_way_mb, "MB", ""),
        Measure::new("pipeline.end_mb", found.end_mb, "MB", "as half-way"),
        Measure::new("pipeline.frame_bytes", found.frame_bytes, "bytes", ""),
        Measure::new(
            "pipeline.log_bytes",
            found.log_mb * 1e6 / found.n_stored.max(1) as f64,
            "bytes",
            "",
        ),
    ];
    let total: f64 = found.threads.iter().map(|(_, micros)| micros).sum();
    for (thread, micros) in &found.threads {
        measures.push(Measure::new(format!("pipeline.thread_us.{thread}"), *micros, "us", ""));
    }
    for (thread, micros) in &found.threads {
        let share = 100.0 * micros / total.max(1e-9);
        measures.push(Measure::new(format!("pipeline.thread_share.{thread}"), share, "%", ""));
    }
    measures.push(Measure::new("pipeline.cost_us", total, "us", "≤ 13.9 on two cores"));
    if let Some(presents_per_s) = found.presents_per_s {
        measures.push(Measure::new(
            "pipeline.presents_per_s_min",
            presents_per_s,
            "fps",
            "> 1: no screen stands still",
        ));
    }
    measures
}

fn alone(stages: &Stages) -> Vec<Measure> {
    let mut measures = Vec::new();
    let Stages { parts, peers, history } = stages;
    let early = history.early;
    for part in parts.iter().filter(|part| part.is_within) {
        let name = format!("pipeline.cost_us.read.{}", part.name);
        measures.push(Measure::new(name, part.micros, "us", "of what reading costs"));
    }
    let parts = parts.iter().filter(|part| !part.is_within).map(|part| (part.name, part.micros));
    let parts: Vec<(&str, f64)> = parts
        .chain([("fold", early.fold), ("publish", early.publish), ("store", early.store)])
        .collect();
    let total: f64 = parts.iter().map(|(_, micros)| micros).sum();
    for (stage, micros) in &parts {
        measures.push(Measure::new(format!("pipeline.cost_us.{stage}"), *micros, "us", ""));
    }
    for (stage, micros) in &parts {
        let share = 100.0 * micros / total.max(1e-9);
        measures.push(Measure::new(format!("pipeline.share.{stage}"), share, "%", ""));
    }
    measures.push(Measure::new("pipeline.cost_us_alone", total, "us", "the stages' sum"));
    for part in peers {
        let name = format!("pipeline.peer_us.{}", part.name);
        measures.push(Measure::new(name, part.micros, "us", ""));
    }
    if let Some(late) = history.late {
        let is_whole = history.n_posts >= history::LONG;
        let ratio = late.total() / early.total().max(1e-9);
        let goal = if is_whole { "≤ 1.10" } else { "≤ 1.10, but the history is short" };
        let figure =
            |name: &str, value, unit| Measure::new(format!("pipeline.{name}"), value, unit, "");
        measures.push(figure("history_early_us", early.total(), "us"));
        measures.push(figure("history_late_us", late.total(), "us"));
        measures.push(figure("history_posts", history.n_posts as f64, "posts"));
        measures.push(Measure::new("pipeline.history_ratio", ratio, "ratio", goal));
    }
    measures
}
