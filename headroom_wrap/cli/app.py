"""The commands, by name."""

from __future__ import annotations

import typer

from headroom_wrap.cli import (
    agents,
    ca,
    clear,
    compress,
    dashboard,
    demo,
    doctor,
    eval,
    get,
    hook,
    inspect,
    mcp,
    model,
    output_savings,
    perf,
    proxy,
    replay,
    shaping,
    topics,
    uninstall,
    version,
    wrap,
)

app = typer.Typer(
    name="headroom",
    # rich's help costs 150 ms at every start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(version.headroom)
# Everything after the agent's name is the agent's, options of the same name included.
app.command(
    "wrap",
    cls=shaping.ShapingCommand,
    context_settings={"ignore_unknown_options": False, "allow_interspersed_args": True},
)(wrap.wrap)
app.command("agents")(agents.agents)
app.command("clear")(clear.clear)
app.command("compress")(compress.compress)
app.command("dashboard")(dashboard.dashboard)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("get")(get.get)
app.command("help")(topics.topic)
app.command("inspect")(inspect.inspect)
app.add_typer(eval.app, name="eval")
app.add_typer(hook.app, name="hook")
app.command("uninstall")(uninstall.uninstall)
app.add_typer(ca.app, name="ca")
app.add_typer(mcp.app, name="mcp")
app.add_typer(model.app, name="model")
app.command("output-savings")(output_savings.output_savings)
app.command("perf")(perf.perf)
app.command("proxy", cls=shaping.ShapingCommand)(proxy.proxy)
app.command("replay")(replay.replay)
app.command("version")(version.version)
