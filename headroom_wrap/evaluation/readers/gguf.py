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


def opened(setup: Setup) -> Reader:
    return _Local(setup)


class _Local:
    parallel = False

    def __init__(self, setup: Setup) -> None:
        from headroom_wrap.kompress import models

        path = setup.gguf or Path()
        if not path.is_file():
            raise HeadroomError(f"there is no model file {path}", "--gguf takes the path of one")
        self._model = _loaded(path, setup)
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
        choice = found["choices"][0]
        text, cut = choice["message"]["content"] or "", choice["finish_reason"] == "length"
        return Answer(text, (), usage, seconds, self.identity["model"], cut)

    async def close(self) -> None:
        self._model.close()


def _loaded(path: Path, setup: Setup) -> Any:
    from headroom_wrap.kompress import encoder

    encoder.library()
    import llama_cpp.llama_cpp as api
    from llama_cpp import Llama

    # Its high-level class asks this function, and has no other way in.
    defaults = api.llama_model_default_params
    api.llama_model_default_params = lambda: encoder.unpacked(defaults())
    try:
        return Llama(
            str(path),
            n_ctx=setup.context,
            n_threads=setup.threads or os.cpu_count() or 1,
            n_threads_batch=setup.threads or os.cpu_count() or 1,
            seed=setup.seed,
            verbose=False,
        )
    except ValueError as problem:
        raise HeadroomError(f"llama.cpp cannot load {path}: {problem}") from problem
    finally:
        api.llama_model_default_params = defaults
