//! The one test program of the workspace: the house rules, and the real program from end to end.

mod console;
mod kill;
mod place;
mod program;
mod room;
mod tidy;
