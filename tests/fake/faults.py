"""Makes the fake misbehave on request: `x-fault: status=429`, `cut=3`, `pause=0.01`, `gzip`, or
`refuses=WORD` for a body with that word in it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace

from tests.fake.exchange import Answer, Request, as_json


@dataclass(frozen=True)
class Fault:
    """How one answer is spoilt; the default spoils nothing."""

    status: int = 0
    cut: int = -1
    pause: float = 0.0
    gzip: bool = False

    def instead(self, answer: Answer) -> Answer:
        """The answer with the wrong status or coding."""
        if self.status:
            kind = {"type": "overloaded_error", "message": f"as asked: {self.status}"}
            spoilt = as_json({"type": "error", "error": kind}, self.status)
            return replace(spoilt, headers={**spoilt.headers, "retry-after": "1"})
        if self.gzip:
            body = gzip.compress(b"".join(answer.chunks))
            return replace(
                answer, headers={**answer.headers, "content-encoding": "gzip"}, chunks=[body]
            )
        return answer

    def cuts_at(self, chunk: int) -> bool:
        """Whether the connection is reset in place of this chunk."""
        return chunk == self.cut


def wanted(request: Request) -> Fault:
    """The fault that the request's own header asks for."""
    words = dict(
        part.strip().partition("=")[::2]
        for part in request.header("x-fault").split(",")
        if part.strip()
    )
    refused = words.get("refuses", "").encode()
    return Fault(
        400 if refused and refused in request.body else int(words.get("status", 0)),
        int(words.get("cut", -1)),
        float(words.get("pause", 0)),
        "gzip" in words,
    )
