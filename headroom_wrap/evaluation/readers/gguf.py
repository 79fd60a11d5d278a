"""A local GGUF model, read by llama.cpp in this process: no network, no key, the same each time."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import time
from pathlib import Path
from typing import Any

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.readers._api import Reader, RefusedError, Setup
from headroom_wrap.evaluation.rows import Answer, Json, Prompt
from headroom_wrap.types import Usage

NAME = "gguf"
KEY = ""
_HINT = "pip install 'headroom-wrap[kompress]', or scripts/build-llama in a checkout"


def opened(setup: Setup) -> Reader:
    return _Local(setup)


class _Local:
    parallel = False

    def __init__(self, setup: Setup) -> None:
        from headroom_wrap.kompress import models

        path = setup.gguf or Path()
        if not path.is_file():
            raise HeadroomError(f"there is no model file {path}", "--gguf takes the path of one")
        try:
            from llama_cpp import Llama
        except ImportError as problem:
            raise HeadroomError("llama-cpp-python is not installed", _HINT) from problem
        try:
            self._model: Any = Llama(
                str(path),
                n_ctx=setup.context,
                n_threads=setup.threads or os.cpu_count() or 1,
                seed=setup.seed,
                verbose=False,
            )
        except ValueError as problem:
            raise HeadroomError(f"llama.cpp cannot load {path}: {problem}") from problem
        self._seed = setup.seed
        self.identity: Json = {
            "reader": NAME,
            "model": path.name,
            "sha256": models.digest(path),
            "context": setup.context,
            "llama_cpp": importlib.metadata.version("llama-cpp-python"),
        }
        self.notes: list[str] = []

    def body(self, prompt: Prompt, tokens: int) -> Json:
        fixed = {"temperature": 0.0, "seed": self._seed, "max_tokens": tokens}
        return {"messages": talk.flat(prompt), **fixed}

    async def ask(self, body: Json) -> Answer:
        return await asyncio.to_thread(self._ask, body)

    def _ask(self, body: Json) -> Answer:
        # What is left of the last prompt would be gone on from, and rounded otherwise.
        self._model.reset()
        started = time.perf_counter()
        try:
            found = self._model.create_chat_completion(**body)
        except ValueError as problem:
            raise RefusedError(str(problem)) from problem
        seconds = round(time.perf_counter() - started, 3)
        usage = Usage(
            input=found["usage"]["prompt_tokens"], output=found["usage"]["completion_tokens"]
        )
        text = found["choices"][0]["message"]["content"] or ""
        return Answer(text, usage=usage, seconds=seconds, model=self.identity["model"])

    async def close(self) -> None:
        self._model.close()
