"""Faults at the worst moment; `scripts/chaos` runs them all, the tests a part of each."""
