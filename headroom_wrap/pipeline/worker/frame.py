"""What goes over the pipes: lengths and that many bytes."""

from __future__ import annotations

from typing import IO

_LENGTH = 8


def write(pipe: IO[bytes], content: bytes) -> None:
    """Raises OSError when nobody reads any more."""
    pipe.write(len(content).to_bytes(_LENGTH, "big"))
    pipe.write(content)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes:
    """Raises EOFError when the other side is gone."""
    length = int.from_bytes(_exactly(pipe, _LENGTH), "big")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content
