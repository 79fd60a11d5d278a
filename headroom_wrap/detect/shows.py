"""Whether what a program prints is the text of a file that people edit."""

from __future__ import annotations

import re

from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import Program
from headroom_wrap.detect.files import Nature, nature

READERS = frozenset(
    "cat tac head tail sed nl awk gawk mawk bat batcat less more most view xxd od hexdump pr "
    "fold fmt expand unexpand pygmentize highlight type get-content gc strings col column tee dd "
    "busybox zcat gzcat bzcat xzcat zless ed ex vi vim nvim perl ruby mapfile readarray gunzip "
    "iconv".split()
)
# What an agent's own line editor shows after a step is the file.
EDIT_VERBS = frozenset("edit create insert str_replace apply_patch".split())
_EDITORS = EDIT_VERBS | frozenset("open goto scroll_up scroll_down set_cursors".split())
_PASSING = frozenset(
    "tr sponge xargs parallel out-string out-host select-object select where-object foreach-object "
    "tee-object".split()
)
_FILTERS = frozenset("sort uniq cut rev paste".split())
_GREPS = frozenset(
    "grep egrep fgrep zgrep rg ripgrep ag ack ugrep select-string sls findstr".split()
)
# They print a file in their own form, which is the file's own when it is well kept.
_FORMATTERS = frozenset(
    "jq yq xmllint gofmt rustfmt clang-format prettier black shfmt taplo".split()
)
# The words of yq in front of its filter.
_YQ_VERBS = frozenset("e ea eval eval-all".split())
_QUERY_PAIRS = frozenset("--arg --argjson --slurpfile --rawfile".split())
_QUERY_VALUES = frozenset("-L --indent -p -o -I --input-format --output-format".split())
_CODE_SEARCHES = frozenset("ast-grep sg comby".split())
_INTERPRETERS = re.compile(
    r"(?:python|pypy)[\d.]*|py|node|nodejs|deno|bun|ruby|perl|php|lua|Rscript|osascript|ipython"
)
_VALUE_FLAGS = {
    "head": frozenset("-n -c --lines --bytes".split()),
    "tail": frozenset("-n -c --lines --bytes -s".split()),
    "awk": frozenset("-F -v -f".split()),
    "sed": frozenset("-e -f -l".split()),
    "bat": frozenset("-r -l -H --line-range --language --style --theme --color".split()),
    "nl": frozenset("-b -n -w -s -v -i".split()),
    "cut": frozenset("-d -f -c -b".split()),
    "sort": frozenset("-k -t -o -S".split()),
    "uniq": frozenset("-f -s -w".split()),
    "paste": frozenset("-d"),
    "xxd": frozenset("-l -s -c -g".split()),
    "od": frozenset("-A -j -N -t -w".split()),
    "hexdump": frozenset("-n -s -e -f".split()),
    "perl": frozenset("-e -E -ne -pe -nle -lne -ple -lane -ane".split()),
    "ruby": frozenset("-e -ne -pe -r".split()),
    "get-content": frozenset("-totalcount -tail -head -first -last -encoding -delimiter".split()),
    "iconv": frozenset("-f -t --from-code --to-code".split()),
    "grep": frozenset(
        "-A -B -C -m -e -f -d -D -g -t -T -r -j -M --glob --include --exclude".split()
    ),
}
_SAME = {"gawk": "awk", "mawk": "awk", "batcat": "bat", "gc": "get-content", "type": "get-content"}
_SCRIPTED = frozenset("sed awk".split())
_IN_PLACE = re.compile(r"-[nErsuz]*i|--in-place|-p?i(?:\.\w+)?$|-pi")
_SCRIPT_READ = re.compile(
    r"\bopen\(|\.read(?:_text|_bytes|_to_string|lines|line)?\b|readFile|(?:File|IO)\.(?:read|foreach)"
    r"|ReadAll(?:Text|Lines)|slurp|fs::read|getlines?\(|getsource|file_get_contents|\bfile\(|<ARGV>"
)
_QUOTED_PATH = re.compile(r"[\"']([^\"'\s]*(?:/\w+|\.\w{1,8}))[\"']")


def edited(path: str, text: str) -> bool:
    """Whether a file of this name, or with this text, is one that people edit."""
    if not path or "$" in path or "{}" in path:
        return not shape.log_likeness(text) > 0.8
    kind = nature(path)
    if kind is Nature.DATA:
        return not shape.is_data(text)
    if kind is Nature.TEXT:
        return not shape.log_likeness(text) > 0.5
    return kind is Nature.EDITED


def shows(program: Program, text: str, script: str) -> bool | None:
    """Whether it shows a file; None when it only passes on what it is fed.

    `script` is the whole command line: what a here-document feeds stands only there.
    """
    name = program.name.lower()
    if name in _GREPS:
        return grepped(program, text)
    if name == "git":
        return _git(program, text)
    if name in _EDITORS:
        return edited(next(iter(program.operands), ""), text)
    if name in READERS and not _is_script(program):
        return _read(program, text)
    if name in _FILTERS:
        named = files(program)
        return any(edited(path, text) for path in named) if named else None
    if name in _PASSING:
        return None
    return _other(program, text, script)


def _other(program: Program, text: str, script: str) -> bool | None:
    name = program.name.lower()
    if name in _FORMATTERS:
        operands = _queried(program) if name in ("jq", "yq") else files(program)
        named = (*operands, *program.inputs)
        return any(nature(path) is Nature.EDITED for path in named) if named else None
    if name in _CODE_SEARCHES:
        return True
    if name in ("hg", "svn", "p4", "systemctl") and program.verb in ("cat", "print"):
        return any(edited(path, text) for path in program.operands[1:])
    if (name == "jj" and program.operands[:2] == ("file", "show")) or (
        name == "crontab" and program.has("-l")
    ):
        return True
    if name in ("find", "fd", "fdfind"):
        return _each(program, text, script)
    if _INTERPRETERS.fullmatch(program.name):
        return _interpreted(program, text, script)
    if program.name.startswith("[") or any(_SCRIPT_READ.search(arg) for arg in program.args):
        return _scripted(" ".join((program.name, *program.args)), text)
    return shape.is_numbered(text)


def _queried(program: Program) -> list[str]:
    """The files of jq and yq: not their filter, which like `.items` may look like a file name."""
    args = iter(program.args)
    found: list[str] = []
    for arg in args:
        if arg in ("--args", "--jsonargs"):
            break
        if arg in _QUERY_PAIRS:
            next(args, None)
            next(args, None)
        elif arg in _QUERY_VALUES:
            next(args, None)
        elif not arg.startswith("-"):
            found.append(arg)
    if program.name.lower() == "yq":
        found = found[found[:1] != [] and found[0] in _YQ_VERBS :]
        # yq alone may be given a file and no filter.
        if len(found) == 1 and not re.match(r"\.(?!\.?/)|[\[({]", found[0]):
            return found
    return found[1:]


def _read(program: Program, text: str) -> bool | None:
    if any(_IN_PLACE.match(arg) for arg in program.args) and program.name in (
        "sed",
        "perl",
        "ruby",
    ):
        return False
    named = (*files(program), *program.inputs)
    if named:
        return any(edited(path, text) for path in named)
    return True if program.fed else None


def _each(program: Program, text: str, script: str) -> bool:
    """`find … -exec cat {} +`, `fd … -x cat`."""
    flags = ("-exec", "-execdir", "-x", "-X", "--exec", "--exec-batch")
    at = next((n for n, arg in enumerate(program.args) if arg in flags), -1)
    words = program.args[at + 1 :] if at >= 0 else ()
    if not words:
        return False
    # What is put in is not named here.
    inner = Program(words[0], (*words[1:], "{}"))
    return bool(shows(inner, text, script))


def _is_script(program: Program) -> bool:
    """Perl and Ruby read line by line only with -n or -p."""
    loops = any(re.match(r"-\w*[np]\w*$", arg) for arg in program.args)
    return program.name in ("perl", "ruby") and not loops


def _interpreted(program: Program, text: str, script: str) -> bool | None:
    inner = " ".join(program.args)
    if program.fed:
        inner = script
    if "stdin" in inner and "json" not in inner and not program.fed:
        return None
    return _scripted(inner, text) if _SCRIPT_READ.search(inner) else shape.is_numbered(text)


def _scripted(script: str, text: str) -> bool:
    """What a script prints that reads files; those that it names tell which."""
    named = [path for path in _QUOTED_PATH.findall(script) if "://" not in path]
    if named and all(nature(path) is Nature.WRITTEN for path in named):
        return False
    return shape.log_likeness(text) <= 0.8 and not shape.is_data(text)


def grepped(program: Program, text: str) -> bool | None:
    """A search shows a file where it prints the lines around, or nearly all of them."""
    around = program.has(
        "--context", "--after-context", "--before-context", "-Context", "-A", "-B", "-C"
    )
    around = around or any(re.fullmatch(r"-\d+", arg) for arg in program.args)
    around = around or program.has("--passthru", "--passthrough", "--show-function", "-W", "-z")
    around = around or program.has("-v", "--invert-match", "--function-context", "-NotMatch")
    whole = program.operands[:1] in (("",), (".",), ("^",), (".*",), ("$",))
    if not (around or whole):
        return False
    named = (*files(program)[1:], *program.inputs)
    return any(edited(path, text) for path in named) if named else None


def _git(program: Program, text: str) -> bool | None:
    verb = program.verb
    if verb == "grep":
        return grepped(Program("grep", program.args[program.args.index("grep") + 1 :]), text)
    if verb in ("show", "cat-file"):
        named = [
            arg.split(":", 1)[1]
            for arg in program.operands
            if ":" in arg and not arg.startswith(":/")
        ]
        if named:
            return any(edited(path, text) for path in named)
        return verb == "cat-file" and program.has("-p")
    # The hunks of a diff are never folded: see the compressor.
    return False


def files(program: Program) -> list[str]:
    """The operands that can be files: not the values of flags, not the script of sed or awk."""
    found: list[str] = []
    name = program.name.lower()
    name = "grep" if name in _GREPS else _SAME.get(name, name)
    valued = _VALUE_FLAGS.get(name, frozenset())
    skip = False
    for arg in program.args:
        if skip:
            skip = False
        elif arg.startswith("-") and arg != "-":
            skip = arg in valued or arg.lower() in valued
        elif arg != "-" and not (arg.startswith("+") and name in ("ed", "ex", "vim", "less")):
            found.append(arg)
    if name in _SCRIPTED and not program.has("-e", "-f", "--expression"):
        found = found[1:]
    return [] if name == "tee" else found
