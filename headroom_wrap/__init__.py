"""Headroom: shortens what coding agents re-send to the model and keeps every original."""

__version__ = "0.1.0"
