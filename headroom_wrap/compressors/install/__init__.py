"""Package managers: what was installed and every trouble shown, fetching and unpacking counted."""

from __future__ import annotations

from headroom_wrap.compressors._labels import folded, hide_blanks, show_wanted
from headroom_wrap.compressors._steps import Name, Steps, label_steps, note
from headroom_wrap.compressors.build.diagnostics import diagnostics
from headroom_wrap.compressors.build.repeats import label_repeats
from headroom_wrap.compressors.build.steps import BUILD
from headroom_wrap.compressors.install.steps import INSTALL
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import Program, printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "install"

_MANAGERS = frozenset(
    "pip pip3 pipx apt apt-get aptitude dpkg apk dnf yum pacman zypper brew conda mamba micromamba "
    "gem npm yarn pnpm bun uv poetry pdm rye pipenv bundle bundler composer helm".split()
)
_VERBS = frozenset(
    "install i ci add get fetch pull sync update upgrade dist-upgrade download lock restore vendor "
    "require remove uninstall autoremove tool tidy pip create env bundle".split()
)
_OTHERS = frozenset("cargo go docker podman nerdctl dotnet mvn gradle".split())
_OWN = Steps(INSTALL)
_ALL = Steps((*INSTALL, *BUILD))


def installs(program: Program) -> bool:
    """Whether a program is a package manager at work."""
    if program.name in _MANAGERS or program.name in _OTHERS:
        return program.verb in _VERBS or "install" in program.args[:3] or program.name == "dpkg"
    return False


def score(text: str, origin: Origin) -> float:
    """By the share of lines that are steps of an installation."""
    lines = shape.sample(text)
    share = sum(1 for line in lines if _OWN.read(line)[0]) / len(lines) if lines else 0.0
    if any(map(installs, printing(origin.command))):
        return 0.95 if share > 0.1 else 0.3
    return 0.7 if share > 0.5 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """Fold the steps that went well; nothing at `exact`."""
    if not ask.level.folds:
        return None
    lines = text.split("\n")
    labels = [""] * len(lines)
    names: dict[int, Name] = {}
    asked = wanted(ask.query, lines)
    label_steps(lines, labels, names, _ALL)
    show_wanted(lines, labels, asked)
    found = [one for one in diagnostics(lines) if not any(labels[one.start : one.end])]
    label_repeats(lines, labels, names, found, asked)
    hide_blanks(lines, labels)
    return folded(lines, labels, NAME, lambda start, end: note(labels, names, start, end))
