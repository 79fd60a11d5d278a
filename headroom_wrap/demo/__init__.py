"""A session without an agent or a key: a model on loopback, and real outputs sent through us."""
