//! `vigie train`: the models of the analysis from labelled texts, and how good they are on texts kept out.

use std::{
    fs,
    io::{self, Write as _},
};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use vigie_analysis::LanguageReader;
use vigie_train::{
    LanguageFigures, Progress, SENTIMENT_SETTINGS, SentimentFigure, SentimentPlan, Settings, Split,
    toxicity_settings, train_language, train_sentiment, train_toxicity,
};

use crate::cli::{TrainArgs, TrainedModel};

/// More passes over the texts than this learn them by heart.
const LANGUAGE_EPOCHS: u32 = 3;

/// Trains a model and writes its weights; prints its figures where texts were kept out.
///
/// # Errors
/// Where the data cannot be read or the file cannot be written.
pub(crate) fn run(args: &TrainArgs) -> anyhow::Result<()> {
    match args.model {
        TrainedModel::Language => language(args),
        TrainedModel::Toxicity => toxicity(args),
        TrainedModel::Sentiment => sentiment(args),
    }
}

fn language(args: &TrainArgs) -> anyhow::Result<()> {
    let split = Split { seed: args.seed, out_of_thousand: args.held_out };
    let settings = Settings { seed: args.seed, epochs: LANGUAGE_EPOCHS, ..Settings::default() };
    let bar = bar()?;
    let model = train_language(&args.data, split, &settings, &mut |progress| show(&bar, progress))
        .context("training the language model")?;
    bar.finish_and_clear();
    fs::write(&args.out, &model.file).with_context(|| format!("writing {}", args.out.display()))?;
    let reader = LanguageReader::from_bytes(&model.file).context("reading what was trained")?;
    let mut out = io::stdout().lock();
    write!(out, "{}", LanguageFigures::of(&reader, &model.held_out))?;
    let n_texts: usize = model.n_texts.values().sum();
    let n_languages = model.n_texts.len();
    writeln!(out, "{n_texts} texts in {n_languages} languages: {}", args.out.display())?;
    Ok(())
}

/// Measured by cross validation, so that `--held-out` has no part in it.
fn toxicity(args: &TrainArgs) -> anyhow::Result<()> {
    let settings = Settings { seed: args.seed, ..toxicity_settings() };
    let bar = bar()?;
    let model = train_toxicity(&args.data, &settings, &mut |progress| show(&bar, progress))
        .context("training the toxicity model")?;
    bar.finish_and_clear();
    fs::write(&args.out, &model.file).with_context(|| format!("writing {}", args.out.display()))?;
    write!(io::stdout().lock(), "{}", model.figures)?;
    Ok(())
}

/// Measured on the validation set and on the parts of the others that are always kept out; with `--held-out 0`
/// it is then trained once more, with the validation set.
fn sentiment(args: &TrainArgs) -> anyhow::Result<()> {
    let plan = SentimentPlan {
        folder: args.data.clone(),
        opinions: args.opinions.clone(),
        trains_on_validation: args.held_out == 0,
        settings: Settings { seed: args.seed, ..SENTIMENT_SETTINGS },
    };
    let bar = bar()?;
    let model = train_sentiment(&plan, &mut |progress| show(&bar, progress))
        .context("training the sentiment model")?;
    bar.finish_and_clear();
    fs::write(&args.out, model.table.to_bytes())
        .with_context(|| format!("writing {}", args.out.display()))?;
    let mut out = io::stdout().lock();
    writeln!(out, "set, language: macro-F1, of the sure posts, share of unsure posts, posts")?;
    for figure in &model.figures {
        let SentimentFigure { set, lang, all, sure } = figure;
        let unsure = 1.0 - f64::from(sure.total()) / f64::from(all.total().max(1));
        let [all_f1, sure_f1, unsure] =
            [all.macro_f1(), sure.macro_f1(), unsure].map(|share| share * 100.0);
        let n_posts = all.total();
        writeln!(out, "{set}, {lang}: {all_f1:.1}, {sure_f1:.1}, {unsure:.0} %, {n_posts}")?;
    }
    Ok(())
}

/// A bar on standard error, where a person sees it.
pub(crate) fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{wide_bar} {percent} % loss {msg}, {eta} left")?;
    Ok(ProgressBar::new(0).with_style(style))
}

/// Moves the bar.
pub(crate) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.n_all as u64);
    bar.set_position(progress.n_seen as u64);
    bar.set_message(format!("{:.3}", progress.loss));
}
