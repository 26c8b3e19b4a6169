//! Trains the linear models of the analysis from labelled texts.
//!
//! A model's road: [`texts`] reads the lines, [`Split`] keeps some of them out by the hash of their text,
//! [`Examples`] turns them into rows with the very [`Features`](vigie_analysis::Features) that the program
//! reads posts with, [`train`] fits the weights, [`quantize`] makes a [`Table`](vigie_analysis::Table) of
//! eight bits of them, [`Confusion`] says how good it is. The same data, seed and settings give the same
//! file on every machine: one thread, an own generator, plain arithmetic.
//!
//! Nothing here prints or knows a clock; progress goes to a callback.
#![warn(missing_docs)]

mod confusion;
mod examples;
mod language;
mod linear;
mod quantize;
mod sentiment;
mod text;
mod toxicity;

pub use confusion::Confusion;
pub use examples::Examples;
pub use language::{
    HeldOut, LanguageError, LanguageFigures, LanguageModel, train_language, without_names,
};
pub use linear::{Loss, Progress, Settings, Weights, train};
pub use quantize::quantize;
pub use sentiment::{
    SENTIMENT_SETTINGS, SentimentError, SentimentFigure, SentimentModel, SentimentPlan,
    train_sentiment,
};
pub use text::{Line, Split, TextError, texts};
pub use toxicity::{
    GroupFigures, ToxicityError, ToxicityFigures, ToxicityModel, toxicity_settings, train_toxicity,
};
