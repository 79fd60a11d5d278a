"""The dashboard on a real terminal, while sessions are writing."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys

import pytest
from rich.cells import cell_len

from tests.dashboard.session import run
from tests.dashboard.terminal import Terminal

DASHBOARD = (sys.executable, "-m", "headroom_wrap", "dashboard")


@pytest.fixture
def store(tmp_path):
    return tmp_path / "data" / "store"


@pytest.fixture
def terminal(tmp_path, need):
    need(shutil.which("tmux"), "install tmux to see the dashboard on a terminal")
    found = Terminal(tmp_path)
    yield found
    found.close()


@pytest.fixture
def writers(store):
    """Starts sessions that write for some minutes."""
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, project: str) -> subprocess.Popen[bytes]:
        words = ["-m", "tests.dashboard.session", str(store), name, project, "400", "0.3"]
        started.append(subprocess.Popen([sys.executable, *words]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_three_sessions_write_while_it_is_resized(terminal, writers):
    terminal.run(*DASHBOARD)
    terminal.wait("No requests yet", "? help")
    first = writers("shop", "/srv/shop")
    writers("api", "/srv/api")
    writers("日本", "/srv/日本語プロジェクト")
    terminal.wait("3 sessions", "/srv/shop", "/srv/api", "プロジェクト", "testrun")
    for width, height in ((60, 24), (80, 24), (200, 50), (120, 36)):
        terminal.resize(width, height)
        lines = terminal.wait("━" * 10, "results", "? help", "3 sessions")
        while not lines[height - 1].startswith("? help"):
            lines = terminal.wait("? help")
        assert all(cell_len(line) <= width for line in lines)
        assert lines[0].startswith("headroom")
    first.send_signal(signal.SIGKILL)
    first.wait()
    writers("web", "/srv/web")
    terminal.wait("4 sessions", "/srv/web")
    terminal.press("q")
    terminal.wait("ended 0", without="sessions")


def test_keys(terminal, store):
    run(store, "shop", "/srv/shop")
    run(store, "api", "/srv/api", steps=5)
    terminal.run(*DASHBOARD)
    terminal.wait("2 sessions", "▸")
    terminal.press("?")
    terminal.wait("Any key goes back")
    terminal.press("x")
    terminal.wait("2 sessions")
    terminal.press("/")
    terminal.press("-l", "docker")
    terminal.press("Enter")
    terminal.wait("3 with “docker”", without="rg -n")
    terminal.press("Enter")
    terminal.wait("original ──", "as sent ──", "more lines left out", "similar lines]")
    terminal.press("x")
    terminal.wait("original ──", "10:00:30", without="more lines left out")
    terminal.press("Escape")
    terminal.wait("3 with “docker”")
    terminal.press("Escape")
    terminal.wait("rg -n", without="with “")
    terminal.press("Tab", "Down", "Enter")
    terminal.wait("only this one below", "● claude", "list_orders")
    terminal.press("a", "p")
    terminal.wait("paused", without="only this one below")
    run(store, "web", "/srv/web", steps=1)
    terminal.wait("2 sessions")
    terminal.press("p")
    terminal.wait("3 sessions", without="paused")
    terminal.press("C-c")
    terminal.wait("ended 0")
    terminal.run("stty", "-a")
    terminal.wait(" icanon", " echo ")


def test_a_store_that_goes_and_comes_back(terminal, store):
    run(store, "shop", steps=2)
    terminal.run(*DASHBOARD)
    terminal.wait("1 session ", "pytest -v")
    shutil.rmtree(store)
    terminal.wait("No requests yet")
    run(store, "shop", steps=2)
    run(store, "api", steps=2)
    terminal.wait("2 sessions")


def test_it_ends_with_the_process_it_was_opened_for(terminal, store):
    run(store, "shop", steps=1)
    other = subprocess.Popen(["sleep", "600"])
    terminal.run(*DASHBOARD, "--while", str(other.pid))
    terminal.wait("1 session ")
    other.kill()
    other.wait()
    terminal.wait("ended 0")


def test_without_colours(terminal, store):
    run(store, "shop", steps=3)
    terminal.run("env", "NO_COLOR=1", *DASHBOARD)
    terminal.wait("1 session ", "▸")
    coloured = terminal._do("capture-pane", "-p", "-e", "-t", "t")
    assert "\x1b[1m" in coloured
    assert not [code for code in ("[31m", "[32m", "[34m", "[36m") if code in coloured]
