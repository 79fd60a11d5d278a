"""The official SDK's client against `headroom mcp serve`; run by its own Python."""

from __future__ import annotations

import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters  # type: ignore[import-not-found]
from mcp.client.stdio import stdio_client  # type: ignore[import-not-found]

ROWS = json.dumps([{"id": n, "name": f"worker-{n}", "state": "ready"} for n in range(200)])


async def talk() -> dict[str, object]:
    """What the tools answer."""
    command = ["-m", "headroom_wrap", "mcp", "serve"]
    server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        names = sorted(tool.name for tool in (await session.list_tools()).tools)

        async def call(name: str, **given: object) -> dict[str, object]:
            result = await session.call_tool(name, given)
            found: dict[str, object] = json.loads(result.content[0].text)
            return {**found, "failed": result.isError}

        short = await call("headroom_compress", content=ROWS, query="worker-7")
        whole = await call("headroom_retrieve", hash=short["hash"])
        part = await call("headroom_retrieve", hash=short["hash"], jq=".[7].name")
        none = await call("headroom_retrieve", hash="0" * 8)
        stats = await call("headroom_stats")
    return {
        "names": names,
        "shorter": len(str(short["compressed"])) < 0.5 * len(ROWS),
        "same": whole["original_content"] == ROWS,
        "part": part["original_content"],
        "none": none["failed"],
        "compressions": stats["compressions"],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(talk())))
