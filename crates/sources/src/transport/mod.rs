//! What connectors share below their protocols: bytes in, with limits, timeouts and signs of life.
