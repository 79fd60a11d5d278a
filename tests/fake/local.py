"""The fake in a thread of the test's own process, for tests that need no namespace."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fake.app import App
from tests.fake.record import Recording
from tests.fake.server import Model, listen

# Steps of a loop from a connection to the task that serves it, and some more.
_STEPS = 10


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """A running fake that records into `folder`; gives its port."""
    loop = asyncio.new_event_loop()
    model = Model(App(), Recording(folder))
    server = loop.run_until_complete(listen(model, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, name="fake model", daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    # Who has just come is let in first: nobody closes a connection that no task serves yet.
    for _ in range(_STEPS):
        await asyncio.sleep(0)
    server.close()
    mine = asyncio.current_task()
    while others := [task for task in asyncio.all_tasks() if task is not mine]:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)
