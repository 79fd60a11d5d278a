"""Which kind of output a command is known for: who is asked first whether a text is its own."""

from __future__ import annotations

from headroom_wrap.detect.commands import Program, printing

_PROGRAMS = {
    "search": "rg ripgrep grep egrep fgrep zgrep ag ack ugrep",
    "log": "journalctl dmesg logcat logread stern kubetail",
    "testrun": "pytest jest vitest mocha ctest rspec phpunit nextest tox nox",
    "listing": "ls find tree fd fdfind du eza exa",
    "build": "make gmake ninja tsc",
    "diff": "diff",
}
_VERBS = {
    ("git", "grep"): "search",
    ("git", "log"): "gitlog",
    ("git", "diff"): "diff",
    ("git", "blame"): "blame",
    ("git", "annotate"): "blame",
    ("git", "ls-files"): "listing",
    ("go", "test"): "testrun",
    ("cargo", "test"): "testrun",
    ("npm", "test"): "testrun",
    ("docker", "logs"): "log",
    ("podman", "logs"): "log",
    ("kubectl", "logs"): "log",
}
_BY_NAME = {name: kind for kind, names in _PROGRAMS.items() for name in names.split()}


def likely(command: str) -> str:
    """The kind that the last command with a known one prints; "" when none is known."""
    kinds = filter(None, map(_kind, reversed(printing(command))))
    return next(kinds, "")


def _kind(program: Program) -> str:
    if program.name in ("tail", "cat") and any(o.endswith("log") for o in program.operands):
        return "log"
    return _BY_NAME.get(program.name) or _VERBS.get((program.name, program.verb), "")
