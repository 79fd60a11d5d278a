"""A model's packed numbers as plain ones, in memory, where those multiply quicker.

llama.cpp multiplies packed ones in AMX tiles where it was compiled for them. Many virtual machines
announce tiles and do not allow them, which ends the process; without tiles packed numbers take a
quarter longer than plain ones on these processors, whose two widest units are for plain ones.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from headroom_wrap.kompress.weights import ALIGNMENT, F32, Q8_0, Tensor, Weights, mapped

_MOST = 16_000_000
"""Packed numbers of a model that is unpacked: 64 MB. A larger one stays as it is."""


@contextmanager
def opened(path: Path, compiled_for: str) -> Iterator[Path]:
    """A file to load the model at `path` from, there while the context lasts.

    The file and `compiled_for`, llama.cpp's account of itself, decide alone: no clock does.
    """
    weights = mapped(path)
    count = sum(t.rows * t.shape[-1] for t in weights.tensors.values() if t.kind == Q8_0)
    tiled = "AMX_INT8 = 1" in compiled_for and hasattr(os, "memfd_create")
    if not tiled or not 0 < count <= _MOST:
        yield path
        return
    with os.fdopen(os.memfd_create(path.stem), "r+b") as file:
        _write(weights, file)
        weights.rest()
        yield Path(f"/proc/self/fd/{file.fileno()}")


def _write(weights: Weights, file: BinaryIO) -> None:
    """The same GGUF file, its Q8_0 tensors as F32."""
    import numpy as np

    align = int(weights.meta.get(ALIGNMENT, 32))
    places, size = {}, 0
    for name, tensor in weights.tensors.items():
        places[name] = size
        size += -(-_bytes(tensor) // align) * align
    head = weights.preface
    head += b"".join(_listed(n, t, places[n]) for n, t in weights.tensors.items())
    head += bytes(-len(head) % align)
    file.truncate(len(head) + size)
    with mmap.mmap(file.fileno(), len(head) + size) as room:
        room[: len(head)] = head
        for name, tensor in weights.tensors.items():
            start = len(head) + places[name]
            if tensor.kind == Q8_0:
                count = tensor.rows * tensor.shape[-1]
                weights.unpack(name, np.frombuffer(room, np.float32, count, start))
            else:
                room[start : start + _bytes(tensor)] = weights.raw(name).tobytes()


def _listed(name: str, tensor: Tensor, at: int) -> bytes:
    """A tensor's line in the list: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"""
    raw = name.encode()
    shape = tensor.shape[::-1]
    kind = F32 if tensor.kind == Q8_0 else tensor.kind
    form = f"<Q{len(raw)}sI{len(shape)}QIQ"
    return struct.pack(form, len(raw), raw, len(shape), *shape, kind, at)


def _bytes(tensor: Tensor) -> int:
    width = 4 * tensor.shape[-1] if tensor.kind == Q8_0 else tensor.row_bytes
    return tensor.rows * width
