"""Two threads that decode into the same new type at once crash msgspec: types are made known where
a module is loaded, by a decoder of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).parents[1] / "headroom_wrap").rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(path.parents[2])))
def test_nothing_is_decoded_into_a_type_on_the_way(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {word.arg: word.value for word in node.keywords}
            # Lists and dictionaries of the language's own are no types that have to be looked at.
            made = node.func.attr in ("decode", "convert") and isinstance(
                given.get("type"), ast.Name
            )
            assert not made, f"{module}:{node.lineno}"
