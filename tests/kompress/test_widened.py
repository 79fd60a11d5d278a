"""Models that are unpacked before they are loaded: the same numbers, and only where it pays."""

from __future__ import annotations

import numpy as np
import pytest

from headroom_wrap import kompress
from headroom_wrap.kompress import widened
from headroom_wrap.kompress.encoder import Encoder
from headroom_wrap.kompress.static import Static
from headroom_wrap.kompress.weights import F32, Q8_0, Weights
from tests.kompress.texts import MANUAL

needs_memfd = pytest.mark.skipif(not hasattr(widened.os, "memfd_create"), reason="no memfd here")


@needs_memfd
def test_an_unpacked_file_holds_the_same_numbers() -> None:
    packed = Weights(kompress.model_path())
    with widened.opened(kompress.model_path(), "AMX_INT8 = 1 | ") as path:
        plain = Weights(path)
    assert list(plain.tensors) == list(packed.tensors)
    assert plain.preface == packed.preface
    assert {t.kind for t in packed.tensors.values()} - {t.kind for t in plain.tensors.values()} == {
        Q8_0
    }
    for name, tensor in packed.tensors.items():
        every = np.arange(tensor.rows)
        assert np.array_equal(plain.rows(name, every), packed.rows(name, every))
        assert plain.tensors[name].kind == (F32 if tensor.kind == Q8_0 else tensor.kind)


@pytest.mark.parametrize("compiled_for", ["", "AVX512 = 1 | AMX_INT8 = 0", "NEON = 1"])
def test_elsewhere_the_file_itself_is_loaded(compiled_for: str) -> None:
    with widened.opened(kompress.model_path(), compiled_for) as path:
        assert path == kompress.model_path()


def test_a_large_model_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widened, "_MOST", 1_000_000)
    with widened.opened(kompress.model_path(), "AMX_INT8 = 1") as path:
        assert path == kompress.model_path()


@needs_memfd
@pytest.mark.usefixtures("llama")
@pytest.mark.parametrize("compiled_for", ["", "AMX_INT8 = 1"])
def test_both_ways_read_the_same(compiled_for: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = Static(kompress.model_path()).wordpiece.ids(MANUAL)[:200]
    usual = Encoder(kompress.model_path())
    expected = usual.states(ids)
    usual.close()
    opened = widened.opened
    monkeypatch.setattr(widened, "opened", lambda path, _: opened(path, compiled_for))
    encoder = Encoder(kompress.model_path())
    found = encoder.states(ids)
    encoder.close()
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    assert ((found * expected).sum(axis=1) / lengths).min() > 0.99


def test_memory_that_was_given_back_is_read_again() -> None:
    weights = Weights(kompress.model_path())
    before = weights.rows("token_embd.weight", np.arange(2_000, 2_100))
    weights.rest()
    assert np.array_equal(before, weights.rows("token_embd.weight", np.arange(2_000, 2_100)))
