"""Reads a GGUF model file by memory map: its metadata, and rows of its tensors.

Enough of the format for our own files; llama.cpp reads the same file by itself.
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import functools
import math
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import HeadroomError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_FLOAT, _STRING, _ARRAY = 6, 8, 9
F32, _F16, _Q4_0, Q8_0 = 0, 1, 2, 8
ALIGNMENT = "general.alignment"
_BLOCK = 32
_BLOCK_BYTES = {_Q4_0: 18, Q8_0: 34}


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies; `shape` is rows first."""

    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def rows(self) -> int:
        return math.prod(self.shape[:-1])

    @property
    def row_bytes(self) -> int:
        width = self.shape[-1]
        if self.kind in _BLOCK_BYTES:
            return width // _BLOCK * _BLOCK_BYTES[self.kind]
        return width * {F32: 4, _F16: 2}[self.kind]


@functools.cache
def mapped(path: Path) -> Weights:
    """The model file at `path`, opened once: its vocabulary takes a while to read."""
    return Weights(path)


class Weights:
    """An open model file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.meta, self.tensors, self._listed = _Header(self._map).read()
        except (OSError, ValueError, struct.error, KeyError, UnicodeDecodeError) as error:
            raise HeadroomError(
                f"cannot read the model file {path}",
                hint="`headroom model list` names the good ones",
            ) from error

    def rows(self, name: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Rows of a tensor as float32."""
        return _dequantised(self.raw(name)[ids], self.tensors[name].kind)

    def raw(self, name: str) -> NDArray[np.uint8]:
        """A tensor as it lies in the file, a line of bytes per row."""
        import numpy as np

        tensor = self.tensors[name]
        count, size = tensor.rows, tensor.row_bytes
        return np.frombuffer(self._map, np.uint8, count * size, tensor.offset).reshape(count, size)

    def unpack(self, name: str, into: NDArray[np.float32]) -> None:
        """All numbers of a Q8_0 tensor, written over `into`, which has its shape."""
        import numpy as np

        blocks = self.raw(name).reshape(-1, _BLOCK_BYTES[Q8_0])
        room = into.reshape(-1, _BLOCK)
        np.multiply(blocks[:, 2:].view(np.int8), _scales(blocks), out=room, dtype=np.float32)

    @property
    def preface(self) -> bytes:
        """The file up to the list of its tensors: counts and metadata."""
        return self._map[: self._listed]

    def rest(self) -> None:
        """Give back the memory of what has been read; it is read again when it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def array(self, key: str) -> NDArray[np.float32]:
        """A metadata array as float32."""
        import numpy as np

        return np.asarray(self.meta[key], np.float32)


def _dequantised(raw: NDArray[np.uint8], kind: int) -> NDArray[np.float32]:
    import numpy as np

    if kind in (F32, _F16):
        flat: NDArray[np.float32] = raw.view(np.float32 if kind == F32 else np.float16)
        return flat.astype(np.float32)
    blocks = raw.reshape(raw.shape[0], -1, _BLOCK_BYTES[kind])
    scale = _scales(blocks)
    if kind == Q8_0:
        values = blocks[..., 2:].view(np.int8).astype(np.float32)
    else:
        nibbles = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
        values = nibbles.astype(np.float32) - 8
    whole: NDArray[np.float32] = (values * scale).reshape(raw.shape[0], -1)
    return whole


def _scales(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The number in front of each block."""
    import numpy as np

    found: NDArray[np.float16] = np.ascontiguousarray(blocks[..., :2]).view(np.float16)
    return found.astype(np.float32)


class _Header:
    """A cursor over the part of the file before the tensor data."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def read(self) -> tuple[dict[str, Any], dict[str, Tensor], int]:
        """Metadata, tensors, and where their list begins."""
        if self._data[:4] != b"GGUF":
            raise ValueError("not a GGUF file")
        self._at = 8
        count, keys = self._take("QQ")
        meta = {self._string(): self._value(self._take("I")[0]) for _ in range(keys)}
        listed = self._at
        found = [self._tensor() for _ in range(count)]
        align = int(meta.get(ALIGNMENT, 32))
        start = -(-self._at // align) * align
        tensors = {name: Tensor(shape, kind, start + at) for name, shape, kind, at in found}
        for name, tensor in tensors.items():
            if tensor.offset > len(self._data):
                raise ValueError(f"truncated before {name}")
        return meta, tensors, listed

    def _tensor(self) -> tuple[str, tuple[int, ...], int, int]:
        name = self._string()
        (dims,) = self._take("I")
        shape = self._take(f"{dims}Q")[::-1]
        kind, at = self._take("IQ")
        return name, shape, kind, at

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def _string(self) -> str:
        (size,) = self._take("Q")
        self._at += size
        return self._data[self._at - size : self._at].decode("utf-8")

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            inner, count = self._take("IQ")
            if inner == _FLOAT:
                return self._floats(count)
            if inner in _SCALARS:
                return self._take(f"{count}{_SCALARS[inner]}")
            return tuple(self._value(inner) for _ in range(count))
        return self._take(_SCALARS[kind])[0]

    def _floats(self, count: int) -> NDArray[np.float32]:
        """Heads have a million of them."""
        import numpy as np

        if count < 0 or self._at + 4 * count > len(self._data):
            raise ValueError("truncated")
        found = np.frombuffer(self._data, "<f4", count, self._at).astype(np.float32)
        self._at += 4 * count
        return found
