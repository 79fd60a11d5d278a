"""One endpoint over HTTP: asked again where that may help, and never where it may not."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation.readers._api import RefusedError, Setup
from headroom_wrap.evaluation.rows import Answer, Json

if TYPE_CHECKING:
    import aiohttp

# The body of an answer, the seconds it took, where it came from.
_Read = Callable[[bytes, float, str], Answer]
_TRIES = 6
_LONGEST = 120.0
_TIMEOUT = 600.0
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_KEY = frozenset({401, 403})
_AWAY = frozenset({301, 302, 303, 307, 308, 404, 405})
_KEPT = "answers so far are kept: run the same command again to go on"
# Newer models refuse what older ones need; each is left out, or said in the new way, once.
_OPTIONAL = ("temperature", "seed")
_RENAMED = {"max_tokens": "max_completion_tokens"}
# The new name counts what the model thinks, too: a short answer must have room behind that.
_ROOM = 4096


class Endpoint:
    """Posts JSON to one URL; remembers which parameters its model refuses."""

    def __init__(self, url: str, headers: dict[str, str], setup: Setup) -> None:
        self.url = url
        self.refused: list[str] = []
        self._headers = {"content-type": "application/json", **headers}
        self._wait = setup.wait
        self._session: aiohttp.ClientSession | None = None

    @property
    def shown(self) -> str:
        """The URL without what may be a secret in it."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))

    async def post(self, body: Json) -> bytes:
        """The body of the answer. Raises RefusedError for this request, HeadroomError for all."""
        tries = 0
        while True:
            status, after, answer = await self._once(self._known(body))
            if 200 <= status < 300:
                return answer
            why = _reason(answer) or f"status {status}"
            if status == 400 and self._learn(body, why):
                continue
            tries += 1
            if status not in _AGAIN and status != 0:
                raise self._final(status, why)
            if "insufficient_quota" in why or tries == _TRIES:
                raise HeadroomError(f"{self.shown}: {why}", _KEPT)
            delay = 2.0 ** (tries - 1) if after is None else after
            if delay > _LONGEST:
                wait = f"asks to wait {delay:.0f} s"
                raise HeadroomError(f"{self.shown} {wait}: {why}", _KEPT)
            await self._wait(delay)

    async def _once(self, body: Json) -> tuple[int, float | None, bytes]:
        """Status, seconds to wait if it says, and body; status 0 where nothing was answered."""
        import aiohttp

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=True)
        sent = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            # A redirect would take the key to another host.
            request = self._session.post(
                self.url, data=sent, headers=self._headers, allow_redirects=False
            )
            async with request as answer:
                read = await answer.read()
                return answer.status, _seconds(answer.headers.get("retry-after")), read
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            message = f"{type(problem).__name__}: {problem}"
            return 0, None, json.dumps({"error": message}).encode()

    def _known(self, body: Json) -> Json:
        left = {key: value for key, value in body.items() if key not in self.refused}
        more = {new: max(body[old], _ROOM) for old, new in _RENAMED.items() if old in self.refused}
        return {**left, **more}

    def _learn(self, body: Json, why: str) -> bool:
        """Whether a refusal names a parameter that can be done without."""
        renamed = [old for old, new in _RENAMED.items() if old in why and new in why]
        for name in [*renamed, *(name for name in _OPTIONAL if name in why)]:
            if name in body and name not in self.refused:
                self.refused.append(name)
                return True
        return False

    def _final(self, status: int, why: str) -> HeadroomError:
        if status in _KEY:
            hint = "the key is read from the environment; --key-variable names another"
            return HeadroomError(f"{self.shown} does not accept the key: {why}", hint)
        if status in _AWAY:
            hint = "is the --base-url right, and the --model there?"
            return HeadroomError(f"{self.shown}: {why}", hint)
        return RefusedError(f"{self.shown}: {why}")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _reason(answer: bytes) -> str:
    """What an endpoint says is wrong, in a line."""
    try:
        found: Any = json.loads(answer)
    except ValueError:
        return " ".join(answer[:200].decode("utf-8", "replace").split())
    error = found.get("error", found) if isinstance(found, dict) else found
    if not isinstance(error, dict):
        return str(error)[:400]
    code, message = error.get("code") or error.get("type"), error.get("message") or error
    return " ".join(f"{code + ': ' if isinstance(code, str) else ''}{message}".split())[:400]


def _seconds(header: str | None) -> float | None:
    """Retry-After, in seconds or as a date."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


class Behind:
    """What readers behind an endpoint have in common; `api` is what they call themselves, `read`
    makes an answer of what comes back, given the seconds it took and where it came from."""

    parallel = True

    def __init__(
        self,
        api: str,
        endpoint: Endpoint,
        setup: Setup,
        read: _Read,
    ) -> None:
        if not setup.model:
            raise HeadroomError("no model is named", "add --model NAME")
        self._api = api
        self._endpoint = endpoint
        self._setup = setup
        self._read = read

    @property
    def identity(self) -> Json:
        return {"reader": self._api, "model": self._setup.model, "url": self._endpoint.shown}

    @property
    def notes(self) -> list[str]:
        return [f"the model does not take `{name}`" for name in self._endpoint.refused]

    async def ask(self, body: Json) -> Answer:
        started = time.perf_counter()
        answer = await self._endpoint.post(body)
        return self._read(answer, time.perf_counter() - started, self._endpoint.shown)

    async def close(self) -> None:
        await self._endpoint.close()
