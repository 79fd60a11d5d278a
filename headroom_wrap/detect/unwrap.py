"""What a command line starts by way of another program: behind sudo, docker exec, ssh, xargs."""

from __future__ import annotations

import re
from collections.abc import Callable

Words = list[str]

# Flags of each that take the next word.
_PREFIXES = {
    name: frozenset(flags.split())
    for name, flags in {
        **dict.fromkeys(
            "nohup command builtin exec unbuffer then do else if elif while until ! { catchsegv "
            "setsid time chrt ionice".split(),
            "",
        ),
        "sudo": "-u -g -h -p -C -r -t -U -D",
        "doas": "-u -C",
        "env": "-u -C -S",
        "nice": "-n",
        "stdbuf": "-i -o -e",
        "timeout": "-s -k",
        "xargs": "-I -a -d -E -L -n -P -s",
        "parallel": "-j -N -n --jobs",
        "watch": "-n",
        "strace": "-e -o -p",
        "ltrace": "-e -o",
        "chroot": "",
    }.items()
}
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
    "mise": {"exec", "x"},
    "asdf": {"exec"},
    "devbox": {"run"},
    "rtx": {"exec", "x"},
    "conda": {"run"},
    "mamba": {"run"},
    "heroku": {"run"},
}
_VALUED = frozenset(
    "--with --python --package --extra --group --project --directory -p -C -n --name".split()
)
_BOXES = frozenset("docker podman nerdctl docker-compose podman-compose finch".split())
_BOX_VALUED = frozenset(
    "-e -u -w -v -p -h -l -m --env --user --workdir --volume --publish --name --network --mount "
    "--entrypoint --env-file --hostname --label --memory --platform --cpus --index --gpus "
    "--add-host --device --tmpfs --pull --restart -f --file --project-name --profile".split()
)
_CLUSTERS = frozenset("kubectl oc k3s microk8s k".split())
_CLUSTER_VALUED = frozenset("-n --namespace -c --container --context --kubeconfig".split())
_SSH_VALUED = frozenset("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w".split())
_SHELLS = frozenset("bash sh zsh dash ksh ash fish".split())
_POWERSHELLS = frozenset("powershell pwsh".split())
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_DURATION = re.compile(r"[-+]?\d+(?:\.\d+)?[smhd]?")


def unwrapped(words: Words) -> tuple[Words, str]:
    """The words without what only starts the program; or none, and the shell text that is run."""
    while words:
        first = _name(words[0])
        inner = _shell_text(first, words[1:])
        if inner is not None:
            return [], inner
        behind = _behind(first, words)
        if behind is None:
            break
        words = behind
    return words, ""


def _name(word: str) -> str:
    name = re.split(r"[/\\]", word)[-1].lower()
    return name[:-4] if len(name) > 4 and name.endswith(".exe") else name


def _behind(first: str, words: Words) -> Words | None:
    """What the first program starts; None when it starts none that we can see."""
    rest = words[1:]
    if _ASSIGNMENT.match(words[0]):
        return rest
    if words[0].startswith("$") and rest[:1] == ["="]:
        return rest[1:]
    if first in _PREFIXES:
        return _prefixed(first, rest)
    if first in _RUNNERS:
        return _run(rest, _RUNNERS[first]) or None
    if re.fullmatch(r"(?:python|pypy)[\d.]*|py", first) and "-m" in rest[:3]:
        return rest[rest.index("-m") + 1 :]
    return _elsewhere(first, rest) or None


def _prefixed(first: str, rest: Words) -> Words:
    words = _without_flags(rest, _PREFIXES[first])
    if first == "chroot":
        return words[1:]
    if first == "xargs" and words and "{}" not in words:
        return [*words, "{}"]
    return words


def _run(words: Words, verbs: set[str]) -> Words:
    if "" in verbs:
        return _without_flags(words, _VALUED)
    return _without_flags(words[1:], _VALUED) if words and words[0] in verbs else []


def _elsewhere(first: str, rest: Words) -> Words:
    """What is run in a container, a cluster, an environment; [] when that is nothing."""
    if first in _BOXES:
        return _in_box(rest)
    if first in _CLUSTERS:
        rest = _without_flags(rest, _CLUSTER_VALUED)
        return _after_dashes(rest[1:], _CLUSTER_VALUED) if rest[:1] == ["exec"] else []
    if first in ("lxc", "incus", "multipass") and rest[:1] == ["exec"]:
        return _after_dashes(rest[1:], frozenset())
    if first == "direnv" and rest[:1] == ["exec"]:
        return rest[2:]
    if first == "wsl":
        return _without_flags(rest, frozenset(("-d", "-u", "--cd")))
    return _nix(rest) if first == "nix" else []


def _in_box(rest: Words) -> Words:
    rest = _without_flags(rest, _BOX_VALUED)
    if rest[:1] == ["compose"]:
        rest = _without_flags(rest[1:], _BOX_VALUED)
    if rest[:1] == ["container"]:
        rest = rest[1:]
    if not rest or rest[0] not in ("exec", "run"):
        return []
    return _without_flags(rest[1:], _BOX_VALUED)[1:]


def _after_dashes(words: Words, valued: frozenset[str]) -> Words:
    if "--" in words:
        return words[words.index("--") + 1 :]
    return _without_flags(_without_flags(words, valued)[1:], valued)


def _nix(rest: Words) -> Words:
    verb, *words = rest or [""]
    if verb == "run" and "--" in words:
        at = words.index("--")
        named = [word for word in words[:at] if not word.startswith("-")]
        return [named[0].rsplit("#", 1)[-1], *words[at + 1 :]] if named else []
    for flag in ("-c", "--command"):
        if verb in ("shell", "develop") and flag in words:
            return words[words.index(flag) + 1 :]
    return []


def _shell_text(first: str, rest: Words) -> str | None:
    """The command line that a shell, here or elsewhere, is given as a text."""
    if first in _SHELLS or first in ("su", "script"):
        return _next(rest, lambda word: bool(re.fullmatch(r"-\w*c", word)))
    if first in _POWERSHELLS:
        return _next(rest, lambda word: word.lower() in ("-command", "-c"), whole=True)
    if first == "cmd":
        return _next(rest, lambda word: word.lower() in ("/c", "/k"), whole=True)
    if first == "nix-shell":
        return _next(rest, lambda word: word in ("--run", "--command"))
    if first == "vagrant":
        return _next(rest, lambda word: word in ("-c", "--command"))
    if first == "ssh":
        words = _without_flags(rest, _SSH_VALUED)[1:]
        return " ".join(_without_flags(words, _SSH_VALUED)) or None
    return None


def _next(rest: Words, is_flag: Callable[[str], bool], whole: bool = False) -> str | None:
    for at, word in enumerate(rest[:-1]):
        if is_flag(word):
            return " ".join(rest[at + 1 :]) if whole else rest[at + 1]
    return None


def _without_flags(words: Words, valued: frozenset[str]) -> Words:
    at = 0
    while at < len(words) and (words[at].startswith("-") or _DURATION.fullmatch(words[at])):
        if words[at] == "--":
            return words[at + 1 :]
        at += 2 if words[at] in valued else 1
    return words[at:]
