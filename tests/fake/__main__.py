"""python -m tests.fake FOLDER [--port N] [--namespace]: serve until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from tests.fake import netns, tls
from tests.fake.app import App
from tests.fake.record import Recording
from tests.fake.server import Model, listen


async def _run(folder: Path, port: int, namespace: bool, websockets: bool) -> None:
    model = Model(App(), Recording(folder), websockets)
    plain = await listen(model, "127.0.0.1", port)
    loop = asyncio.get_running_loop()
    if namespace:
        context = tls.context(folder, list(netns.HOSTS))
        await listen(model, "127.0.0.1", 443, context)
        log = netns.NameLog(folder / "names")
        await loop.create_datagram_endpoint(lambda: log, ("127.0.0.1", 53))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    part = folder / "port.part"
    part.write_text(str(plain.sockets[0].getsockname()[1]))
    part.rename(folder / "port")
    await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--namespace", action="store_true", help="take over hosts, 443 and DNS")
    parser.add_argument("--no-websockets", action="store_true", help="answer upgrades with 426")
    given = parser.parse_args()
    if given.namespace:
        given.folder.mkdir(parents=True, exist_ok=True)
        netns.enter(given.folder)
    asyncio.run(_run(given.folder, given.port, given.namespace, not given.no_websockets))


if __name__ == "__main__":
    main()
