"""Builds: errors, warnings and results shown, good steps and repeated warnings counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors._labels import SHOWN, folded, hide_blanks
from headroom_wrap.compressors._steps import Name, Steps, label_steps, note
from headroom_wrap.compressors.build.diagnostics import diagnostics
from headroom_wrap.compressors.build.repeats import label_repeats
from headroom_wrap.compressors.build.steps import BUILD
from headroom_wrap.compressors.install.steps import INSTALL
from headroom_wrap.compressors.stacktrace.fold import frame_labels
from headroom_wrap.compressors.stacktrace.frames import has_frames
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import Program, printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "build"

_TOOLS = re.compile(
    r"g?make|ninja|cmake|meson|scons|bazel|buck2?|(?:[\w.]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|ld)(?:-\d+)?"
    r"|build|wheel|sphinx-build|cythonize|pyinstaller|tsc|vue-tsc|tsup|webpack|vite|rollup|esbuild|parcel|next|nuxt|ng|turbo|nx|lerna|rustc|javac|kotlinc|scalac"
    r"|mvnw?|gradlew?|ant|sbt|msbuild|xcodebuild|swiftc?|configure|mypy|pyright|basedpyright|eslint|clang-tidy"
    r"|golangci-lint|cppcheck|shellcheck|vulture|bandit|pydocstyle|standard|oxlint|yamllint|hadolint|rubocop|flake8|pylint|ruff|pycodestyle|biome|stylelint|tox|nvcc|ghc|stack|cabal|mix|zig|dune"
)
_VERBS = frozenset(
    "build check clippy b c rustc doc vet compile package install bake publish run".split()
)
_BY_VERB = frozenset(
    "cargo go docker podman buildah buildx dotnet npm yarn pnpm bun python pip uv poetry "
    "hatch deno".split()
)
_SEARCHES = frozenset("grep egrep fgrep rg ag ack find git ls diff".split())
# These words of a request stand in every diagnostic.
_GENERAL = re.compile(
    r"(?<![\w./:-])(?:errors?|warnings?|issues?|findings?|problems?|severity|high|medium|low"
    r"|confidence|lint\w*|rules?|build\w*|compil\w*|fail\w*)(?![\w/:-])",
    re.IGNORECASE,
)
_TARGET = re.compile(r"\*\*\* \[(?:[^\]\n]*:\d+: )?([^\]\s]+)\] Error|^FAILED: (?:\[.*?\] )?(\S+)")
_STEPS = Steps((*BUILD, *INSTALL))


def builds(program: Program) -> bool:
    """Whether a program is a compiler, a linter or a build tool at work."""
    if program.name in _BY_VERB:
        return program.verb in _VERBS or "build" in program.args[:3]
    return _TOOLS.fullmatch(program.name) is not None


def score(text: str, origin: Origin) -> float:
    """By the share of lines that are steps or parts of diagnostics."""
    seen = printing(origin.command)
    if any(program.name in _SEARCHES for program in seen):
        return 0.0
    lines = shape.sample(text)
    if not lines:
        return 0.0
    steps = sum(1 for line in lines if _STEPS.read(line)[0])
    parts = sum(one.end - one.start for one in diagnostics(lines))
    share = min(1.0, (steps + parts) / len(lines))
    if any(map(builds, seen)):
        return 0.9 if share > 0.1 else 0.4
    return 0.65 if share > 0.5 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """Fold what went well and what was said before; nothing at `exact`."""
    if not ask.level.folds:
        return None
    lines = text.split("\n")
    asked = wanted(_GENERAL.sub(" ", ask.query), lines)
    labels = [SHOWN] * len(lines)
    names: dict[int, Name] = {}
    found = list(diagnostics(lines))
    label_repeats(lines, labels, names, found, asked)
    fixed = [False] * len(lines)
    for one in found:
        fixed[one.start : one.end] = [True] * (one.end - one.start)
    _label_progress(lines, labels, names, fixed, ask)
    if has_frames(text):
        for i, label in enumerate(frame_labels(lines, asked)):
            labels[i] = labels[i] or ("" if fixed[i] else label)
    hide_blanks(lines, labels)
    return folded(lines, labels, NAME, lambda start, end: note(labels, names, start, end))


def _label_progress(
    lines: list[str], labels: list[str], names: dict[int, Name], fixed: list[bool], ask: Ask
) -> None:
    """Label steps that went well, in place; not those of targets that failed."""
    steps = [SHOWN] * len(lines)
    label_steps(lines, steps, names, _STEPS)
    broken = [next(filter(None, m.groups())) for line in lines if (m := _TARGET.search(line))]
    target = re.compile("|".join(map(re.escape, broken[:50]))) if broken else None
    asked = wanted(ask.query, lines)
    for i, label in enumerate(steps):
        if not label or fixed[i]:
            continue
        if asked(lines[i]) or (target and target.search(lines[i])):
            continue
        labels[i] = label
