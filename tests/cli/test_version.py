"""The version and the help, by every name that users try."""

from __future__ import annotations

import pytest

from headroom_wrap import __version__, cli


@pytest.mark.parametrize("arguments", [["version"], ["--version"]])
def test_the_version_is_all_that_is_printed(arguments, capsys):
    assert cli.run(arguments) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize("before", [[], ["perf"], ["wrap"], ["mcp"], ["mcp", "install"]])
def test_help_has_a_short_name(before, capsys):
    assert cli.run([*before, "-h"]) == 0
    short = capsys.readouterr().out
    assert cli.run([*before, "--help"]) == 0
    assert short == capsys.readouterr().out
    assert short.startswith("Usage: headroom")
