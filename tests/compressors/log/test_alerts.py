"""Words of trouble, in the languages that programs speak to their users."""

from __future__ import annotations

import pytest

from headroom_wrap.compressors.log.templates import alarming


@pytest.mark.parametrize(
    "word",
    [
        *["ERROR", "TimeoutError:", "fehlgeschlagen: Fehler", "Erreur", "Échec", "Advertencia"],
        *["ошибка", "Предупреждение", "请求超时", "失败", "タイムアウトエラー", "例外"],
        *["오류", "실패했습니다"],
    ],
)
def test_trouble(word: str) -> None:
    assert alarming(word)


@pytest.mark.parametrize("word", ["information", "erroneous", "успешно", "成功", "正常", "完了"])
def test_no_trouble(word: str) -> None:
    assert not alarming(word)
