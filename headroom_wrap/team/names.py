"""What rows are called in Redis: `headroom:{tenant:bucket}:kind:key`.

What stands in braces decides which machine of a cluster a row lies on: sixteen buckets for each
tenant spread the rows, and let those of one bucket be asked for in one command.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from headroom_wrap.store import HIDDEN

BUCKETS = 16
# A tenant's, or as much of it as somebody likes to write.
NAME = re.compile(r"[0-9a-f]{8,32}")
# Of the table `meta`, the rows that every replica needs; the rest is about one machine.
LAST = b"last/"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one tenant's rows."""

    tenant: str

    def bucket(self, number: int, rest: str) -> str:
        return f"headroom:{{{self.tenant}:{number % BUCKETS}}}:{rest}"

    def row(self, table: str, key: bytes) -> str:
        """A row of `verdicts`, `prefixes` or `meta`. Rows of one text lie together."""
        # What begins with a word ends with a hash.
        spread = key[-1] if key.startswith((LAST, HIDDEN)) else key[0]
        return self.bucket(spread, f"{table}:{key.hex()}")

    @property
    def all(self) -> str:
        """What all of them match, and none of another tenant."""
        return f"headroom:{{{self.tenant}:*"

    def original(self, key: bytes) -> str:
        """A hash of the originals whose names begin alike: markers show that much of a name."""
        return self.bucket(key[0], f"originals:{key[:4].hex()}")

    @property
    def ledger(self) -> str:
        """The stream of all exchanges."""
        return self.bucket(0, "ledger")

    @property
    def forgotten(self) -> str:
        """When everything was removed on purpose."""
        return self.bucket(0, "forgotten")

    def counter(self, what: str, when: int) -> str:
        """A number that is counted up, by day or minute."""
        return self.bucket(when, f"{what}:{when}")

    def together(self, table: str, keys: Iterable[bytes]) -> list[list[bytes]]:
        """Keys in groups that one command may ask for."""
        found: dict[str, list[bytes]] = defaultdict(list)
        for key in keys:
            found[self.row(table, key).partition("}")[0]].append(key)
        return list(found.values())


def for_all(table: str, key: bytes) -> bool:
    """Whether every replica needs such a row."""
    if table == "meta":
        return key.startswith(LAST)
    return table in ("verdicts", "prefixes")


def owed(table: str, key: bytes) -> bool:
    """Whether such a row is handed in later where it could not be put in Redis at once."""
    return table in ("originals", "verdicts", "ledger") or (table == "meta" and for_all(table, key))
