"""Copies a response on its way to the agent; what reads the copy can neither hold nor break it."""

from __future__ import annotations

import zlib

# Far beyond any answer of a model: past it, the copy is given up, never the response.
_LARGE = 64 << 20


class Tee:
    """A callable for mitmproxy's `response.stream`: gives every chunk back as it came."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        self._size += len(chunk)
        if self._size <= _LARGE:
            self._chunks.append(chunk)
        return chunk

    def content(self, coding: str) -> bytes:
        """What went through, decoded as far as it is sound; empty where it grew too large."""
        if self._size > _LARGE:
            return b""
        return decoded(b"".join(self._chunks), coding)


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
        return unpack.decompress(body, _LARGE)
    except zlib.error:
        return b""


def _unpacked(body: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    except zstandard.ZstdError:
        return b""


def _unbrotlied(body: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]

    try:
        return bytes(brotli.Decompressor().process(body))
    except brotli.error:
        return b""
