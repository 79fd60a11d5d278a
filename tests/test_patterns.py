"""No regular expression of ours goes over a text exponentially often, whatever is in it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterator

import headroom_wrap

# Letters of several scripts: what is both a word character and outside ASCII fits two classes.
SIGNS = [*"aZf0 \t\n.,:;-_/\\\"'`([{<=|*#@%$~+^!?é中かя٣²😀─│\u0300\r\x1b"]
# What a pattern takes for one thing and might also take for the beginning of the next.
THINGS = [
    *[
        "ab ",
        "a: ",
        "a/b",
        "1.2",
        "12:",
        " - ",
        '"a",',
        "\n ",
        "\na",
        "::",
        "a,",
        "&a;",
        "| ",
        "é ",
    ],
    *[
        "https://a.b/c,",
        "[a](b)",
        "![a](b)",
        "[INFO] ",
        "<a b>",
        "<!--a-->",
        "<p>a</p>",
        "at a.b(c:1)",
    ],
    *[
        "a=1 ",
        'a="b" ',
        "0x1f ",
        "1.2.3",
        "--a=b ",
        "12:00:00 ",
        "2024-01-01T",
        "a.py:1:2: ",
        "(a:b)",
    ],
    *[
        '"a":1,',
        '{"a":1},',
        "[1,2],",
        "a -> b ",
        "Error: ",
        "a-b_c.d ",
        "a@b",
        "a() ",
        "C:\\a\\",
        "../",
    ],
    *[
        "- a\n",
        "# a\n",
        "| a | b |\n",
        "---\n",
        "```\n",
        "中.文 ",
        "路径/",
        "1,234 ",
        "50% ",
        "10ms ",
    ],
]
LENGTH = 320


def patterns(found: object, depth: int = 4) -> Iterator[re.Pattern[str]]:
    """The compiled patterns in a value and in what it holds."""
    if isinstance(found, re.Pattern):
        if isinstance(found.pattern, str):
            yield found
    elif depth:
        if isinstance(found, dict):
            inner = [*found, *found.values()]
        elif isinstance(found, (list, tuple, set, frozenset)):
            inner = [*found]
        elif type(found).__module__.startswith("headroom_wrap"):
            names = [*(getattr(found, "__slots__", None) or ()), *getattr(found, "__dict__", ())]
            inner = [getattr(found, name, None) for name in names]
        else:
            inner = []
        for each in inner:
            yield from patterns(each, depth - 1)


def every_pattern() -> dict[re.Pattern[str], str]:
    """All of them, each with a name that it has."""
    known: dict[re.Pattern[str], str] = {}
    for module in pkgutil.walk_packages(headroom_wrap.__path__, "headroom_wrap."):
        if module.name.startswith("headroom_wrap.adapters.") or "__main__" in module.name:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            imported = importlib.import_module(module.name)
        for name, value in vars(imported).items():
            for pattern in patterns(value):
                known.setdefault(pattern, f"{module.name}.{name}")
    return known


def test_what_is_repeated_is_gone_over_in_time():
    known = every_pattern()
    assert len(known) > 400
    texts = [
        before + unit * (LENGTH // len(unit)) + "\0"
        for unit in (*SIGNS, *THINGS)
        for before in ("", "a", '"')
    ]
    for pattern in known:
        for text in texts:
            pattern.search(text)
            pattern.match(text)
