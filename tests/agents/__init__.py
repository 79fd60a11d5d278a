"""Real agents, end to end, against the fake model."""
