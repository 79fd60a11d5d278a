"""A scripted model on loopback, as strict about its input as the real providers."""
