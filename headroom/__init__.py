"""The public face: `from headroom import compress`."""
