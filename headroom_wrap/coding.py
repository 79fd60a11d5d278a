"""Decodes content-encodings of HTTP bodies: damaged ones as far as they are sound, and never to
more than LARGE bytes."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable

# Far beyond anything a model reads or says.
LARGE = 64 << 20


def decoded(body: bytes, coding: str) -> bytes:
    """The body without its content-encoding, at most LARGE bytes of it; of a damaged or truncated
    body, what comes before the damage. An unknown coding leaves it as it is."""
    coding = coding.strip().lower()
    if coding in ("gzip", "deflate"):
        return _inflated(body, coding)
    if coding == "zstd":
        return _unpacked(body)
    if coding == "br":
        return _unbrotlied(body)
    return body


def _inflated(body: bytes, coding: str) -> bytes:
    unpack = zlib.decompressobj(31 if coding == "gzip" else 15)
    try:
        return unpack.decompress(body, LARGE)
    except zlib.error:
        return b""


def _unpacked(body: bytes) -> bytes:
    import zstandard

    unpack = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
    return _in_steps(body, 1 << 12, unpack.decompress, (zstandard.ZstdError, EOFError))


def _unbrotlied(body: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]

    # A few bytes may stand for 16 MiB, and not every version takes a limit.
    return _in_steps(body, 1 << 5, brotli.Decompressor().process, (brotli.error,))


def _in_steps(
    body: bytes,
    step: int,
    unpack: Callable[[bytes], bytes],
    unsound: tuple[type[Exception], ...],
) -> bytes:
    """What comes out of a body, `step` bytes at a time, up to LARGE or to where it is unsound."""
    pieces: list[bytes] = []
    size = 0
    with contextlib.suppress(*unsound):
        for start in range(0, len(body), step):
            pieces.append(unpack(body[start : start + step]))
            size += len(pieces[-1])
            if size > LARGE:
                break
    return b"".join(pieces)[:LARGE]
