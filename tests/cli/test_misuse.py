"""A wrong command line is told in the user's words, and is no crash."""

from __future__ import annotations

import pytest

from headroom_wrap import cli
from headroom_wrap.errors import Exit


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nope"], "nope"),
        (["perf", "--nope"], "--nope"),
        (["wrap", "--nope"], "--nope"),
        (["wrap", "claude", "-p", "hi"], "go after `--`"),
        (["wrap"], "agent"),
        (["wrap", "claude", "--level", "nope", "--dry-run"], "nope"),
        (["proxy", "--port", "many"], "--port"),
        (["model", "nope"], "nope"),
        (["codex"], "headroom wrap codex"),
        (["wrap", "claude-code"], "did you mean `claude`?"),
        (["wrap", "Codex"], "did you mean `codex`?"),
        (["clear", "--older", "x"], "'x' is no age"),
        (["clear", "--older", "²d"], "no age"),
        (["clear", "--older", "9" * 400 + "d"], "no age"),
        (["perf", "--json", "--csv"], "exclude each other"),
        (["wrap", "claude", "--upstream", "zz", "--dry-run"], "`zz` is not HOST=URL"),
    ],
)
def test_it_names_what_is_wrong(arguments, named, capsys):
    assert cli.run(arguments) == Exit.USAGE
    said = capsys.readouterr()
    assert named in said.err.replace("AGENT", "agent")
    assert "unexpected" not in said.err
    assert not said.out
