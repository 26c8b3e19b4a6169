//! The one test program of the workspace: the house rules, and the real program from end to end.

mod kill;
mod program;
mod room;
mod tidy;
