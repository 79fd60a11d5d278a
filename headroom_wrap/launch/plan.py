"""From a profile, the settings and the user's environment to the command that is started."""

from __future__ import annotations

import ipaddress
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from headroom_wrap.errors import Exit, LaunchError
from headroom_wrap.launch import status_line
from headroom_wrap.launch.settings import filled, merged
from headroom_wrap.profiles import Profile

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Command:
    """What is executed; `added` names the variables that are ours."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """How the agent reaches the proxy (a URL, with the secret) and comes to trust it."""

    proxy: str
    added: Path
    replaced: Path
    originals: str
    store: str = ""
    session: str = ""
    """For the status line, where one is wanted."""


def binary(profile: Profile, environ: Mapping[str, str]) -> str:
    """Where the agent is installed."""
    found = shutil.which(profile.command, path=environ.get("PATH"))
    if found:
        return found
    if profile.by_hand:
        raise LaunchError(profile.by_hand.strip(), exit_code=Exit.NOT_FOUND)
    raise LaunchError(
        f"{profile.title} is not installed: there is no `{profile.command}` in PATH",
        f"install it with: {profile.install}; where it is an alias of your shell's, put its folder "
        "into PATH",
        Exit.NOT_FOUND,
    )


def refuse(profile: Profile, arguments: Sequence[str]) -> None:
    """Raises LaunchError at arguments with which the agent would leave us behind."""
    # What follows a `--` is text to the agent.
    given = list(arguments)
    options = given[: given.index("--")] if "--" in given else given
    for refusal in profile.refusals:
        for argument in refusal.arguments:
            if argument in options:
                raise LaunchError(
                    f"`{profile.command} {argument}` cannot be wrapped: {refusal.why}",
                    f"run it without headroom: {profile.command} {' '.join(arguments)}",
                )


def command(
    profile: Profile,
    program: str,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    route: Route,
) -> Command:
    """The agent's command line and environment behind the proxy."""
    folder = {"originals": route.originals}
    temporary = environ.get("TMPDIR") or "/tmp"
    inside = Path(route.originals).is_relative_to(temporary)
    more = () if inside else profile.outside_temporary
    ours = filled([*profile.arguments, *more], folder)
    given = list(arguments)
    if profile.settings:
        line = {}
        if route.session:
            line = status_line.settings(profile, given, environ, route.store, route.session)
        given = merged(given, profile.settings, folder, line)
    added = variables(profile, environ, route)
    return Command((program, *ours, *given), {**environ, **added}, tuple(sorted(added)))


def variables(profile: Profile, environ: Mapping[str, str], route: Route) -> dict[str, str]:
    """The variables that lead the agent to us."""
    given = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    entries = [entry.strip() for entry in given.split(",") if entry.strip()]
    bypass = ",".join(dict.fromkeys([*_without(entries, profile), *_LOOPBACK]))
    # Not HTTP_PROXY: that would catch the user's plain-http services in the neighbourhood.
    found = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), route.proxy)
    found.update(dict.fromkeys(("NO_PROXY", "no_proxy"), bypass))
    found.update(dict.fromkeys(profile.trust_added, str(route.added)))
    found.update(dict.fromkeys(profile.trust_replaced, str(route.replaced)))
    for name, value in profile.environment.items():
        found[name] = environ.get(name, filled(value, {"originals": route.originals}))
    return found


def _without(entries: Sequence[str], profile: Profile) -> list[str]:
    """Without those that would lead the agent's own requests past us."""
    kept = []
    for entry in entries:
        name = entry.partition(":")[0].lstrip("*").lstrip(".").lower()
        hosts = [host.lstrip("*.") for host in profile.hosts]
        if entry != "*" and not any(h == name or h.endswith(f".{name}") for h in hosts):
            kept.append(entry)
    return kept


def gateways(profile: Profile, environ: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Hosts the user sends the agent to already, and what stands in the way of reading others."""
    hosts, problems = [], []
    for name in profile.base_urls:
        try:
            parts = urlsplit(environ.get(name, ""))
        except ValueError:
            problems.append(f"{name} is no URL: its requests are passed on unread")
            continue
        if parts.scheme == "https" and _address(parts.hostname or ""):
            # The authority may vouch for no address: the agent would refuse the certificate.
            problems.append(f"{name} names an address: its requests are passed on unread")
        elif parts.scheme == "https" and parts.hostname:
            hosts.append(parts.hostname)
        elif parts.scheme == "http":
            advice = f"--upstream {(profile.hosts or ('HOST',))[0]}={environ[name]}"
            problems.append(
                f"{name} is plain http, so its requests do not pass through headroom; "
                f"unset it and use {advice}"
            )
    return hosts, problems


def _address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def bare(profile: Profile, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """Become the agent, as if we had not been called."""
    program = binary(profile, environ)
    try:
        os.execve(program, [program, *arguments], dict(environ))
    except OSError as problem:
        raise LaunchError(
            f"cannot run {program}: {problem.strerror}", exit_code=Exit.NOT_EXECUTABLE
        ) from problem
