//! Room files, grids, and which layout goes on which screen.
