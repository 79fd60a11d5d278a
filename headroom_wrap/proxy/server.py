"""Runs mitmproxy's Master on a loop in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import ProxyError
from headroom_wrap.proxy import turns
from headroom_wrap.proxy.plan import USER, Plan

if TYPE_CHECKING:
    from mitmproxy.master import Master

# A busy machine takes its time; what fails says so at once.
_STARTS = 60.0
_PATIENCE = 20.0
_log = logging.getLogger(__name__)


class Server:
    """A proxy on a loopback port that the system picks, from `start` to `stop`."""

    def __init__(self, plan: Plan, *addons: object) -> None:
        self.plan = plan
        self.port = 0
        self._addons = addons
        self._loop = asyncio.new_event_loop()
        self._master: Master | None = None
        self._ready = threading.Event()
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    @property
    def url(self) -> str:
        """What lets a client in that takes it for its HTTPS_PROXY."""
        known = f"{USER}:{self.plan.secret}@" if self.plan.secret else ""
        return f"http://{known}127.0.0.1:{self.port}"

    def start(self) -> None:
        """Come up; when this returns, connections are accepted."""
        turns.shorten()
        self._thread.start()
        came = self._ready.wait(_STARTS)
        if not self.port or not came:
            raise ProxyError(
                f"the proxy could not start: {self._problem or 'see our log'}",
                "HEADROOM_OFF=1 runs the agent without us",
            ) from self._problem

    def stop(self) -> None:
        """Close what is open and end the thread."""
        if self._master is not None and self._thread.is_alive():
            self._master.shutdown()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        # Signals are the main thread's: threads started from here inherit the mask.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        asyncio.set_event_loop(self._loop)
        turns.apart(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except (OSError, ValueError, RuntimeError, ImportError, ProxyError) as problem:
            self._problem = problem
        finally:
            self._ready.set()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self) -> None:
        from headroom_wrap.proxy.embedded import master

        self._master, listener = master(self.plan, self._loop, self._addons)
        running = asyncio.ensure_future(self._master.run())
        while not listener.is_running and not running.done():
            await asyncio.sleep(0.005)
        self.port = _port(listener)
        self._ready.set()
        await running
        await _finish(self._loop)


def _port(listener: Any) -> int:
    for server in listener.servers:
        if server.last_exception is not None:
            raise ProxyError(str(server.last_exception))
    ports = {address[1] for address in listener.listen_addrs()}
    if len(ports) != 1:
        raise ProxyError(f"listening on {len(ports)} ports")
    return int(ports.pop())


async def _finish(loop: asyncio.AbstractEventLoop) -> None:
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks(loop) if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_default_executor()
