//! Feeds over real sockets.
