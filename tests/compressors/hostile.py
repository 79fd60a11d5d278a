"""Texts that nobody meant to send: broken, mixed and imitated tool outputs."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.compressors.cases import cases

_LINES = (
    "2024-01-15 10:00:01 ERROR db: timeout after 30 s",
    "2024-01-15 10:00:01 INFO db: connected to 10.0.0.7:5432",
    '"" 10:00:01 " db: said before',
    '[log: " repeats the word above it, "" two words]',
    "\\[… 3 lines]",
    "[… 12 similar lines]",
    "[headroom 9f3a1c2b: 412 of 430 lines folded]",
    "src/a.py:12: def f(x):",
    "test_a.py::test_b PASSED [ 10%]",
    "test_a.py::test_c FAILED [ 20%]",
    '{"id": 1, "name": "a"}',
    '{"id": 2, "name": null, "at": 1e400}',
    "Traceback (most recent call last):",
    '  File "a.py", line 3, in f',
    "\tat com.acme.Pay.charge(Pay.java:88)",
    "@@ -1,3 +1,4 @@",
    "diff --git a/x b/x",
    "-rw-r--r-- 1 root root 12 Jan  1 00:00 a.txt",
    "├── src",
    "| a | b |",
    "a,b,c",
    "commit 9f3a1c2b7d",
    "9f3a1c2b (Ann 2024-01-15 10:00:01 +0100 12) x = 1",
    "Downloading x-1.0.whl (3.1 MB)\r",
    "\x1b[31mred\x1b[0m\x1b[2K",
    "10%\r20%\r100%",
    "<p>so <b>it</b> &amp; on</p>",
    "   Compiling serde v1.0.1",
    "",
)
_NOISE = st.text(alphabet="a1 :-|/[]{}\",'\\.\t\r\x00\x1b\b\udc80é…〃", max_size=60)

# Repeated lines in any order, some of them spoiled.
_MIXED = st.lists(
    st.tuples(st.sampled_from(_LINES), st.integers(1, 12), st.one_of(st.just(""), _NOISE)),
    max_size=40,
).map(lambda rows: "\n".join(line + noise for line, count, noise in rows for _ in range(count)))


def _spoiled(text: str, at: int, length: int, noise: str) -> str:
    at %= len(text) + 1
    return text[:at] + noise + text[at + length :]


def _golden() -> st.SearchStrategy[str]:
    texts = [case.text[:20_000] for case in cases()]
    if not texts:
        return st.nothing()
    whole = st.sampled_from(texts)
    spoiled = st.builds(_spoiled, whole, st.integers(0, 20_000), st.integers(0, 3_000), _NOISE)
    cut = st.builds(lambda text, at: text[at % (len(text) + 1) :], whole, st.integers(0, 20_000))
    joined = st.builds(lambda a, b: a[:4_000] + b[:4_000], whole, whole)
    windows = whole.map(lambda text: text.replace("\n", "\r\n"))
    return st.one_of(spoiled, cut, joined, windows)


TEXTS = st.one_of(
    st.text(),
    _MIXED,
    _golden(),
    st.tuples(st.text(max_size=30), st.integers(2, 200)).map(lambda p: f"{p[0]}\n" * p[1]),
    st.tuples(st.sampled_from("[{(<\"'\\ \n\r\t\x1b"), st.integers(1, 5_000)).map(
        lambda p: p[0] * p[1]
    ),
)
COMMANDS = st.sampled_from(
    [
        "",
        "pytest -q",
        "tail -n 600 /var/log/x.log",
        "rg -n foo src",
        "git log --stat",
        "git blame a.py",
        "git diff",
        "ls -lR",
        "cat data.json",
        "npm install",
        "make -j8",
        "echo one; ls; echo two; docker logs web",
        "'unbalanced",
    ]
)
