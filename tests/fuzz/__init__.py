"""Targets that take any bytes and raise at what must not be; `scripts/fuzz` drives them."""
