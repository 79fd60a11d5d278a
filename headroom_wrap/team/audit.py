"""Who fetched or removed what, and when: a line of JSON each. No key, no text, no command."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Audit:
    """The file is opened for each line: it may be moved away at any time."""

    file: Path | None = None
    tenant: str = ""

    def note(self, action: str, what: str, way: str, done: bool = True) -> None:
        """`what` is a hash, or `all`; `way` is how it was asked for: api, tool or command."""
        if self.file is None:
            return
        facts = {
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "tenant": self.tenant,
            "action": action,
            "what": what,
            "way": way,
            "done": done,
        }
        try:
            descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, json.dumps(facts).encode() + b"\n")
            finally:
                os.close(descriptor)
        except OSError as problem:
            _log.error("an audit line could not be written: %s", problem)
