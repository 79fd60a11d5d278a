"""Puts a step into the tools of whichever agent is asking."""

from __future__ import annotations

import json
from collections.abc import Collection

from tests.fake.script import Call, Reply, Step


def reply(steps: list[Step], tools: Collection[str]) -> Reply:
    """The model's turn: calls to tools that the request offers, or text where it offers none."""
    texts, calls = [], []
    for step in steps:
        call = _call(step, tools)
        if call is None:
            texts.append(_words(step))
        else:
            calls.append(call)
    return Reply("\n\n".join(texts), tuple(calls))


def _call(step: Step, tools: Collection[str]) -> Call | None:
    if step.verb == "text" or not tools:
        return None
    if step.verb == "mcp":
        return _mcp(step, tools)
    if "exec" in tools:
        return Call("exec", source=_code(step), namespace="functions")
    if "exec_command" in tools:
        return Call("exec_command", {"cmd": _shell(step)})
    if step.verb == "bash":
        name = "Bash" if "Bash" in tools else "bash"
        return Call(name, {"command": step.words, "description": "A step of the script"})
    if step.verb == "read":
        if "Read" in tools:
            return Call("Read", {"file_path": step.words})
        return Call("view", {"path": step.words})
    path, old, new = _edit(step)
    if "Edit" in tools:
        return Call("Edit", {"file_path": path, "old_string": old, "new_string": new})
    return Call("edit", {"path": path, "old_str": old, "new_str": new})


def _mcp(step: Step, tools: Collection[str]) -> Call:
    """`mcp headroom_retrieve {"hash": "…"}`, by whatever name the agent offers the tool."""
    tool, _, arguments = step.words.partition(" ")
    offered = [name for name in tools if name.endswith(tool)]
    if "exec" in tools and not offered:
        # Codex's code mode defers the tools of MCP servers, and finds them by name.
        call = f"const r = await tools.mcp__headroom__{tool}({arguments});\n"
        return Call("exec", source=f"{call}text(r.content[0].text);\n", namespace="functions")
    return Call(offered[0] if offered else f"mcp__headroom__{tool}", json.loads(arguments))


def _edit(step: Step) -> tuple[str, str, str]:
    path, _, change = step.words.partition(" ")
    old, _, new = change.partition("=>")
    return path, old, new


def _shell(step: Step) -> str:
    """The step as a command line, for agents whose only tool is a shell."""
    if step.verb == "bash":
        return step.words
    if step.verb == "read":
        return f"cat {step.words}"
    path, old, new = _edit(step)
    change = f"t=open(p).read()\nopen(p,'w').write(t.replace({old!r},{new!r},1))"
    return f"python3 - <<'E'\np={path!r}\n{change}\nE"


def _code(step: Step) -> str:
    """JavaScript for Codex's code mode."""
    arguments = json.dumps({"cmd": _shell(step)})
    return f"const r = await tools.exec_command({arguments});\ntext(r.output);\n"


def _words(step: Step) -> str:
    """What a model without tools writes: aider reads edits out of the text."""
    if step.verb != "edit":
        return step.words
    path, old, new = _edit(step)
    return f"{path}\n```\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n```"
