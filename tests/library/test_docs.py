"""Every Python snippet of the documentation runs."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.library import docs, talk

_PAGE = Path(__file__).parents[2] / "docs/embedding.md"


@pytest.mark.parametrize("snippet", docs.snippets("python"))
def test_a_snippet(snippet: str, capsys: pytest.CaptureFixture[str]) -> None:
    if "openai" in snippet:
        pytest.importorskip("openai")
    pages = [f"The gate number {n} of the dam opens on demand." for n in range(20)]
    names: dict[str, object] = {"messages": talk.chat(), "log": talk.LOG, "pages": pages}
    if not re.search(r"^from headroom", snippet, re.M):
        exec("from headroom import compress", names)
    exec(compile(snippet, "embedding.md", "exec"), names)
    assert "original" not in names or names["original"] == talk.TEXT
    assert "print" not in snippet or capsys.readouterr().out


def test_there_are_snippets() -> None:
    assert len(docs.snippets("python")) >= 5


def test_every_adapter_that_is_named_is_there() -> None:
    named = re.findall(r"`headroom_wrap\.adapters\.(\w+)\.(\w+)`", _PAGE.read_text("utf-8"))
    folder = Path(importlib.import_module("headroom_wrap.adapters").__path__[0])
    for module, name in named:
        tree = ast.parse((folder / f"{module}.py").read_text("utf-8"))
        assert name in {getattr(node, "name", None) for node in tree.body}
    for example in re.findall(r"`(examples/\w+\.py)`", _PAGE.read_text("utf-8")):
        assert (_PAGE.parents[1] / example).exists()
