"""A real browser with a page of somebody else's in it."""

from __future__ import annotations

import contextlib
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

BINARY = shutil.which("chromium") or shutil.which("chromium-browser")
# Any name: the browser's own resolver leads it to this machine, as an attacker's would.
SITE = "evil.example"
_PAGE = Path(__file__).with_name("page.html")
_PATIENCE = 90.0
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage"
).split()


class _Site(HTTPServer):
    """Serves the page and takes its report."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.reports: queue.Queue[dict[str, str]] = queue.Queue()


class _Answers(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(_PAGE.read_bytes())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()
        self.server.reports.put(json.loads(body))

    def log_message(self, *_: object) -> None:
        pass


def visit(host: str, profile: Path, words: list[str]) -> dict[str, str]:
    """What each attempt of the page came to, when it is opened under this host name."""
    with _site() as site:
        address = f"http://{host}:{site.server_port}/"
        with _browser(f"{address}#{','.join([*words, address])}", profile):
            return site.reports.get(timeout=_PATIENCE)


def shown(url: str, profile: Path) -> str:
    """What the browser shows at an address."""
    command = [*_command(profile), "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_PATIENCE)
    return done.stdout


def _command(profile: Path) -> list[str]:
    rules = f"--host-resolver-rules=MAP {SITE} 127.0.0.1"
    return [str(BINARY), *_FLAGS, f"--user-data-dir={profile}", rules]


@contextlib.contextmanager
def _site() -> Iterator[_Site]:
    with _Site() as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


@contextlib.contextmanager
def _browser(url: str, profile: Path) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    command = [*_command(profile), "--remote-debugging-port=0", url]
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, stdin=quiet) as process:
        try:
            yield
        finally:
            process.terminate()
