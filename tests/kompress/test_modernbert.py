"""The larger model: a checkpoint of its exact shape, converted, against torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress import models, tokenspan
from headroom_wrap.kompress.weights import Weights
from tests.kompress import modernbert


@pytest.fixture
def torch() -> Any:
    """Torch is hundreds of megabytes: who has it, verifies; CI does not."""
    for name in ("gguf", "llama_cpp"):
        pytest.importorskip(name, reason=f"{name} is not installed: pip install -e '.[kompress]'")
    return pytest.importorskip("torch", reason="torch is not installed: pip install torch")


LAYERS = 22
TEXT = "the thing in the string is then thinned in a thousand things " * 9


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("kind", "states", "score", "agreement"),
    [("F32", 0.01, 0.002, 0.99), ("Q8_0", 0.5, 0.05, 0.97)],
)
def test_as_torch(
    tmp_path: Path, torch: Any, kind: str, states: float, score: float, agreement: float
) -> None:
    from headroom_wrap.kompress.encoder import Encoder

    checkpoint = modernbert.made(tmp_path, LAYERS)
    file = models.converted(checkpoint.file, checkpoint.tokenizer, tmp_path / "big.gguf", kind)
    encoder = Encoder(file, window=1022)
    ids = encoder.ids(TEXT)
    assert len(ids) > 2 * modernbert.WINDOW
    found = encoder.states(ids)
    encoder.close()
    special = [checkpoint.vocab["[CLS]"], *ids, checkpoint.vocab["[SEP]"]]
    with torch.no_grad():
        whole = modernbert.states(checkpoint.weights, special, LAYERS)[1:-1]
        wanted = modernbert.kept(checkpoint.weights, whole).numpy()
    scores = tokenspan.keep(found, tokenspan.load(Weights(file)))
    same = np.mean((scores > tokenspan.KEEP) == (wanted > tokenspan.KEEP))
    assert np.abs(found - whole.numpy()).max() < states
    assert np.abs(scores - wanted).max() < score
    assert same >= agreement


def test_adapter_is_refused(tmp_path: Path, torch: Any) -> None:
    """Upstream's model.safetensors holds unmerged adapters."""
    torch.save({"encoder.layers.0.attn.Wqkv.lora_A.weight": torch.zeros(2)}, tmp_path / "a.pt")
    with pytest.raises(HeadroomError, match="not a Kompress checkpoint"):
        models.converted(tmp_path / "a.pt", tmp_path / "none.json", tmp_path / "o.gguf")
