//! What a screen can show, and how it is drawn.
#![warn(missing_docs)]

mod text;
pub mod theme;

#[cfg(test)]
mod testing;

pub use text::{Align, Block, Face, Fonts, Style, TextEngine, Weight};
