"""What a proxy does beside its requests, whatever is wrong with the disk for a while."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headroom_wrap.store import Store
from headroom_wrap.team import upkeep
from headroom_wrap.team.terms import Terms
from headroom_wrap.team.upkeep import Upkeep


def test_a_folder_that_cannot_be_read_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_PAUSE", 0.01)
    originals = tmp_path / "run"
    originals.write_text("no folder")
    store = Store(tmp_path / "store")
    care = Upkeep(originals)
    care.add(store, Terms())
    care.start()
    time.sleep(0.1)
    assert store.get("meta", b"pruned") is None
    originals.unlink()
    for _ in range(200):
        if store.get("meta", b"pruned") is not None:
            break
        time.sleep(0.02)
    care.stop()
    assert store.get("meta", b"pruned") is not None
    store.close()
