"""The MCP server: compress, retrieve and stats for any MCP client."""
