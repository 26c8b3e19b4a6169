//! What posts mean: language, sentiment, topics, queries, figures; pure.
