"""Which tool results are the text of files: an agent edits from them, so every byte counts."""

from __future__ import annotations

import re

from headroom_wrap.detect import shape, shows
from headroom_wrap.detect.commands import Program, pipelines, printing, programs
from headroom_wrap.detect.files import Nature, nature
from headroom_wrap.types import Origin

_EDIT_TOOLS = frozenset(
    "texteditor strreplaceeditor strreplacebasededittool edit editfile multiedit write writefile "
    "createfile applypatch replaceinfile strreplace replace insert notebookedit create".split()
)
_READ_TOOLS = _EDIT_TOOLS | frozenset(
    "read readfile readtextfile readmanyfiles readmultiplefiles readfiles fsread notebookread "
    "view viewfile viewfilewindow openfile open opencode getfilecontents getfile filecontents "
    "cat".split()
)
_SEARCH_TOOLS = frozenset(
    "grep rg ripgrep search searchfiles searchfilecontent grepsearch codesearch".split()
)
_CODE_MODE = re.compile(r"\btools\.\w+\(|\bexec_command\(|\bawait\s|\bcmd\s*:")
_HEADER = re.compile(r"\s*\[File: (\S+) \(\d+ lines total\)\]")
_HEADER_CHARS = 1000
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
# Where a command's output goes into another's words.
_SUBSTITUTED = re.compile(r"[$<]\(([^()]*)\)|`([^`]*)`")
_ECHOES = frozenset("echo printf cat diff write-output".split())
_SHELLS = frozenset("bash sh zsh dash ksh ash".split())
_LOOP_INPUT = re.compile(r"\bdone\s*<\s*([\w./~-]+)")
_MAX_NESTING = 4
_ESCAPE = re.compile(r"\\(.)", re.S)


def is_edit(origin: Origin) -> bool:
    """Whether the call changes a file, and shows it only by the way."""
    if not origin.command.strip():
        return _plain(origin.tool) in _EDIT_TOOLS
    return any(p.name in shows.EDIT_VERBS for p in programs(origin.command))


def is_file_text(text: str, origin: Origin) -> bool:
    """Whether `text` shows a file that people edit, by whichever route it was read.

    Logs, data dumps and other machine-written files do not count, however they are read; a JSON
    file does unless it is clearly data (see `shape.is_data`). In doubt the answer is yes: an edit
    that fails costs more than any saving.
    """
    tool = _plain(origin.tool)
    if tool in _SEARCH_TOOLS and not origin.command:
        return shape.has_context(text)
    if tool in _READ_TOOLS and not origin.command.strip():
        return shows.edited(origin.path, text)
    if origin.command.strip():
        return _command_reads(origin.command, text)
    if origin.path and nature(origin.path) is not Nature.TEXT:
        return shows.edited(origin.path, text)
    return shape.is_numbered(text)


def _plain(tool: str) -> str:
    """A tool's name without its server, case and signs."""
    return re.sub(r"[^a-z]", "", re.split(r"__|[./:]", tool.lower())[-1])


def shown_path(text: str, origin: Origin) -> str:
    """The one file that a file text is of; "" where none is named, or several are."""
    if origin.path:
        return origin.path
    header = _HEADER.match(text[:_HEADER_CHARS])
    if header:
        return header[1]
    shown = [p for p in printing(origin.command) if p.name.lower() in shows.READERS | {"git"}]
    named = {path for program in shown for path in (*shows.files(program), *program.inputs)}
    if len(shown) == 1 and shown[0].name == "git":
        named = {arg for arg in shown[0].operands if ":" in arg}
    return named.pop() if len(named) == 1 else ""


def _command_reads(command: str, text: str) -> bool:
    if _CODE_MODE.search(command):
        inner = [
            _ESCAPE.sub(_unescape, next(filter(None, m.groups()), ""))
            for m in _LITERAL.finditer(command)
        ]
        return any(_shell_reads(script, text) for script in inner if " " in script.strip())
    return _shell_reads(command, text)


def _unescape(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(match[1], match[1])


def _shell_reads(command: str, text: str, depth: int = 0) -> bool:
    groups = [group for group in pipelines(command) if not group[-1].sunk]
    if any(_pipeline_reads(group, text, command) for group in groups):
        return True
    if depth < _MAX_NESTING and any(group[-1].name in _ECHOES for group in groups):
        inner = (found[1] or found[2] for found in _SUBSTITUTED.finditer(command))
        if any(_shell_reads(script, text, depth + 1) for script in inner):
            return True
    if depth < _MAX_NESTING and any(
        group[-1].name in _SHELLS and group[-1].fed for group in groups
    ):
        return _shell_reads(command.partition("\n")[2], text, depth + 1)
    return any(shows.edited(path, text) for path in _LOOP_INPUT.findall(command))


def _pipeline_reads(group: tuple[Program, ...], text: str, command: str) -> bool:
    """Follow the pipe back to what it is fed from, through everything that keeps lines whole."""
    for program in reversed(group):
        verdict = shows.shows(program, text, command)
        if verdict is not None:
            return verdict
    # Nothing feeds the first one: `rg -C2 foo` searches the folder itself.
    return group[0].name in ("rg", "ag", "ack", "ugrep", "git") or group[0].has("-r", "-R")
