//! Trains a model without building the whole program, and measures it on what was kept out.
//!
//! `cargo run --release -p vigie-train --example train -- language DATA OUT [OUT_OF_THOUSAND] [EPOCHS] [RATE]`

use std::path::Path;

use vigie_analysis::LanguageReader;
use vigie_train::{LanguageFigures, Settings, Split, train_language};

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
    println!("{}", LanguageFigures::of(&reader, &model.held_out));
}
