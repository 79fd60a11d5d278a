"""What is on this machine besides us: Python, agents, the network, the other Headroom."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

from headroom_wrap import __version__, config, profiles, python
from headroom_wrap.config import Config
from headroom_wrap.doctor.finding import Finding, broken, fine, odd
from headroom_wrap.errors import ConfigError
from headroom_wrap.profiles import Profile
from headroom_wrap.proxy.plan import corporate

_PATIENCE = 15.0
_RIVAL = "headroom-ai"


def versions(settings: Config) -> Iterator[Finding]:
    """Ours, Python's and the proxy's."""
    proxy = _version("mitmproxy")
    words = f"headroom {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield fine("version", f"{words}, mitmproxy {proxy or '?'}")
    if proxy and int(proxy.partition(".")[0]) < 11:
        step = "pip install --upgrade 'mitmproxy>=11'"
        yield broken("mitmproxy", f"{proxy} is too old: another package holds it back", step)


def clash(settings: Config) -> Iterator[Finding]:
    """The other project installs a command and a package of the same name."""
    found = _version(_RIVAL)
    if found:
        yield odd(
            "name clash",
            f"{_RIVAL} {found} is in the same environment and also installs `headroom`",
            f"pip uninstall {_RIVAL}, or install one of them in an environment of its own",
        )

    first = shutil.which("headroom")
    if first and not python.ours(first):
        yield odd(
            "name clash",
            f"`headroom` is {first}, another program",
            "put the folder of this one first in PATH, or uninstall the other",
        )


def network(settings: Config) -> Iterator[Finding]:
    """A proxy of the user's own."""
    try:
        found = corporate(config.environment())
    except ConfigError as problem:
        yield broken("network", str(problem), problem.hint)
        return
    if found is None:
        yield fine("network", "no proxy of your own")
    else:
        yield fine("network", f"your proxy {found.url.rpartition('/')[2]} is gone through")


def agents(settings: Config) -> Iterator[Finding]:
    """Those that are installed, with the versions they tell."""
    own = settings.paths.config
    found: list[Profile] = []
    for name in profiles.names(own):
        try:
            found.append(profiles.load(name, own))
        except ConfigError as problem:
            yield broken(f"profile {name}", str(problem), problem.hint or "mend the file")
    there = [profile for profile in found if shutil.which(profile.command)]
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(_told, there))
    for profile, version in zip(there, told, strict=True):
        if version:
            yield fine(profile.name, f"{profile.title}: {version}")
        else:
            step = f"try `{profile.command} {' '.join(profile.version)}`"
            yield odd(profile.name, f"{profile.title} does not tell its version", step)
    if not there:
        yield odd("agents", "none is installed", "headroom agents shows how to install them")


def _told(profile: Profile) -> str:
    try:
        done = subprocess.run(
            [profile.command, *profile.version],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:60] if lines and done.returncode == 0 else ""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
