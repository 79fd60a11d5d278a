"""An agent of one's own: the file that is asked for is the file that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from headroom_wrap.errors import ConfigError
from headroom_wrap.profiles import load


def test_the_hint_names_the_file_that_is_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load("mine", tmp_path)
    found = re.search(r"or write (\S+)", caught.value.hint)
    assert found
    file = Path(found[1])
    file.parent.mkdir()
    file.write_text('title = "Mine"\ncommand = "mine"\ninstall = "make"\nwires = []\nhosts = []\n')
    assert load("mine", tmp_path).title == "Mine"
