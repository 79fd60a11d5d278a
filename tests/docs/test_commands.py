"""The command reference says what the commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "scripts/update-docs"


# It starts our command some forty times.
@pytest.mark.timeout(600)
def test_the_reference_is_up_to_date() -> None:
    checked = subprocess.run([sys.executable, str(_SCRIPT), "--check"], check=False)
    assert checked.returncode == 0, "run scripts/update-docs"
