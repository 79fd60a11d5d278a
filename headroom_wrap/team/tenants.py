"""Who asks: users are told apart by what they authenticate with, or by a header of yours."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

KEY = "key"
_CREDENTIALS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Who:
    """`by` is `key` or a header's name; `token` is what lets everybody in, and tells nobody
    apart."""

    by: str
    token: str = ""

    def tenant(self, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
        """The tenant's name: 32 hex digits of the SHA-256 of what was sent; "" without any.

        All credentials count: one that everybody sends beside their own must not make them one.
        """
        if self.by != KEY:
            return name(headers.get(self.by, ""))
        given = [_bare(headers.get(each, "")) for each in _CREDENTIALS]
        given.append(query.get("key", ""))
        return name("\n".join(sorted({each for each in given if each and not self._let_in(each)})))

    def _let_in(self, word: str) -> bool:
        return hmac.compare_digest(word.encode("utf-8", "replace"), self.token.encode())


def name(secret: str) -> str:
    """What a credential, or a header's value, is called wherever it leaves a trace."""
    if not secret:
        return ""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def _bare(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else value.strip()
