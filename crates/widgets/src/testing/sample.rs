//! Rooms that tests draw.
