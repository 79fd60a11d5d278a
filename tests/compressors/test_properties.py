"""What holds for every compressor on every text: its own cases, the others', and hostile ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap import tokens
from headroom_wrap.compressors import MOST, NAMES, load
from headroom_wrap.compressors.verify import verify
from headroom_wrap.types import Ask, Level, Origin, Squeezed
from tests.compressors.cases import Case, cases

EVERY = [
    pytest.param(name, case, id=f"{name}-on-{case.name}") for name in NAMES for case in cases()
]
HOSTILE = st.one_of(
    st.text(),
    st.lists(st.text(alphabet="a1 :-|/[]{}\",'\\.\t\r\x00\x1b\udc80é…"), max_size=40).map(
        "\n".join
    ),
    st.tuples(st.text(max_size=30), st.integers(2, 60)).map(lambda p: f"{p[0]}\n" * p[1]),
    st.tuples(st.sampled_from("[{(<\"'"), st.integers(1, 5000)).map(lambda p: p[0] * p[1]),
    st.lists(
        st.sampled_from(
            [
                "2024-01-15 10:00:01 ERROR db: timeout after 30 s",
                "src/a.py:12: def f(x):",
                "test_a.py::test_b PASSED [ 10%]",
                '{"id": 1, "name": "a"}',
                '  File "a.py", line 3, in f',
                "@@ -1,3 +1,4 @@",
                "-rw-r--r-- 1 root root 12 Jan  1 00:00 a.txt",
                "| a | b |",
                "commit 9f3a1c2b",
                "Downloading x-1.0.whl (3.1 MB)\r",
                "",
            ]
        ),
        max_size=120,
    ).map("\n".join),
)


def check(name: str, text: str, result: Squeezed | None) -> None:
    """Exact results give the text back; folds are honest; nothing gets longer."""
    if result is None:
        return
    module = load(name)
    if result.exact:
        assert module.expand(result.text) == text  # type: ignore[attr-defined]
        assert result.gaps == ()
    else:
        assert verify(text, result, getattr(module, "expand", None))
    assert tokens.count(result.text) <= tokens.count(text)


@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
@pytest.mark.parametrize(("name", "case"), EVERY)
def test_cases_are_true_never_larger_and_repeatable(name: str, case: Case, level: Level) -> None:
    module = load(name)
    result = module.squeeze(case.text, case.origin, case.ask(level))
    check(name, case.text, result)
    # Of a text that it does not claim a compressor is never asked, but for its honesty here.
    if module.score(case.text, case.origin) > 0:
        assert module.squeeze(case.text, case.origin, case.ask(level)) == result
    assert result is None or result.exact or level.folds
    if result:
        again = module.squeeze(result.text, case.origin, case.ask(level))
        check(name, result.text, again)


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_scores_are_shares(name: str, case: Case) -> None:
    assert 0 <= load(name).score(case.text, case.origin) <= MOST.get(name, 1)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=HOSTILE, level=st.sampled_from(list(Level)), query=st.text(max_size=40))
def test_hostile_texts_are_survived(name: str, text: str, level: Level, query: str) -> None:
    module = load(name)
    origin = Origin("Bash", query)
    assert 0 <= module.score(text, origin) <= MOST.get(name, 1)
    check(name, text, module.squeeze(text, origin, Ask(level, query)))
