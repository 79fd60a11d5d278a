"""Which tool results are the text of files: an agent edits from them, so every byte counts."""

from __future__ import annotations

import re

from headroom_wrap.detect import shape
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
_READERS = frozenset(
    "cat tac head tail sed nl awk gawk mawk bat batcat less more most view xxd od hexdump pr "
    "fold fmt expand pygmentize highlight type get-content gc strings col column tee dd "
    "busybox".split()
)
# What an agent's own line editor shows after a step is the file.
_EDIT_VERBS = frozenset("edit create insert str_replace apply_patch".split())
_EDITORS = _EDIT_VERBS | frozenset("open goto scroll_up scroll_down set_cursors".split())
_FILTERS = frozenset("sort uniq tr cut rev paste sponge xargs parallel out-string out-host".split())
_GREPS = frozenset(
    "grep egrep fgrep zgrep rg ripgrep ag ack ugrep select-string sls findstr".split()
)
_VALUE_FLAGS = frozenset(
    "-n -c -A -B -C -m -e -f -F -v -w -s -j -N -l -r --lines --bytes --style".split()
)
_BARE_FLAGS = frozenset("cat nl sed".split())
_SCRIPT_READ = re.compile(
    r"\bopen\(|read_text\(|readFile(?:Sync)?\(|File\.read|ReadAll(?:Text|Lines)|slurp|fs::read"
)
_CODE_MODE = re.compile(r"\btools\.\w+\(|\bexec_command\(|\bawait\s|\bcmd\s*:")
_HEADER = re.compile(r"\s*\[File: (\S+) \(\d+ lines total\)\]")
_HEADER_CHARS = 1000
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_ESCAPE = re.compile(r"\\(.)", re.S)


def is_edit(origin: Origin) -> bool:
    """Whether the call changes a file, and shows it only by the way."""
    if not origin.command.strip():
        return _plain(origin.tool) in _EDIT_TOOLS
    return any(p.name in _EDIT_VERBS for p in programs(origin.command))


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
        return _edited(origin.path, text)
    if origin.command.strip():
        return _command_reads(origin.command, text)
    if origin.path and nature(origin.path) is not Nature.TEXT:
        return _edited(origin.path, text)
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
    shown = [p for p in printing(origin.command) if p.name.lower() in _READERS | {"git"}]
    named = {path for program in shown for path in (*_files(program), *program.inputs)}
    if len(shown) == 1 and shown[0].name == "git":
        named = {arg for arg in shown[0].operands if ":" in arg}
    return named.pop() if len(named) == 1 else ""


def _edited(path: str, text: str) -> bool:
    if not path or "$" in path or "{}" in path:
        return not shape.log_likeness(text) > 0.8
    kind = nature(path)
    if kind is Nature.DATA:
        return not shape.is_data(text)
    if kind is Nature.TEXT:
        return not shape.log_likeness(text) > 0.5
    return kind is Nature.EDITED


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


def _shell_reads(command: str, text: str) -> bool:
    groups = list(pipelines(command))
    return any(_pipeline_reads(group, text) for group in groups if not group[-1].sunk)


def _pipeline_reads(group: tuple[Program, ...], text: str) -> bool:
    """Follow the pipe back to what it is fed from, through everything that keeps lines whole."""
    for program in reversed(group):
        verdict = _program_reads(program, text)
        if verdict is not None:
            return verdict
    # Nothing feeds the first one: `rg -C2 foo` searches the folder itself.
    return group[0].name in _GREPS or group[0].name == "git"


def _program_reads(program: Program, text: str) -> bool | None:
    """Whether it shows a file; None when it only passes on what it is fed."""
    name = program.name.lower()
    if name in _GREPS:
        return _grep_reads(program, text)
    if name == "git":
        return _git_reads(program, text)
    if name in _EDITORS:
        return _edited(next(iter(program.operands), ""), text)
    if name in _READERS:
        files = (*_files(program), *program.inputs)
        if files:
            return any(_edited(path, text) for path in files)
        return True if program.fed else None
    if name in _FILTERS:
        return None
    if name == "find" and any(flag in program.args for flag in ("-exec", "-execdir")):
        at = next(i for i, arg in enumerate(program.args) if arg in ("-exec", "-execdir"))
        inner = (
            Program(program.args[at + 1], program.args[at + 2 :])
            if program.args[at + 1 :]
            else None
        )
        return bool(inner and _program_reads(inner, text))
    if any(_SCRIPT_READ.search(arg) for arg in program.args):
        return shape.log_likeness(text) <= 0.8 and not shape.is_data(text)
    return shape.is_numbered(text)


def _grep_reads(program: Program, text: str) -> bool | None:
    around = program.has(
        "--context", "--after-context", "--before-context", "-Context", "-A", "-B", "-C"
    )
    around = around or any(re.fullmatch(r"-\d+", arg) for arg in program.args)
    whole = program.operands[:1] in (("",), (".",), ("^",), (".*",), ("$",))
    if not (around or whole):
        return False
    files = _files(program)[1:]
    return any(_edited(path, text) for path in files) if files else None


def _git_reads(program: Program, text: str) -> bool | None:
    verb = program.verb
    if verb == "grep":
        return _grep_reads(Program("grep", program.args[program.args.index("grep") + 1 :]), text)
    if verb in ("show", "cat-file"):
        named = [
            arg.split(":", 1)[1]
            for arg in program.operands
            if ":" in arg and not arg.startswith(":/")
        ]
        if named:
            return any(_edited(path, text) for path in named)
        return verb == "cat-file" and program.has("-p")
    return False


def _files(program: Program) -> list[str]:
    """The operands that can be files: not the values of flags, not the script of sed or awk."""
    found: list[str] = []
    skip = False
    for arg in program.args:
        if skip:
            skip = False
        elif arg.startswith("-") and arg != "-":
            skip = arg in _VALUE_FLAGS and not (
                program.name in ("cat", "nl", "sed") and arg != "-e"
            )
        elif arg != "-":
            found.append(arg)
    if program.name in ("sed", "awk", "gawk", "mawk") and not program.has(
        "-e", "-f", "--expression"
    ):
        found = found[1:]
    if program.name == "tee":
        found = []
    return found
