"""Who may ask: programs on this machine, or whoever has the token. Never a web page."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

TOKEN = "x-headroom-token"
_PAGE = "web pages are not answered"
_OWN_SITE = frozenset({"none", "same-origin"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Guard:
    """With a token, requests from other machines are let in, if they carry it."""

    token: str = ""

    def refusal(self, headers: Mapping[str, str]) -> str:
        """Why a request is refused, "" when it is not."""
        if self.token:
            return "" if self._carried(headers) else f"send the token in the header {TOKEN}"
        # A page could reach us under a name of its own that leads to this machine.
        if _hostname(f"//{headers.get('host', '')}") not in _LOOPBACK:
            return "only requests to this machine by a loopback name are answered"
        origin = headers.get("origin", "")
        if origin and _hostname(origin) not in _LOOPBACK:
            return _PAGE
        # What a page embeds (a picture, a script) names no origin.
        if not origin and headers.get("sec-fetch-site", "none") not in _OWN_SITE:
            return _PAGE
        return ""

    def _carried(self, headers: Mapping[str, str]) -> bool:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        given = (headers.get(TOKEN, ""), bearer)
        wanted = self.token.encode()
        return any(hmac.compare_digest(each.encode("utf-8", "replace"), wanted) for each in given)


def loopback(address: str) -> bool:
    """Whether only this machine can reach an address."""
    return address in _LOOPBACK


def _hostname(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
