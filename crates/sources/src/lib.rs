//! Where posts come from: one file per network, shared transports, one supervisor.
