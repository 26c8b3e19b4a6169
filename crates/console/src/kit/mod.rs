//! What all views are made of: sizes, words in any script, buttons, lists, fields.
//!
//! Text goes through the wall's own engine, so that a post reads at the desk as it does on the wall.
//! Every control has a name for those who listen, a visible focus, and a place in the order of Tab.

mod field;
mod pen;
mod picture;
mod scroll;
pub(crate) mod size;
mod style;

pub(crate) use self::{
    pen::{Button, Kind, Pen},
    scroll::Scroll,
    style::dress,
};
