"""A web page in a real browser reads nothing and sets nothing off, whatever name it comes under."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin
from tests.conftest import Need
from tests.gateway.running import Gateway, gateway
from tests.security import browser

SECRET = "what-a-tool-printed-5b1e77 " * 40
# A page may send these, but neither read the answer nor have anything done.
_OPAQUE = {"send plain text", "send to a model", "send a form", "send by a name of its own"}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, need: Need
) -> Iterator[tuple[Gateway, str, str]]:
    """A proxy with an original in its store, its other port, and the original's hash."""
    need(browser.BINARY, "no browser: apt-get install chromium")
    folder = tmp_path_factory.mktemp("browser")
    store = Store(folder / "home/data/store")
    batch = Batch()
    name = batch.put_original(SECRET, Origin("Bash", "cat"))
    store.write(batch)
    store.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with gateway(folder, "--forward-port", port, environ={}) as running:
        yield running, port, name


def test_a_page_from_elsewhere(served: tuple[Gateway, str, str], tmp_path) -> None:
    running, port, name = served
    words = [running.url.rpartition(":")[2], port, name]
    found = browser.visit(browser.SITE, tmp_path, words)
    assert len(found) == 13
    for attempt, end in found.items():
        assert SECRET[:20] not in end
        sent = attempt in _OPAQUE and end in ("opaque", "sent")
        # Without a token the HTTPS proxy answers that it leads nowhere.
        sent |= attempt == "use the proxy" and end == "opaque"
        assert sent or end.startswith("refused: "), (attempt, end)
    assert running.seen() == []


def test_a_page_under_a_name_that_leads_here(served: tuple[Gateway, str, str], tmp_path) -> None:
    """DNS rebinding: to the browser the page and the proxy are one site."""
    running, _, name = served
    port = running.url.rpartition(":")[2]
    page = browser.shown(f"http://{browser.SITE}:{port}/v1/retrieve/{name}", tmp_path)
    assert SECRET[:20] not in page
    assert "loopback name" in page
    # The person at this machine may look.
    page = browser.shown(f"http://127.0.0.1:{port}/v1/retrieve/{name}", tmp_path)
    assert SECRET[:20] in page
