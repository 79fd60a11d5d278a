"""What a text is, read from the command that made it and from its shape."""
