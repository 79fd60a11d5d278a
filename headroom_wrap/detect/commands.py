"""Shell command lines taken apart: which programs run, with which arguments, in which pipes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headroom_wrap.detect.unwrap import unwrapped
from headroom_wrap.detect.words import Token, tokens

_NOT_RUN = frozenset("done fi esac } for case function select in [[ ]]".split())
_PASSING = frozenset("head tail tee cat less more".split())
_COUNT = re.compile(r"-|[-+]?\d+[kKmM]?")
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
    """The programs whose output is seen: neither piped into another nor sent to a file.

    Where a pipe ends in `tail -40` or `tee FILE`, it is that of the program before them.
    """
    return tuple(_source(group) for group in pipelines(command) if not group[-1].sunk)


def _source(group: tuple[Program, ...]) -> Program:
    """The program whose lines come out of the pipe as they are."""
    end = len(group) - 1
    while end and _passes_on(group[end]):
        end -= 1
    return group[end]


def _passes_on(program: Program) -> bool:
    if program.name not in _PASSING or program.inputs or program.fed:
        return False
    return program.name == "tee" or all(map(_COUNT.fullmatch, program.operands))


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
    words, script = unwrapped(words)
    if script:
        inner = list(_programs(script, depth + 1)) if depth < _MAX_NESTING else []
        return [*inner[:-1], *(replace(p, piped=piped, sunk=sunk) for p in inner[-1:])]
    if not words or not words[0] or words[0] in _NOT_RUN:
        return []
    name = re.split(r"[/\\]", words[0])[-1] or words[0]
    name = name[:-4] if len(name) > 4 and name.lower().endswith(".exe") else name
    return [Program(name, tuple(words[1:]), piped, tuple(inputs), fed, sunk)]
