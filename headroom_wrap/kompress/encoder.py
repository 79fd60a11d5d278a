"""Runs the encoder through llama.cpp's low-level interface, one window per call.

One sequence per `llama_encode` is bit-identical over threads, batch sizes and call order;
packing several into a batch is not.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress import widened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 254
"""Tokens of one window, [CLS] and [SEP] not counted."""


class Encoder:
    """A loaded model with one context. Not thread-safe: the worker owns it."""

    def __init__(self, path: Path, threads: int = 2, window: int = WINDOW) -> None:
        self._api = library()
        self._window = window
        params = unpacked(self._api.llama_model_default_params())
        with widened.opened(path, self._api.llama_print_system_info().decode()) as file:
            self._model = self._api.llama_model_load_from_file(str(file).encode(), params)
        if not self._model:
            raise HeadroomError(f"llama.cpp cannot load {path}", hint="see `headroom model list`")
        self._vocab = self._api.llama_model_get_vocab(self._model)
        self.width: int = self._api.llama_model_n_embd(self._model)
        self._context = self._api.llama_init_from_model(self._model, self._settings(threads))
        if not self._context:
            raise HeadroomError("llama.cpp cannot make a context", hint="is there memory left?")
        self._batch = self._api.llama_batch_init(window + 2, 0, 1)

    def _settings(self, threads: int) -> Any:
        settings = self._api.llama_context_default_params()
        settings.n_ctx = settings.n_batch = settings.n_ubatch = max(512, self._window + 2)
        settings.n_threads = settings.n_threads_batch = threads
        settings.embeddings = True
        settings.pooling_type = self._api.LLAMA_POOLING_TYPE_NONE
        settings.n_seq_max = 1
        return settings

    def ids(self, text: str) -> list[int]:
        """Token ids without the special ones."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        found = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(self._vocab, raw, len(raw), found, room, False, False)
        return list(found[: max(count, 0)])

    def states(self, ids: list[int]) -> NDArray[np.float32]:
        """Last hidden states of one window, one row per id."""
        import numpy as np

        bos, sep = self._api.llama_vocab_bos(self._vocab), self._api.llama_vocab_sep(self._vocab)
        row = np.array([bos, *ids[: self._window], sep], np.int32)
        n = len(row)
        batch = self._batch
        batch.n_tokens = n
        _view(batch.token, n)[:] = row
        _view(batch.pos, n)[:] = np.arange(n)
        _view(batch.n_seq_id, n)[:] = 1
        _view(batch.logits, n, np.int8)[:] = 1
        for i in range(n):
            batch.seq_id[i][0] = 0
        if self._api.llama_encode(self._context, batch) != 0:
            raise HeadroomError("llama.cpp failed to encode a window")
        data = self._api.llama_get_embeddings(self._context)
        whole = np.ctypeslib.as_array(
            ctypes.cast(data, ctypes.POINTER(ctypes.c_float)), (n, self.width)
        )
        return np.array(whole[1:-1])

    def close(self) -> None:
        """Give the memory back; the encoder is of no use afterwards."""
        if self._model:
            self._api.llama_batch_free(self._batch)
            self._api.llama_free(self._context)
            self._api.llama_model_free(self._model)
            self._model = None


def available() -> bool:
    """Whether llama-cpp-python is installed."""
    import importlib.util

    return importlib.util.find_spec("llama_cpp") is not None


def unpacked(params: Any) -> Any:
    """The parameters of a model that is not rearranged for one processor.

    Of the shipped numbers llama.cpp would rearrange none on x86 but for AMX, which many virtual
    machines announce and do not allow: the first tile ends the process.
    """
    params.use_extra_bufts = False
    return params


def library() -> Any:
    """llama.cpp, loaded and silent. Raises HeadroomError where there is none."""
    # Spinning OpenMP threads halve our speed, and the agent's builds', on a busy machine. The
    # runtime reads this once, when the library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:
        raise HeadroomError(
            "llama-cpp-python is not installed or does not load",
            hint="pip install 'headroom-wrap[kompress]'",
        ) from error
    _silence(llama_cpp)
    llama_cpp.llama_backend_init()
    return llama_cpp


def _silence(api: Any) -> None:
    global _quiet  # llama.cpp keeps the pointer for as long as it is loaded
    _quiet = api.llama_log_callback(lambda level, text, data: None)
    api.llama_log_set(_quiet, ctypes.c_void_p(0))


_quiet: Any = None


def _view(pointer: Any, n: int, kind: Any = None) -> Any:
    import numpy as np

    return np.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(_ctype(kind))), (n,))


def _ctype(kind: Any) -> Any:
    return ctypes.c_int32 if kind is None else ctypes.c_int8
