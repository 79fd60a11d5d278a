"""Which lines a request is about."""

from __future__ import annotations

import pytest

from headroom_wrap.relevance import wanted

LINES = [f"GET /items/{i} 200 user=u{i % 7}" for i in range(100)] + ["leader election won, term=42"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("what about /items/37?", ["GET /items/37 200 user=u2"]),
        ("who won the leader election", ["leader election won, term=42"]),
        ("find term=42", ["GET /items/42 200 user=u0", "leader election won, term=42"]),
        ("show me every GET", []),
        ("", []),
    ],
)
def test_lines_with_a_rare_word_of_the_request(query: str, expected: list[str]) -> None:
    assert list(filter(wanted(query, LINES), LINES)) == expected


def test_a_line_it_has_not_seen_is_judged_by_the_same_words() -> None:
    asked = wanted("who won the election?", LINES)
    assert asked("the ELECTION is over")
    assert not asked("electioneering")


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("哪些请求超时了？", "订单服务：请求在五秒后超时，已经放弃"),
        ("为什么API调用失败", "服务三：调用API失败，返回403"),
        ("どの接続がタイムアウトしましたか", "データベースの接続がタイムアウトになった"),
        ("어떤 요청이 실패했나요?", "서버 3: 요청을 처리하지 못하고 실패했습니다"),
        ("คำขอไหนล้มเหลว", "เซิร์ฟเวอร์: คำขอล้มเหลวหลังห้าวินาที"),
    ],
)
def test_scripts_without_blanks_between_words_are_asked_in_too(query: str, line: str) -> None:
    lines = [f"node {i}: ok 正常 通常 정상 ปกติ" for i in range(100)]
    asked = wanted(query, [*lines, line])
    assert list(filter(asked, [*lines, line])) == [line]
    assert asked(f"{line}。")
    assert not asked(f"{lines[0]}。")


def test_a_name_ends_where_another_script_begins() -> None:
    lines = ["节点db-7已停止", "节点db-71正常", *(f"第{i}行：正常" for i in range(100))]
    asked = wanted("状态 db-7", lines)
    assert asked(lines[0])
    assert not asked(lines[1])
