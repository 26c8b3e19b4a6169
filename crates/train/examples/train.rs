//! Trains a model without building the whole program, and measures it on what was kept out.
//!
//! `cargo run --release -p vigie-train --example train -- language DATA OUT [OUT_OF_THOUSAND] [EPOCHS]`

use std::{collections::BTreeMap, path::Path};

use vigie_analysis::{Features, LanguageReader};
use vigie_train::{Settings, Split, train_language};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of the command line")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [_, data, out, rest @ ..] = args.as_slice() else {
        eprintln!("usage: train language DATA OUT [OUT_OF_THOUSAND] [EPOCHS]");
        return;
    };
    let number = |at: usize, or: f32| rest.get(at).and_then(|arg| arg.parse().ok()).unwrap_or(or);
    let split = Split { seed: 1, out_of_thousand: number(0, 100.0) as u64 };
    let settings =
        Settings { epochs: number(1, 3.0) as u32, rate: number(2, 0.5), ..Settings::default() };
    let mut told = 0;
    let model = train_language(Path::new(data), split, &settings, &mut |progress| {
        let percent = progress.n_seen * 10 / progress.n_all;
        if percent != told {
            told = percent;
            eprintln!("{percent}0 % loss {:.4}", progress.loss);
        }
    })
    .expect("the data can be read");
    std::fs::write(out, &model.file).expect("the file can be written");
    let reader = LanguageReader::from_bytes(&model.file).expect("what was written can be read");
    let mut features = Features::new();
    let mut rows = Vec::new();
    let mut right: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    for line in &model.held_out {
        features.read(&line.text, []);
        let language = reader.language(features.letters(), &[], &mut rows);
        let yugo =
            |code: &str| if matches!(code, "hr" | "sr" | "bs") { "hr" } else { code }.to_owned();
        let is_right = yugo(language.as_str()) == yugo(&line.lang);
        let n_chars = line.text.chars().count();
        let length = match n_chars {
            ..=20 => "-20",
            21..=60 => "-60",
            _ => "60-",
        };
        let names = [
            format!("kind {}", line.kind),
            format!("kind {} {length}", line.kind),
            format!("{} {}", line.kind, yugo(&line.lang)),
        ];
        for name in names {
            let count = right.entry(name).or_default();
            count.0 += u32::from(is_right);
            count.1 += 1;
            count.2 += u32::from(language.as_str() == "und");
        }
    }
    let mut means: BTreeMap<String, (f64, u32)> = BTreeMap::new();
    for (name, (n_right, n_all, n_und)) in &right {
        let share = 100.0 * f64::from(*n_right) / f64::from(*n_all);
        if let Some((kind, _)) = name.split_once(' ').filter(|(kind, _)| *kind != "kind") {
            let mean = means.entry(kind.to_owned()).or_default();
            mean.0 += share;
            mean.1 += 1;
        }
        println!("{name:32} {share:6.1} of {n_all} (und {n_und})");
    }
    for (kind, (sum, n_languages)) in means {
        println!("mean over {n_languages} languages: {kind} {:.1}", sum / f64::from(n_languages));
    }
}
