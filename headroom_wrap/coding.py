"""Content-encodings of HTTP bodies undone, as far as they are sound and not beyond all measure."""

from __future__ import annotations

import zlib

# Far beyond anything a model reads or says.
LARGE = 64 << 20


def decoded(body: bytes, coding: str) -> bytes:
    """The body without its content-encoding: of one that was cut off, the part before the cut."""
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
    pieces: list[bytes] = []
    size = 0
    try:
        for start in range(0, len(body), 1 << 12):
            pieces.append(unpack.decompress(body[start : start + (1 << 12)]))
            size += len(pieces[-1])
            if size > LARGE:
                break
    except (zstandard.ZstdError, EOFError):
        return b"".join(pieces)[:LARGE] if pieces else b""
    return b"".join(pieces)[:LARGE]


def _unbrotlied(body: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]

    unpack = brotli.Decompressor()
    try:
        return bytes(unpack.process(body))
    except brotli.error:
        return b""
