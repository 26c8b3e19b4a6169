//! What a screen can show, and how it is drawn.
