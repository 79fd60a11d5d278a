"""`headroom proxy`: a local base URL for every SDK and agent, with results shortened behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from headroom_wrap.cli import complete, shaping


def proxy(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8787,
    host: Annotated[
        str, typer.Option(help="Other than loopback only with HEADROOM_TOKEN set.")
    ] = "127.0.0.1",
    upstream: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL|HOST=URL",
            help="An OpenAI-compatible base, or another base for a provider's host. Repeatable.",
        ),
    ] = None,
    forward_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Also an HTTPS proxy, on this port.")
    ] = None,
    level: complete.Level = None,
    observe: Annotated[
        bool | None, typer.Option("--observe", help="Measure only; change nothing.")
    ] = None,
    retrieve: Annotated[
        str,
        typer.Option(
            help="inject: the model may fetch originals by a tool of ours.",
            autocompletion=complete.among("inject", "off"),
        ),
    ] = "off",
    align: Annotated[
        bool,
        typer.Option("--align", help="Mark what can be cached, for clients that do not."),
    ] = False,
    move_volatile: Annotated[
        bool,
        typer.Option(
            "--move-volatile", help="Also put dates and the like in system prompts behind it all."
        ),
    ] = False,
    shape_output: Annotated[
        str | None, typer.Option(metavar="[=LEVEL]", help=shaping.HELP, show_default=False)
    ] = None,
    drain: Annotated[
        float, typer.Option(min=0, help="Seconds that open answers may take at the end.")
    ] = 30.0,
    until_eof: Annotated[
        bool,
        typer.Option("--until-eof", help="End with standard input, for programs that start us."),
    ] = False,
    otel: Annotated[
        bool,
        typer.Option("--otel", help="Send figures to where OTEL_EXPORTER_OTLP_ENDPOINT says."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> int:
    """Listen for Anthropic, OpenAI and Gemini requests, told apart by their paths.

    Example: headroom proxy & ANTHROPIC_BASE_URL=http://127.0.0.1:8787 claude
    """
    import sys

    from headroom_wrap import config
    from headroom_wrap.errors import ConfigError
    from headroom_wrap.gateway.start import Order, serve
    from headroom_wrap.launch import logs

    if retrieve not in ("off", "inject"):
        raise ConfigError(f"no way to retrieve called `{retrieve}`", "off or inject")
    environ = config.environment()
    given = upstream or []
    bases = [each for each in given if each.startswith(("http://", "https://"))]
    hosts = [each for each in given if each not in bases]
    settings = config.load(config.Flags(level, observe, hosts, shape_output=shape_output), environ)
    logs.to_file(settings.paths.log)
    # In a terminal of its own the proxy shows what it does; quitting the dashboard ends it.
    shown = not (quiet or until_eof) and sys.stdin.isatty() and sys.stdout.isatty()
    openai = config.base_url(bases[-1], "--upstream") if bases else ""
    serve(
        Order(
            settings,
            environ,
            host,
            port,
            openai,
            forward_port,
            drain,
            quiet,
            until_eof,
            shown,
            retrieve == "inject",
            align or move_volatile,
            move_volatile,
            otel,
        )
    )
    return 0
