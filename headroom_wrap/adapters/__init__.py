"""Frameworks that call models: each adapter is one file on the library, imported by who uses it."""
