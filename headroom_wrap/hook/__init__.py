"""Claude Code's own hook after each tool call, for sessions that no proxy can reach."""
