"""What the proxy does with broken bodies, broken upstreams and broken surroundings."""
