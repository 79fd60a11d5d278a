"""Content-encodings: what was packed comes back, up to a cut, and never without end."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from headroom_wrap.coding import LARGE, decoded

TEXT = b"".join(b"line %d of an answer\n" % number for number in range(5_000))
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "br": brotli.compress,
}


@pytest.mark.parametrize("coding", PACKED)
def test_what_was_packed_comes_back(coding: str) -> None:
    assert decoded(PACKED[coding](TEXT), coding.upper()) == TEXT


@pytest.mark.parametrize("coding", PACKED)
def test_of_a_body_that_was_cut_off_the_part_before(coding: str) -> None:
    packed = PACKED[coding](TEXT)
    found = decoded(packed[: len(packed) // 2], coding)
    assert TEXT.startswith(found)
    assert decoded(b"no such coding" * 9, coding) == b""


@pytest.mark.parametrize("coding", PACKED)
def test_a_few_bytes_do_not_become_gigabytes(coding: str) -> None:
    assert len(decoded(PACKED[coding](bytes(LARGE + (40 << 20))), coding)) == LARGE
