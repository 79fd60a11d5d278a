"""One store for many machines, against a real redis-server or valkey-server."""
