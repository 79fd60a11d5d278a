"""What `import headroom` offers: messages in, shorter messages out; nothing here raises on odd
input or changes what it is given."""
