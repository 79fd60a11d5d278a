"""Answers that were paid for once: kept by content, so that a run goes on where another stopped."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import msgspec

from headroom_wrap import paths
from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation.rows import Answer, Json

_answer = msgspec.json.Decoder(Answer).decode
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer BLOB NOT NULL)"


def key(identity: Json, body: Json, sample: int) -> str:
    """The name of an answer: whom, what, and which asking of the same."""
    said = json.dumps([identity, body, sample], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


class Answers:
    """One file in the cache folder; every answer is on the disk before the next is awaited."""

    def __init__(self, folder: Path) -> None:
        file = paths.private(folder) / "answers.sqlite"
        try:
            self._file = sqlite3.connect(file, timeout=30)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute(_TABLE)
        except sqlite3.Error as problem:
            raise _unusable(file, problem) from problem
        self._where = file

    def get(self, name: str) -> Answer | None:
        """A kept answer."""
        try:
            row = self._file.execute("SELECT answer FROM answers WHERE key = ?", (name,)).fetchone()
        except sqlite3.Error as problem:
            raise _unusable(self._where, problem) from problem
        return _answer(row[0]) if row else None

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer."""
        try:
            with self._file:
                self._file.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?)",
                    (name, msgspec.json.encode(answer)),
                )
        except sqlite3.Error as problem:
            raise _unusable(self._where, problem) from problem

    def close(self) -> None:
        self._file.close()


def _unusable(file: Path, problem: sqlite3.Error) -> HeadroomError:
    return HeadroomError(f"cannot use {file}: {problem}", "remove it, and run again")
