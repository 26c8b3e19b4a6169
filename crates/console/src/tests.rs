//! What people do at the console, key by key.

mod pictures;
mod tasks;
