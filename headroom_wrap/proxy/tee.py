"""Copies a response on its way to the agent; what reads the copy can neither hold nor break it."""

from __future__ import annotations

from headroom_wrap.coding import LARGE, decoded


class Tee:
    """A callable for mitmproxy's `response.stream`: gives every chunk back as it came.

    Past LARGE the copy is given up, never the response.
    """

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        self._size += len(chunk)
        if self._size <= LARGE:
            self._chunks.append(chunk)
        return chunk

    def content(self, coding: str) -> bytes:
        """What went through, decoded as far as it is sound; empty where it grew too large."""
        if self._size > LARGE:
            return b""
        return decoded(b"".join(self._chunks), coding)
