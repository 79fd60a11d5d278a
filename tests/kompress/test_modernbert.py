"""The larger model: a checkpoint of its exact shape, converted, against torch."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress import models, tokenspan
from headroom_wrap.kompress.weights import Weights
from tests.kompress import modernbert

# From this score on a word would stay.
KEEP = 0.5


@pytest.fixture
def gguf(need: Callable[[object, str], None]) -> None:
    advice = "gguf is not installed: pip install -e '.[dev]'"
    need(importlib.util.find_spec("gguf"), advice)


@pytest.fixture
def torch(gguf: None) -> Any:
    """Torch is hundreds of megabytes: who has it, verifies; CI does not."""
    return pytest.importorskip("torch", reason="torch is not installed: pip install torch")


FEW = 4
LAYERS = 22
TEXT = "the thing in the string is then thinned in a thousand things " * 9


@pytest.mark.usefixtures("gguf")
def test_a_checkpoint_becomes_a_model_file(tmp_path: Path) -> None:
    checkpoint = modernbert.made(tmp_path, FEW, modernbert.by_numpy())
    file = models.converted(checkpoint.file, checkpoint.tokenizer, tmp_path / "big.gguf", "F32")
    weights = Weights(file)
    assert weights.meta["modern-bert.block_count"] == FEW
    for theirs, ours in (
        ("embeddings.tok_embeddings", "token_embd"),
        ("layers.3.attn.Wqkv", "blk.3.attn_qkv"),
        ("layers.0.mlp.Wo", "blk.0.ffn_down"),
    ):
        wanted = checkpoint.weights[f"encoder.{theirs}.weight"]
        got = weights.rows(f"{ours}.weight", np.arange(len(wanted)))
        assert np.array_equal(got, wanted)
    for name in tokenspan.HEADS:
        assert np.array_equal(
            weights.array(f"kompress.head.{name}"), checkpoint.weights[name].ravel()
        )


@pytest.mark.usefixtures("gguf", "llama")
def test_rounded_weights_decide_alike(tmp_path: Path) -> None:
    from headroom_wrap.kompress.encoder import Encoder

    checkpoint = modernbert.made(tmp_path, FEW, modernbert.by_numpy())
    kept = []
    for kind in ("F32", "Q8_0"):
        file = models.converted(checkpoint.file, checkpoint.tokenizer, tmp_path / kind, kind)
        encoder = Encoder(file, window=1022)
        ids = encoder.ids(TEXT)
        kept.append(tokenspan.keep(encoder.states(ids), tokenspan.load(Weights(file))))
        encoder.close()
        assert {checkpoint.vocab["the"], checkpoint.vocab["in"]} <= set(ids)
    assert kept[0].shape == (len(ids),)
    assert np.mean((kept[0] > KEEP) == (kept[1] > KEEP)) >= 0.97


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("kind", "states", "score", "agreement"),
    [("F32", 0.01, 0.002, 0.99), ("Q8_0", 0.5, 0.05, 0.97)],
)
def test_as_torch(
    tmp_path: Path, torch: Any, kind: str, states: float, score: float, agreement: float
) -> None:
    from headroom_wrap.kompress.encoder import Encoder

    checkpoint = modernbert.made(tmp_path, LAYERS, modernbert.by_torch())
    upstream, weights = modernbert.as_upstream(checkpoint)
    file = models.converted(upstream, checkpoint.tokenizer, tmp_path / "big.gguf", kind)
    encoder = Encoder(file, window=1022)
    ids = encoder.ids(TEXT)
    assert len(ids) > 2 * modernbert.WINDOW
    found = encoder.states(ids)
    encoder.close()
    special = [checkpoint.vocab["[CLS]"], *ids, checkpoint.vocab["[SEP]"]]
    with torch.no_grad():
        whole = modernbert.states(weights, special, LAYERS)[1:-1]
        wanted = modernbert.kept(weights, whole).numpy()
    scores = tokenspan.keep(found, tokenspan.load(Weights(file)))
    same = np.mean((scores > KEEP) == (wanted > KEEP))
    assert np.abs(found - whole.numpy()).max() < states
    assert np.abs(scores - wanted).max() < score
    assert same >= agreement


def test_adapter_is_refused(tmp_path: Path, torch: Any) -> None:
    """Upstream's model.safetensors holds unmerged adapters."""
    torch.save({"encoder.layers.0.attn.Wqkv.lora_A.weight": torch.zeros(2)}, tmp_path / "a.pt")
    with pytest.raises(HeadroomError, match="not a Kompress checkpoint"):
        models.converted(tmp_path / "a.pt", tmp_path / "none.json", tmp_path / "o.gguf")
