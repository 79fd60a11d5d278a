"""What a path says about its file: something people edit, or what a machine wrote down."""

from __future__ import annotations

import enum
import re


class Nature(enum.Enum):
    """EDITED: keep every byte. WRITTEN: machine output. DATA and TEXT: the content decides."""

    EDITED = "edited"
    WRITTEN = "written"
    DATA = "data"
    TEXT = "text"


_LOG_NAME = re.compile(
    r"^(?:syslog|messages|dmesg|journal|nohup\.out|stdout|stderr)$"
    r"|[._-](?:log|stdout|stderr)(?:[._-][\d._-]*)?$"
)
_EDITED_SUFFIX = frozenset(
    "py pyi js mjs cjs ts mts cts tsx jsx vue svelte go rs java kt kts scala c h cc cpp cxx "
    "hh hpp m mm cs fs vb rb php pl pm lua r jl dart swift zig nim ex exs erl hrl clj cljs hs "
    "ml mli el lisp scm sh bash zsh fish ps1 psm1 bat cmd sql graphql proto thrift html htm "
    "xml css scss sass less md mdx rst adoc tex org yaml yml toml ini cfg conf env properties "
    "gradle cmake mk bazel bzl nix tf hcl dockerfile ipynb patch diff".split()
)
_WRITTEN_SUFFIX = frozenset(
    "log out err stdout stderr output jsonl ndjson csv tsv tap sarif pstats trace strace".split()
)
_WRITTEN_PLACE = re.compile(
    r"(?:^|/)var/log/|^/(?:proc|sys|dev)/|/tool-results/|/pytest-of-|/\.npm/_logs/"
    r"|/target/(?:surefire|failsafe)-reports/"
)
_CONFIG_JSON = re.compile(
    r"^(?:package(?:-lock)?|composer|tsconfig[\w.-]*|jsconfig|manifest|settings|launch|tasks|config|"
    r"babel\.config|angular|nx|turbo|lerna|vercel|firebase|deno|biome|project|renovate|openapi|swagger|"
    r"schema|\.[\w.-]+|[\w.-]*(?:config|schema|rc|settings|messages|locale))\.json$"
    r"|^[a-z]{2}(?:[-_][A-Za-z]{2})?\.json$"
)
_ROTATED = re.compile(r"\.(?:\d+|gz|old|bak|xz|zst|bz2)$")


def nature(path: str) -> Nature:
    """How a file of this name is to be treated; an unknown name counts as edited."""
    path = path.replace("\\", "/").lower().rstrip("/")
    name = path.rsplit("/", 1)[-1]
    suffix = name.rsplit(".", 1)[-1] if "." in name else ""
    if suffix in _EDITED_SUFFIX:
        return Nature.EDITED
    if _WRITTEN_PLACE.search(path):
        return Nature.WRITTEN
    plain = _ROTATED.sub("", name)
    if plain.rsplit(".", 1)[-1] in _WRITTEN_SUFFIX or _LOG_NAME.search(plain):
        return Nature.WRITTEN
    if suffix in ("json", "geojson", "har"):
        return Nature.EDITED if _CONFIG_JSON.match(name) else Nature.DATA
    return Nature.TEXT if suffix in ("txt", "text", "") else Nature.EDITED
