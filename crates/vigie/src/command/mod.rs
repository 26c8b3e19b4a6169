//! One file a subcommand.

pub(crate) mod analyze;
pub(crate) mod check;
pub(crate) mod console;
pub(crate) mod erase;
pub(crate) mod export;
mod portray;
pub(crate) mod render;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod screens;
pub(crate) mod train;
pub(crate) mod trends;
pub(crate) mod volume;
