"""headroom model: what is listed, fetched, gone on with, and used."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from headroom_wrap import kompress
from headroom_wrap.cli import run
from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress import models

BODY = bytes(range(256)) * 9000


class Hub(BaseHTTPRequestHandler):
    """Serves BODY, with ranges; the first answer breaks off when `cut` says so."""

    cut = False

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "bytes=0-")
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(BODY):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(BODY) - start))
        self.end_headers()
        self.wfile.write(BODY[start:1_500_000] if Hub.cut else BODY[start:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    Hub.cut = False
    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/merged.pt"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path))
    return tmp_path


def test_shipped_model_has_its_digest() -> None:
    name, digest = kompress.model_path().with_suffix(".sha256").read_text().split()[::-1]
    assert name == kompress.model_path().name
    assert digest == hashlib.sha256(kompress.model_path().read_bytes()).hexdigest()


def test_a_broken_download_goes_on(hub: str, tmp_path: Path) -> None:
    seen: list[int] = []
    Hub.cut = True
    with pytest.raises(HeadroomError, match="cannot fetch"):
        models.fetch(hub, tmp_path / "merged.pt", lambda name, have, total: seen.append(have))
    assert not (tmp_path / "merged.pt").exists()
    Hub.cut = False
    models.fetch(hub, tmp_path / "merged.pt", lambda name, have, total: seen.append(have))
    assert (tmp_path / "merged.pt").read_bytes() == BODY
    assert seen == sorted(seen)


def test_a_whole_part_is_taken(hub: str, tmp_path: Path) -> None:
    (tmp_path / "merged.pt.part").write_bytes(BODY)
    models.fetch(hub, tmp_path / "merged.pt", lambda name, have, total: None)
    assert (tmp_path / "merged.pt").read_bytes() == BODY


def test_no_network_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HeadroomError, match="cannot fetch") as problem:
        models.fetch("http://127.0.0.1:9/x", tmp_path / "x", lambda name, have, total: None)
    assert "model convert" in problem.value.hint


def test_list_and_use(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "data/models"
    folder.mkdir(parents=True)
    shutil.copy(kompress.model_path(), folder / "mine.gguf")
    (folder / "junk.gguf").write_text("not a model")
    (home / "config").mkdir()
    (home / "config/config.toml").write_text('# mine\nlevel = "lean"\n')
    assert run(["model", "use", "mine"]) == 0
    assert run(["model", "list", "--json"]) == 0
    printed = capsys.readouterr().out
    states = {m["name"]: m["state"] for m in json.loads(printed[printed.index("{") :])["models"]}
    assert states == {"kompress-mini": "installed", "mine": "used", "kompress-v2-base": "to pull"}
    text = (home / "config/config.toml").read_text()
    assert text.startswith('# mine\nlevel = "lean"\n')
    assert 'model = "mine"' in text
    assert run(["model", "use", "kompress-mini"]) == 0
    assert (home / "config/config.toml").read_text() == '# mine\nlevel = "lean"\n'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["use", "nope"], "no model `nope`"),
        (["use", "../../etc/passwd"], "no model"),
        (["pull", "nope"], "no model `nope` to pull"),
        (["pull", "--type", "q9"], "unknown type `q9`"),
        (["convert", "none.safetensors", "none.json"], "cannot read none.safetensors"),
    ],
)
@pytest.mark.usefixtures("home")
def test_mistakes(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["model", *words]) != 0
    assert said in capsys.readouterr().err
