"""`headroom model`: the model that shortens prose: list, pull, convert, use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The models that shorten prose: list, pull, convert, use.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
_TYPES = ("q8_0", "q4_0", "f16", "f32")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> int:
    """Models on this machine, and those that can be pulled.

    Example: headroom model list --json
    """
    import json

    from headroom_wrap import config
    from headroom_wrap.kompress import encoder, models

    settings = config.load()
    found = list(models.installed(_place()))
    used = settings.model or models.SHIPPED
    rows = [
        {
            "name": model.name,
            "state": "used" if model.name == used else "installed",
            "architecture": model.architecture,
            "bytes": model.bytes,
            "sha256": model.sha256,
        }
        for model in found
    ]
    names = {model.name for model in found}
    rows += [
        {"name": s.name, "state": "to pull", "architecture": "", "bytes": 0, "sha256": ""}
        for s in models.SOURCES
        if s.name not in names
    ]
    if as_json:
        print(json.dumps({"llama_cpp": encoder.available(), "models": rows}, indent=2))
        return 0
    for row in rows:
        size = f"{int(str(row['bytes'])) / 1e6:7.1f} MB" if row["bytes"] else " " * 10
        print(f"{row['name']:20} {row['state']:10} {size}  {row['architecture']}")
    if not encoder.available():
        print("llama-cpp-python is not installed: word vectors and BM25 choose alone")
    return 0


@app.command()
def pull(
    name: Annotated[str, typer.Argument(help="As in `headroom model list`.")] = "kompress-v2-base",
    kind: Annotated[str, typer.Option("--type", help=", ".join(_TYPES))] = "q8_0",
) -> int:
    """Fetch a checkpoint from its hub and convert it; goes on where an earlier try broke off.

    Example: headroom model pull kompress-v2-base
    """
    import sys

    from headroom_wrap.kompress import models

    layers = _type(kind)
    source = models.source(name)
    folder = _folder()
    fetched = [
        models.fetch(f"{source.base}/{file}", folder / f"{name}.{file}", _progress)
        for file in source.files
    ]
    print(f"Converting to {kind}", file=sys.stderr)
    out = models.converted(fetched[0], fetched[1], folder / f"{name}.gguf", layers)
    for file in fetched:
        file.unlink()
    print(f"{out}  sha256 {models.digest(out)}")
    print(f"headroom: `headroom model use {name}` to use it", file=sys.stderr)
    return 0


@app.command()
def convert(
    checkpoint: Annotated[Path, typer.Argument(help="merged.pt or model.safetensors")],
    tokenizer: Annotated[Path, typer.Argument(help="tokenizer.json")],
    out: Annotated[Path | None, typer.Argument(help="NAME.gguf")] = None,
    kind: Annotated[str, typer.Option("--type", help=", ".join(_TYPES))] = "q8_0",
) -> int:
    """Turn a Kompress checkpoint into GGUF; without OUT it goes where `use` finds it.

    Example: headroom model convert merged.pt tokenizer.json
    """
    from headroom_wrap.kompress import models

    target = out or _folder() / f"{checkpoint.stem}.gguf"
    made = models.converted(checkpoint, tokenizer, target, _type(kind))
    print(f"{made}  sha256 {models.digest(made)}")
    return 0


@app.command()
def use(name: Annotated[str, typer.Argument(help="As in `headroom model list`.")]) -> int:
    """Let another model drop words in `lean`; it is written to config.toml.

    Examples: headroom model use kompress-v2-base; headroom model use kompress-mini
    """
    import tomlkit

    from headroom_wrap import atomic, config, paths
    from headroom_wrap.kompress import models
    from headroom_wrap.kompress.weights import Weights

    settings = config.load()
    Weights(models.located(_place(), name))
    file = paths.private(settings.paths.config) / "config.toml"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    document = tomlkit.parse(text)
    if name == models.SHIPPED:
        document.pop("model", None)
    else:
        document["model"] = name
    atomic.write(file.resolve(), tomlkit.dumps(document).encode())
    print(f"{name} is used from the next start on")
    return 0


def _place() -> Path:
    from headroom_wrap import config

    return config.load().paths.data / "models"


def _folder() -> Path:
    from headroom_wrap import paths

    return paths.private(_place())


def _type(kind: str) -> str:
    from headroom_wrap.errors import Exit, HeadroomError

    if kind.lower() not in _TYPES:
        raise HeadroomError(f"unknown type `{kind}`", f"one of {', '.join(_TYPES)}", Exit.USAGE)
    return kind.upper()


def _progress(name: str, have: int, total: int) -> None:
    import sys

    if sys.stderr.isatty() or have >= total:
        share = f" of {total / 1e6:.0f}" if total else ""
        end = "\n" if have >= total > 0 else ""
        print(f"\r{name}: {have / 1e6:.0f}{share} MB", end=end, file=sys.stderr, flush=True)
