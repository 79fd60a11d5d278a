"""Tests of the adapters, each in an environment with the real framework."""
