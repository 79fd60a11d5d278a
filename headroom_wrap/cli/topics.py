"""`headroom help TOPIC`: what is true of all commands."""

from __future__ import annotations

from typing import Annotated

import typer

from headroom_wrap.cli import complete

ENVIRONMENT = """\
Variables and the keys in config.toml that say the same; an option of a command goes before both.

  HEADROOM_OFF=1         `wrap` runs the agent without headroom
  HEADROOM_LEVEL         exact, safe (default) or lean           level
  HEADROOM_OBSERVE=1     measure only, change nothing            observe
  HEADROOM_UPSTREAM      host=url,host=url                       upstream (a table)
  HEADROOM_PREFER        longer-sessions (default), lower-bill   prefer
  HEADROOM_OUTPUT_SHAPER 1 or brief, effort, 0 (default)         shape_output
  HEADROOM_OUTPUT_HOLDOUT=0.1  leave a tenth alone, to compare   output_holdout
  HEADROOM_EFFORT_HOSTS  hosts that cache nothing by effort      effort_hosts (a list)
  HEADROOM_STORE         0 keeps no originals; redis://…, for    store
                         `proxy`, shares them
  HEADROOM_ENCRYPT=1     originals and records are encrypted     encrypt
  HEADROOM_KEY           encrypts with this key, in place of
                         the one in the system's keyring
  HEADROOM_STATUS_LINE=0 leaves Claude Code's line alone         status_line
  HEADROOM_TOKEN         what clients of `proxy` have to name
  HEADROOM_TENANTS       `key` or a header: tells users of       tenants
                         a proxy apart
  HEADROOM_HOME          one folder for all that headroom keeps
  NO_COLOR               no colours
  HTTPS_PROXY, NO_PROXY  your own proxy is gone through

config.toml and agents/*.toml are read from
  {config}
the store, the certificate authority and the log lie in
  {data}
and originals, while a session runs, in
  {originals}
"""
TOPICS = """\
  headroom help environment   variables, config.toml, and where everything lies
  headroom help exit-codes    what the exit codes say
  headroom help levels        exact, safe and lean: what is shortened, and how far
  headroom COMMAND --help     one command with its options
"""
LEVELS = """\
  exact   Only what a decoder turns back into the original, checked before it is sent: JSON as
          tables, search results and listings under their file or folder, repeated lines, terminal
          leftovers, and files read again.
  safe    The default. Machine output is folded too: logs, passing tests, builds, installs, long
          listings and searches. Errors, anomalies, first and last lines, and every line that
          shares a rare word with what was asked stay. Each gap says how much is left out.
  lean    Outlines of code and shorter prose as well: for questions about documents, not for
          agents that edit files.

At every level the text of files, errors, prompts, answers and tool calls is sent as it is, and the
original of everything shortened can be fetched: from the file its marker names, or `headroom get`.
"""
EXIT_CODES = """\
  0      done
  1      it could not be done; for `doctor`: something is broken; for `replay`: a promise is broken
  2      the command line, a variable or a file of yours makes no sense
  130    interrupted

`headroom wrap` exits as the agent does (128+n when it died of signal n), or with
  125    headroom itself failed, also where it is `headroom proxy` that cannot start
  126    the agent cannot be executed
  127    the agent is not installed
"""


def topic(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC]",
            help="environment, exit-codes or levels.",
            autocompletion=complete.among("environment", "exit-codes", "levels"),
        ),
    ] = "",
) -> int:
    """Explain a topic: environment, exit-codes or levels; without one, say what they are.

    Examples: headroom help levels; headroom help environment
    """
    from headroom_wrap import config
    from headroom_wrap.errors import ConfigError

    if not name:
        print(TOPICS, end="")
        return 0
    if name not in _TOPICS:
        raise ConfigError(f"no topic `{name}`", f"one of {', '.join(_TOPICS)}")
    text = _TOPICS[name]
    if name == "environment":
        paths = config.load().paths
        text = text.format(config=paths.config, data=paths.data, originals=paths.originals)
    print(text, end="")
    return 0


_TOPICS = {"environment": ENVIRONMENT, "exit-codes": EXIT_CODES, "levels": LEVELS}
