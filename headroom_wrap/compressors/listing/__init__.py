"""Listings: names below their folder, trees as indentation, long uniform runs counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.listing import attributes, folders, ranked, side, tree
from headroom_wrap.compressors.listing.fold import Gaps, fold, is_processes
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import Program, printing, programs
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "listing"

_PROGRAMS = frozenset(
    "ls find tree fd fdfind du wc tar unzip zipinfo exa eza lsd stat dir gfind gls md5sum sha1sum "
    "sha256sum jar locate bsdtar b3sum".split()
)
_VERBS = {
    "git": frozenset("ls-files status ls-tree diff show stash".split()),
    "npm": frozenset("ls list ll explain".split()),
    "pnpm": frozenset("ls list why".split()),
    "yarn": frozenset("list why".split()),
    "cargo": frozenset(["tree"]),
    "uv": frozenset(["tree"]),
    "pip": frozenset(["show"]),
    "dpkg": frozenset(["-L", "--listfiles", "-S"]),
    "rpm": frozenset(["-ql"]),
    "rg": frozenset("--files -l --files-with-matches -il -li -c --count -ic".split()),
    "grep": frozenset("-l -rl -lr -rln -ril --files-with-matches -rlE -c -rc -ric".split()),
    "ack": frozenset(["-l", "-f"]),
    "ag": frozenset(["-l", "-g"]),
    "hg": frozenset("status files manifest".split()),
    "svn": frozenset(["status"]),
}
_PASSING = frozenset("sort uniq head tail xargs sed awk cut column tee grep rg rev tr".split())
_TOOLS = frozenset(
    "glob ls list listdir listdirectory listfiles listdirectorytree directorytree filesearch "
    "findfiles findbyname globfilesearch tree".split()
)
_PATH = re.compile(
    r"^(?:[\t ]*[A-Za-z?!][A-Za-z ?!]{0,11}:?[ \t]+)?(?:[\d.,]+[KMGTP]?[ \t]+)?"
    r"(?:[A-Za-z]:)?[\w.@+~()\[\]{}=,%$ -]*/[\w.@+~()\[\]{}=,%$ /\x80-\U0010ffff-]*$"
)
_BARE_PATH = re.compile(r"^[\w.@+~\x80-\U0010ffff-]*(?:/[\w.@+~()\[\]=\x80-\U0010ffff-]+){2,}/?$")
_HEADER = re.compile(
    r"\[names under their folder(/)?(, side by side)?"
    r"(?:; mode, links, owner, date where they change)?\]"
)
_CHANGING = "; mode, links, owner, date where they change"
_WORTH_HIDING = 0.85
# So few lines that were asked for are told with their whole path.
_MOST_FULL = 3
# Of so many processes those that are like others are rows of a table.
_MANY_PROCESSES = 60
_LEFT_TO_TABLE = 0.55
_SIDE_ALL = "[names side by side]"
_SIDE = "; names side by side]"


def score(text: str, origin: Origin) -> float:
    lines = shape.sample(text)
    if len(lines) < 4:
        return 0.0
    if is_processes(lines):
        return 1.0 if text.count("\n") < _MANY_PROCESSES else _LEFT_TO_TABLE
    if tree.drawn(lines) > 0.5:
        return 1.0
    long = shape.share(attributes.LONG, lines)
    named = _named(origin)
    if long > (0.5 if named else 0.6):
        return 1.0 if named else 0.9
    paths = [folders.parse(line)[1] for line in lines]
    if named:
        return 1.0 if shape.share(_PATH, paths) > 0.5 else 0.5
    return 0.65 if shape.share(_BARE_PATH, paths) > 0.9 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    shorter = _shortest(text, ask.query)
    gaps: Gaps = ()
    if ask.level.folds:
        lines, hidden = fold(text, f"{ask.query}\n{origin.command}")
        folded = _shortest(lines, ask.query) if hidden else shorter
        # What is only a little shorter is not worth hiding anything.
        if _cost(folded) < _WORTH_HIDING * _cost(shorter):
            shorter, gaps = folded, hidden
    return gained(text, Squeezed(shorter, NAME, exact=not gaps, gaps=gaps))


def _shortest(text: str, query: str) -> str:
    return min([text, *(_trees(text) or _lists(text, query))], key=_cost)


def expand(text: str) -> str:
    head, _, rest = text.partition("\n")
    said = rest.split("\n")
    if ranked.is_mark(head):
        return ranked.restore(text)
    if tree.is_mark(head):
        return "\n".join(tree.restore(head, side.restore(said) if head.endswith(_SIDE) else said))
    if head == _SIDE_ALL:
        return "\n".join(side.restore(said, least=0))
    if found := _HEADER.fullmatch(head):
        rest = "\n".join(side.restore(said)) if found[2] else rest
        return attributes.restore(folders.restore(rest, slash=bool(found[1])))
    return text


def _trees(text: str) -> list[str]:
    found = tree.write(text.split("\n"))
    if not found:
        return []
    mark, said = found
    return [
        "\n".join([mark, *said]),
        "\n".join([mark[:-1] + _SIDE, *side.write(said)]),
    ]


def _lists(text: str, query: str) -> list[str]:
    short = attributes.write(text)
    lines = short.split("\n")
    asked = list(filter(wanted(query, lines), lines))
    written = folders.write(short, asked if len(asked) <= _MOST_FULL else ())
    head = f"[names under their folder{'/' * folders.is_slashed(short)}"
    tail = _CHANGING * (short != text and "-rw" in text) + "]"
    return [
        f"{head}{tail}\n{written}",
        "\n".join([f"{head}, side by side{tail}", *side.write(written.split("\n"))]),
        "\n".join([_SIDE_ALL, *side.write(text.split("\n"), least=0)]),
        *ranked.write(text),
    ]


def _cost(text: str) -> int:
    """About as many tokens: lines and words cost more than their characters."""
    return len(text.encode("utf-8", "surrogatepass")) + 2 * text.count("\n") + text.count("\\")


def _named(origin: Origin) -> bool:
    tool = re.sub(r"[^a-z]", "", re.split(r"__|[./:]", origin.tool.lower())[-1])
    if tool in _TOOLS and not origin.command:
        return True
    shown = printing(origin.command)
    if any(p.name in _PASSING for p in shown):
        shown = programs(origin.command)
    return any(map(_lists_files, shown))


def _lists_files(program: Program) -> bool:
    if program.name in _PROGRAMS:
        return True
    verbs = _VERBS.get(program.name, frozenset())
    return any(arg in verbs for arg in program.args[:6])
