"""Turns encoder checkpoints into GGUF files with our keep/drop head in the metadata.

Needs the `gguf` package (extra `convert`), and torch only for `.pt` files.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import HeadroomError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[np.float32]]

_EXTRA = "pip install 'headroom-wrap[convert]'"
_FLOATS = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}
_WORD, _CONTROL = 1, 3

_BERT_NAMES = (
    (r"embeddings\.word_embeddings", "token_embd"),
    (r"embeddings\.position_embeddings", "position_embd"),
    (r"embeddings\.token_type_embeddings", "token_types"),
    (r"embeddings\.LayerNorm", "token_embd_norm"),
    (r"encoder\.layer\.(\d+)\.attention\.self\.query", r"blk.\1.attn_q"),
    (r"encoder\.layer\.(\d+)\.attention\.self\.key", r"blk.\1.attn_k"),
    (r"encoder\.layer\.(\d+)\.attention\.self\.value", r"blk.\1.attn_v"),
    (r"encoder\.layer\.(\d+)\.attention\.output\.dense", r"blk.\1.attn_output"),
    (r"encoder\.layer\.(\d+)\.attention\.output\.LayerNorm", r"blk.\1.attn_output_norm"),
    (r"encoder\.layer\.(\d+)\.intermediate\.dense", r"blk.\1.ffn_up"),
    (r"encoder\.layer\.(\d+)\.output\.dense", r"blk.\1.ffn_down"),
    (r"encoder\.layer\.(\d+)\.output\.LayerNorm", r"blk.\1.layer_output_norm"),
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model about to be written: GGUF tensor names, metadata, head arrays."""

    arch: str
    tensors: Arrays
    meta: Mapping[str, Any]
    tokens: list[str]
    kinds: list[int]
    merges: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Types:
    """Number formats for the layers' matrices and for the token embeddings."""

    layers: str = "Q8_0"
    embedding: str = "Q4_0"


def safetensors(path: Path) -> Arrays:
    """The arrays of a .safetensors file as float32."""
    import numpy as np

    try:
        data = path.read_bytes()
        (size,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + size])
    except (OSError, ValueError, struct.error) as error:
        raise HeadroomError(f"cannot read {path}", hint="is the download complete?") from error
    header.pop("__metadata__", None)
    found: Arrays = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        raw = data[8 + size + start : 8 + size + end]
        if entry["dtype"] == "BF16":
            flat = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        elif entry["dtype"] in _FLOATS:
            flat = np.frombuffer(raw, _FLOATS[entry["dtype"]]).astype(np.float32)
        else:
            continue
        found[name] = flat.reshape(entry["shape"])
    return found


def renamed(arrays: Arrays, names: tuple[tuple[str, str], ...]) -> Arrays:
    """The arrays that have a GGUF name, under that name."""
    found: Arrays = {}
    for name, array in arrays.items():
        stem, _, last = name.rpartition(".")
        for pattern, target in names:
            match = re.search(rf"(?:^|\.){pattern}$", stem)
            if match:
                found[f"{match.expand(target)}.{last}"] = array
                break
    return found


def bert(folder: Path) -> Model:
    """A BERT-shaped sentence encoder: config.json, vocab.txt, model.safetensors."""
    config = json.loads((folder / "config.json").read_text())
    vocab = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    special = [bool(re.fullmatch(r"\[[A-Za-z0-9]+\]", token)) for token in vocab]
    tokens = [_stored(token, mark) for token, mark in zip(vocab, special, strict=True)]
    ids = {token: i for i, token in enumerate(vocab)}
    meta = {
        "bert.context_length": config["max_position_embeddings"],
        "bert.embedding_length": config["hidden_size"],
        "bert.feed_forward_length": config["intermediate_size"],
        "bert.block_count": config["num_hidden_layers"],
        "bert.attention.head_count": config["num_attention_heads"],
        "bert.attention.layer_norm_epsilon": float(config["layer_norm_eps"]),
        "bert.attention.causal": False,
        "bert.pooling_type": 0,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.token_type_count": config["type_vocab_size"],
        "tokenizer.ggml.bos_token_id": ids["[CLS]"],
        "tokenizer.ggml.eos_token_id": ids["[SEP]"],
        "tokenizer.ggml.unknown_token_id": ids["[UNK]"],
        "tokenizer.ggml.seperator_token_id": ids["[SEP]"],  # llama.cpp's spelling
        "tokenizer.ggml.padding_token_id": ids["[PAD]"],
        "tokenizer.ggml.mask_token_id": ids["[MASK]"],
        "tokenizer.ggml.cls_token_id": ids["[CLS]"],
    }
    tensors = renamed(safetensors(folder / "model.safetensors"), _BERT_NAMES)
    kinds = [_CONTROL if mark else _WORD for mark in special]
    return Model("bert", tensors, meta, tokens, kinds)


def _stored(token: str, special: bool) -> str:
    if special:
        return token
    return token[2:] if token.startswith("##") else "\u2581" + token


def write(model: Model, out: Path, types: Types, extra: Mapping[str, Any]) -> None:
    """Write `model` as GGUF; `extra` goes into the metadata (arrays as float32)."""
    try:
        import gguf
    except ImportError as error:
        raise HeadroomError("conversion needs the gguf package", hint=_EXTRA) from error
    writer = gguf.GGUFWriter(str(out), model.arch)
    for key, value in {**model.meta, **extra}.items():
        _add(writer, key, value)
    writer.add_token_list(model.tokens)
    writer.add_token_types(model.kinds)
    if model.merges:
        writer.add_token_merges(model.merges)
    for name in sorted(model.tensors):
        kind = gguf.GGMLQuantizationType[_kind(name, model.tensors[name], types)]
        writer.add_tensor(name, gguf.quants.quantize(model.tensors[name], kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _kind(name: str, array: NDArray[np.float32], types: Types) -> str:
    if array.ndim < 2 or name in ("position_embd.weight", "token_types.weight"):
        return "F32"
    return types.embedding if name == "token_embd.weight" else types.layers


def _add(writer: Any, key: str, value: Any) -> None:
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    else:
        writer.add_array(key, [float(x) for x in value])
