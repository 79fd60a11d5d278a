"""Shell command lines taken apart: which programs run, with which arguments, in which pipes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headroom_wrap.detect.words import Token, tokens

_PREFIXES = frozenset(
    "sudo doas time env nice ionice nohup command builtin exec stdbuf timeout xargs unbuffer "
    "then do else if elif while until ! { catchsegv setsid".split()
)
_RUNNERS = {
    "uv": {"run"},
    "uvx": {""},
    "npx": {""},
    "bunx": {""},
    "pipx": {"run"},
    "poetry": {"run"},
    "pipenv": {"run"},
    "pdm": {"run"},
    "hatch": {"run"},
    "rye": {"run"},
    "bundle": {"exec"},
    "pnpm": {"exec", "dlx"},
    "yarn": {"exec", "dlx"},
}
_NOT_RUN = frozenset("done fi esac } for case function select in [[ ]]".split())
_SHELLS = frozenset("bash sh zsh dash ksh ash".split())
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_DURATION = re.compile(r"[-+]?\d+(?:\.\d+)?[smhd]?")
_VALUED = frozenset("--with --python --package --extra --group --project --directory -p -C".split())
_MAX_COMMAND = 20_000
_MAX_NESTING = 4


@dataclass(frozen=True, slots=True)
class Program:
    """One simple command. `piped` is true when its output goes into the next one.

    `inputs` are the files redirected into it, `fed` is true when a here-document is; `sunk` when
    its output goes to a file (or `/dev/null`) and is not seen.
    """

    name: str
    args: tuple[str, ...] = ()
    piped: bool = False
    inputs: tuple[str, ...] = ()
    fed: bool = False
    sunk: bool = False

    def has(self, *flags: str) -> bool:
        """Whether one of the flags is given (`-n` also inside a cluster such as `-rn`)."""
        for arg in self.args:
            for flag in flags:
                if arg == flag or arg.startswith(flag + "="):
                    return True
                if len(flag) == 2 and re.match(r"-[^-]", arg) and flag[1] in arg[1:]:
                    return True
        return False

    @property
    def verb(self) -> str:
        """The subcommand of `git -C dir log`, `docker compose`; "" when there is none."""
        skip = False
        for arg in self.args:
            if not skip and not arg.startswith("-"):
                return arg
            skip = not skip and arg in ("-C", "-c", "--git-dir", "--work-tree", "-n", "--namespace")
        return ""

    @property
    def operands(self) -> tuple[str, ...]:
        """The arguments that are not flags."""
        return tuple(arg for arg in self.args if not arg.startswith("-") or arg == "-")


def programs(command: str) -> tuple[Program, ...]:
    """The simple commands of a shell text, in order; never raises.

    `bash -lc '…'`, `python -m …`, `npx …`, `uv run …` and the like are opened; assignments,
    `sudo`, `env` and shell keywords are dropped; redirections leave the arguments; what `xargs`
    puts in stands there as `{}`.
    """
    return _programs(command[:_MAX_COMMAND], 0)


def pipelines(command: str) -> Iterator[tuple[Program, ...]]:
    """The programs in groups that are joined by pipes."""
    group: list[Program] = []
    for program in programs(command):
        group.append(program)
        if not program.piped:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def printing(command: str) -> tuple[Program, ...]:
    """The programs whose output is seen: neither piped into another nor sent to a file."""
    return tuple(p for p in programs(command) if not p.piped and not p.sunk)


@functools.lru_cache(maxsize=256)
def _programs(command: str, depth: int) -> tuple[Program, ...]:
    found: list[Program] = []
    current: list[Token] = []
    for token in (*tokens(command), Token("operator", ";")):
        if token.kind == "operator":
            found += _simple(current, token.text in ("|", "|&"), depth)
            current = []
        else:
            current.append(token)
    return tuple(found)


def _simple(found: list[Token], piped: bool, depth: int) -> list[Program]:
    words: list[str] = []
    inputs: list[str] = []
    fed = sunk = False
    pending = ""
    for token in found:
        if token.kind == "redirect":
            fed = fed or token.text.endswith("<<")
            pending = "" if token.body or token.text == "<<" else token.text
        elif not pending:
            words.append(token.text)
        else:
            if pending in ("<", "0<"):
                inputs.append(token.text)
            fed = fed or pending.endswith("<<<")
            sunk = sunk or (pending in (">", ">>", "1>", "1>>", ">|", "&>", "&>>", ">&"))
            pending = ""
    words = _unwrapped(words)
    if not words or not words[0] or words[0] in _NOT_RUN:
        return []
    name = re.split(r"[/\\]", words[0])[-1] or words[0]
    name = name[:-4] if len(name) > 4 and name.lower().endswith(".exe") else name
    if name in _SHELLS and depth < _MAX_NESTING:
        for i, word in enumerate(words[1:-1], 1):
            if re.fullmatch(r"-\w*c", word):
                inner = list(_programs(words[i + 1], depth + 1))
                return [*inner[:-1], *(replace(p, piped=piped, sunk=sunk) for p in inner[-1:])]
    return [Program(name, tuple(words[1:]), piped, tuple(inputs), fed, sunk)]


def _unwrapped(words: list[str]) -> list[str]:
    """The words without what only starts the program: `sudo -E`, `FOO=1`, `uv run`, `python -m`."""
    while words:
        first, rest = words[0].rsplit("/", 1)[-1], words[1:]
        if _ASSIGNMENT.match(words[0]):
            words = rest
        elif first in _PREFIXES:
            words = _without_flags(rest)
            if first == "xargs" and words and "{}" not in words:
                words = [*words, "{}"]
        elif first in _RUNNERS and (opened := _run(rest, _RUNNERS[first])):
            words = opened
        elif re.fullmatch(r"(?:python|pypy)[\d.]*|py", first) and "-m" in rest[:3]:
            words = rest[rest.index("-m") + 1 :]
        else:
            break
    return words


def _run(words: list[str], verbs: set[str]) -> list[str]:
    if "" in verbs:
        return _without_flags(words)
    return _without_flags(words[1:]) if words and words[0] in verbs else []


def _without_flags(words: list[str]) -> list[str]:
    at = 0
    while at < len(words) and (words[at].startswith("-") or _DURATION.fullmatch(words[at])):
        at += 2 if words[at] in _VALUED else 1
    return words[at:]
