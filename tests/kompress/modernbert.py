"""A ModernBERT with random weights, and its forward pass in torch: what llama.cpp must give.

Only the forward pass needs torch.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Draw = Callable[[tuple[int, ...]], Floats]

WIDTH, INNER, HEADS, WINDOW, EVERY = 768, 1152, 12, 128, 3
SPECIAL = ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")


@dataclass(frozen=True)
class Checkpoint:
    file: Path
    tokenizer: Path
    weights: dict[str, Floats]
    vocab: dict[str, int]


def by_numpy() -> Draw:
    rng = np.random.default_rng(3)
    return lambda shape: rng.standard_normal(shape).astype(np.float32)


def by_torch() -> Draw:
    import torch

    torch.manual_seed(3)
    return lambda shape: np.asarray(torch.randn(shape).numpy())


def made(folder: Path, layers: int, draw: Draw) -> Checkpoint:
    """A merged checkpoint, with a small byte-level vocabulary."""
    vocab = _vocabulary()
    shapes: dict[str, tuple[int, ...]] = {
        "encoder.embeddings.tok_embeddings.weight": (len(vocab) + 8, WIDTH),
        "token_head.weight": (2, WIDTH),
        "span_conv.0.weight": (256, WIDTH, 5),
        "span_conv.2.weight": (1, 256, 3),
    }
    for i in range(layers):
        layer = f"encoder.layers.{i}"
        shapes |= {
            f"{layer}.attn.Wqkv.weight": (3 * WIDTH, WIDTH),
            f"{layer}.attn.Wo.weight": (WIDTH, WIDTH),
            f"{layer}.mlp.Wi.weight": (2 * INNER, WIDTH),
            f"{layer}.mlp.Wo.weight": (WIDTH, INNER),
        }
    weights = {n: draw(s) / math.sqrt(math.prod(s[1:])) for n, s in shapes.items()}
    norms = ["embeddings.norm", "final_norm", *(f"layers.{i}.mlp_norm" for i in range(layers))]
    norms += [f"layers.{i}.attn_norm" for i in range(1, layers)]
    weights |= {f"encoder.{n}.weight": 1 + 0.1 * draw((WIDTH,)) for n in norms}
    weights |= {"token_head.bias": draw((2,))}
    weights |= {"span_conv.0.bias": draw((256,)) * 0.1}
    weights |= {"span_conv.2.bias": draw((1,))}
    exact = {name: array.astype(np.float32) for name, array in weights.items()}
    file, tokenizer = folder / "merged.safetensors", folder / "tokenizer.json"
    file.write_bytes(_safetensors(exact))
    added = [{"content": t, "id": vocab[t], "special": True} for t in SPECIAL]
    plain = {t: i for t, i in vocab.items() if t not in SPECIAL}
    model = {"type": "BPE", "vocab": plain, "merges": ["t h", "th e", "i n"]}
    tokenizer.write_text(json.dumps({"model": model, "added_tokens": added}))
    return Checkpoint(file, tokenizer, exact, vocab)


def _safetensors(arrays: dict[str, Floats]) -> bytes:
    header, at = {}, 0
    for name, array in arrays.items():
        span = [at, at + array.nbytes]
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": span}
        at += array.nbytes
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + b"".join(a.tobytes() for a in arrays.values())


def as_upstream(checkpoint: Checkpoint) -> tuple[Path, dict[str, Any]]:
    """The weights in torch, and the file that upstream saves of them."""
    import torch

    weights = {name: torch.from_numpy(array) for name, array in checkpoint.weights.items()}
    file = checkpoint.file.with_suffix(".pt")
    torch.save(weights, file)
    return file, weights


def _vocabulary() -> dict[str, int]:
    """GPT-2's stand-ins for the bytes, three merged pairs and the special tokens."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    tokens = [chr(b) for b in shown] + [chr(256 + i) for i in range(256 - len(shown))]
    return {t: i for i, t in enumerate([*tokens, "th", "the", "in", *SPECIAL])}


def states(weights: dict[str, Any], ids: list[int], layers: int) -> Any:
    """Last hidden states, a row per token."""
    import torch
    from torch.nn import functional

    def norm(x: Any, name: str) -> Any:
        return functional.layer_norm(x, (WIDTH,), weights[f"encoder.{name}.weight"], eps=1e-5)

    x = norm(
        weights["encoder.embeddings.tok_embeddings.weight"][torch.tensor(ids)], "embeddings.norm"
    )
    for i in range(layers):
        name = f"layers.{i}"
        y = x if i == 0 else norm(x, f"{name}.attn_norm")
        x = x + _attention(weights, f"encoder.{name}.attn", y, i % EVERY == 0)
        y = norm(x, f"{name}.mlp_norm") @ weights[f"encoder.{name}.mlp.Wi.weight"].T
        value, gate = y.chunk(2, dim=-1)
        x = x + (functional.gelu(value) * gate) @ weights[f"encoder.{name}.mlp.Wo.weight"].T
    return norm(x, "final_norm")


def _attention(weights: dict[str, Any], name: str, x: Any, everywhere: bool) -> Any:
    import torch

    n, size = len(x), WIDTH // HEADS
    q, k, v = (x @ weights[f"{name}.Wqkv.weight"].T).view(n, 3, HEADS, size).unbind(1)
    base = 160_000.0 if everywhere else 10_000.0
    q, k = _rotated(q, base), _rotated(k, base)
    scores = torch.einsum("qhd,khd->hqk", q, k) / math.sqrt(size)
    if not everywhere:
        place = torch.arange(n)
        far = (place[:, None] - place[None, :]).abs() > WINDOW // 2
        scores = scores.masked_fill(far, float("-inf"))
    mixed = torch.einsum("hqk,khd->qhd", scores.softmax(-1), v)
    return mixed.reshape(n, WIDTH) @ weights[f"{name}.Wo.weight"].T


def _rotated(x: Any, base: float) -> Any:
    import torch

    size = x.shape[-1]
    turn = torch.arange(len(x))[:, None] / base ** (torch.arange(0, size, 2) / size)
    cos, sin = (f(turn).repeat(1, 2)[:, None, :] for f in (torch.cos, torch.sin))
    half = torch.cat([-x[..., size // 2 :], x[..., : size // 2]], dim=-1)
    return x * cos + half * sin


def kept(weights: dict[str, Any], found: Any) -> Any:
    """Upstream's score per token."""
    import torch
    from torch.nn import functional

    chance = (found @ weights["token_head.weight"].T + weights["token_head.bias"]).softmax(-1)[:, 1]
    wide = weights["span_conv.0.weight"], weights["span_conv.0.bias"]
    inner = functional.gelu(functional.conv1d(found.T[None], *wide, padding=2))
    narrow = weights["span_conv.2.weight"], weights["span_conv.2.bias"]
    span = torch.sigmoid(functional.conv1d(inner, *narrow, padding=1))[0, 0]
    return chance * (0.5 + 0.5 * span)
