"""Turns the larger Kompress checkpoint into GGUF: ModernBERT with a token and a span head."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress.convert import Model, renamed, safetensors
from headroom_wrap.kompress.tokenspan import HEADS, KIND, TOKEN_SPAN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headroom_wrap.kompress.convert import Arrays

ARCH = "modern-bert"
_NAMES = (
    (r"embeddings\.tok_embeddings", "token_embd"),
    (r"embeddings\.norm", "token_embd_norm"),
    (r"layers\.(\d+)\.attn_norm", r"blk.\1.attn_norm"),
    (r"layers\.(\d+)\.attn\.Wqkv", r"blk.\1.attn_qkv"),
    (r"layers\.(\d+)\.attn\.Wo", r"blk.\1.attn_output"),
    (r"layers\.(\d+)\.mlp_norm", r"blk.\1.ffn_norm"),
    (r"layers\.(\d+)\.mlp\.Wi", r"blk.\1.ffn_up"),
    (r"layers\.(\d+)\.mlp\.Wo", r"blk.\1.ffn_down"),
    (r"final_norm", "output_norm"),
)
_NORMAL, _CONTROL, _USER = 1, 3, 4


def read(checkpoint: Path, tokenizer: Path) -> tuple[Model, dict[str, Any]]:
    """The encoder, and the metadata that holds its heads."""
    arrays = _arrays(checkpoint)
    tensors = renamed(arrays, _NAMES)
    heads = {name: array for name in HEADS for key, array in arrays.items() if key.endswith(name)}
    if len(heads) != len(HEADS) or "token_embd.weight" not in tensors:
        raise HeadroomError(
            f"{checkpoint} is not a Kompress checkpoint",
            hint="wanted: ModernBERT with token_head and span_conv, merged (no adapter)",
        )
    vocab = _vocabulary(tokenizer)
    tokens, kinds = _padded(vocab, len(tensors["token_embd.weight"]))
    model = Model(ARCH, tensors, _meta(tensors, vocab), tokens, kinds, _merges(tokenizer))
    extra: dict[str, Any] = {"kompress.version": 2, KIND: TOKEN_SPAN}
    extra |= {f"kompress.head.{name}": array.ravel() for name, array in heads.items()}
    return model, extra


def _arrays(checkpoint: Path) -> Arrays:
    if checkpoint.suffix not in (".pt", ".bin", ".pth"):
        return safetensors(checkpoint)
    try:
        import torch
    except ImportError as error:
        raise HeadroomError(
            f"reading {checkpoint.name} needs torch", hint="pip install torch, once"
        ) from error
    # weights_only: a checkpoint is somebody else's pickle.
    found = torch.load(checkpoint, map_location="cpu", weights_only=True)
    found = found.get("state_dict", found)
    return {name: tensor.float().numpy() for name, tensor in found.items()}


def _meta(tensors: Arrays, vocab: Mapping[str, int]) -> dict[str, Any]:
    width = tensors["token_embd.weight"].shape[1]
    layers = sum(name.endswith("attn_qkv.weight") for name in tensors)
    special = {name: vocab[f"[{name}]"] for name in ("CLS", "SEP", "PAD", "MASK", "UNK")}
    return {
        f"{ARCH}.context_length": 8192,
        f"{ARCH}.embedding_length": width,
        f"{ARCH}.feed_forward_length": tensors["blk.0.ffn_down.weight"].shape[1],
        f"{ARCH}.block_count": layers,
        f"{ARCH}.attention.head_count": width // 64,
        f"{ARCH}.attention.layer_norm_epsilon": 1e-5,
        f"{ARCH}.attention.causal": False,
        f"{ARCH}.attention.sliding_window": 128,
        f"{ARCH}.attention.sliding_window_pattern": 3,
        f"{ARCH}.rope.freq_base": 160000.0,
        f"{ARCH}.rope.freq_base_swa": 10000.0,
        f"{ARCH}.vocab_size": len(tensors["token_embd.weight"]),
        f"{ARCH}.pooling_type": 0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "modern-bert",
        "tokenizer.ggml.bos_token_id": special["CLS"],
        "tokenizer.ggml.eos_token_id": special["SEP"],
        "tokenizer.ggml.seperator_token_id": special["SEP"],  # llama.cpp's spelling
        "tokenizer.ggml.padding_token_id": special["PAD"],
        "tokenizer.ggml.mask_token_id": special["MASK"],
        "tokenizer.ggml.unknown_token_id": special["UNK"],
        "tokenizer.ggml.cls_token_id": special["CLS"],
    }


def _read(tokenizer: Path) -> dict[str, Any]:
    try:
        found = json.loads(tokenizer.read_text(encoding="utf-8"))
        if not {"vocab", "merges"} <= set(found["model"]):
            raise KeyError("vocab")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HeadroomError(
            f"cannot read {tokenizer}", hint="wanted: the checkpoint's tokenizer.json"
        ) from error
    whole: dict[str, Any] = found
    return whole


def _vocabulary(tokenizer: Path) -> dict[str, int]:
    found = _read(tokenizer)
    vocab = dict(found["model"]["vocab"])
    vocab.update({row["content"]: row["id"] for row in found.get("added_tokens", [])})
    missing = [n for n in ("CLS", "SEP", "PAD", "MASK", "UNK") if f"[{n}]" not in vocab]
    if missing:
        raise HeadroomError(f"{tokenizer} lacks [{missing[0]}]", hint="is it ModernBERT's?")
    return vocab


def _merges(tokenizer: Path) -> list[str]:
    merges = _read(tokenizer)["model"]["merges"]
    return [pair if isinstance(pair, str) else " ".join(pair) for pair in merges]


def _padded(vocab: Mapping[str, int], rows: int) -> tuple[list[str], list[int]]:
    """One token per row of the embedding, which is wider than the vocabulary."""
    names = {i: token for token, i in vocab.items()}
    tokens = [names.get(i, f"[PAD{i}]") for i in range(rows)]
    kinds = [
        _USER if i not in names else _CONTROL if _special(name) else _NORMAL
        for i, name in enumerate(tokens)
    ]
    return tokens, kinds


def _special(token: str) -> bool:
    return token in ("[CLS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]") or token.startswith("[unused")
