"""Shell command lines taken apart: which programs run, with which arguments, in which pipes."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass

_OPERATORS = {"&&", "||", ";", "|", "|&", "&", "\n", "(", ")"}
_PREFIXES = {"sudo", "time", "env", "nice", "nohup", "command", "exec", "stdbuf", "timeout", "xargs"}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=True)
class Program:
    """One simple command. `piped` is true when its output goes into the next one."""

    name: str
    args: tuple[str, ...] = ()
    piped: bool = False

    def has(self, *flags: str) -> bool:
        """Whether one of the flags is given (`-n` also inside a cluster such as `-rn`)."""
        for arg in self.args:
            for flag in flags:
                if arg == flag or arg.startswith(flag + "="):
                    return True
                if len(flag) == 2 and arg[:1] == "-" and arg[1:2] != "-" and flag[1] in arg[1:]:
                    return True
        return False


def programs(command: str) -> tuple[Program, ...]:
    """The simple commands of a shell line, in order; () when it cannot be taken apart.

    `bash -lc '…'` wrappers are opened; assignments, `sudo`, `env` and the like are dropped.
    """
    try:
        lexer = shlex.shlex(command.replace("\n", " ; "), posix=True, punctuation_chars="();|&")
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = list(lexer)
    except ValueError:
        return ()
    found: list[Program] = []
    current: list[str] = []
    for word in [*words, ";"]:
        if word in _OPERATORS or set(word) <= set("();|&"):
            found += _simple(current, piped=word in ("|", "|&"))
            current = []
        else:
            current.append(word)
    return tuple(found)


def printing(command: str) -> tuple[Program, ...]:
    """The programs whose output is seen: every one that is not piped into another."""
    return tuple(p for p in programs(command) if not p.piped)


def _simple(words: list[str], piped: bool) -> list[Program]:
    while words and (words[0] in _PREFIXES or _ASSIGNMENT.match(words[0])):
        prefix, words = words[0], words[1:]
        if prefix in _PREFIXES:
            while words and (words[0].startswith("-") or words[0].rstrip("smh").isdigit()):
                words = words[1:]
    if not words:
        return []
    name = os.path.basename(words[0])
    if name in ("bash", "sh", "zsh", "dash") and len(words) > 2 and re.fullmatch(r"-\w*c", words[1]):
        return list(programs(words[2]))
    return [Program(name, tuple(words[1:]), piped)]
