"""The files for containers: there is no engine here, so what they say is tried by hand."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from headroom_wrap import config
from tests.gateway.running import gateway

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples/team"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(FOLDER / "compose.yaml")
REPLICA = COMPOSE["services"]["headroom"]
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
ENTRY = json.loads(re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.M)[0])
WORD = "a long word"


def filled(text: str) -> str:
    """As compose fills in what it is started with."""
    return re.sub(r"\$\{\w+(?::\?[^}]*)?\}", WORD, text)


def test_a_replica_starts_with_what_the_files_say(tmp_path: Path) -> None:
    environ = {name: filled(value) for name, value in REPLICA["environment"].items()}
    # Nobody answers there: it starts all the same.
    environ["HEADROOM_STORE"] = "redis://127.0.0.1:1/0"
    given = [*ENTRY[2:], *REPLICA["command"]]
    given = [each for each in given if each not in ("--port", "8787", "--quiet")]
    with gateway(tmp_path, *given, environ=environ) as running:
        port = running.url.rsplit(":", 1)[1]
        test = REPLICA["healthcheck"]["test"]
        assert test[:3] == ["CMD", "python", "-c"]
        code = test[3].replace("8787", port)
        variables = {**os.environ, "HEADROOM_TOKEN": environ["HEADROOM_TOKEN"]}
        assert (
            subprocess.run([sys.executable, "-c", code], env=variables, check=False).returncode == 0
        )
        variables["HEADROOM_TOKEN"] = "another"
        assert subprocess.run([sys.executable, "-c", code], env=variables, check=False).returncode


def test_the_settings_are_ours_and_the_store_is_one_of_the_services() -> None:
    environ = {name: filled(value) for name, value in REPLICA["environment"].items()}
    found = config.load(environ=environ)
    assert found.shared.removeprefix("redis://").partition(":")[0] in COMPOSE["services"]
    assert found.tenants == "key"


def test_what_services_lean_on_is_there() -> None:
    services = COMPOSE["services"]
    for service in services.values():
        assert all(place.startswith("/") for place in service.get("tmpfs", ()))
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).exists()
        for each in service.get("configs", ()):
            assert each["source"] in COMPOSE["configs"]
    build = REPLICA["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
    scraped = YAML(typ="safe").load(filled(COMPOSE["configs"]["prometheus"]["content"]))
    (job,) = scraped["scrape_configs"]
    assert job["dns_sd_configs"][0]["names"] == ["headroom"]


def test_the_image_holds_all_that_the_package_is_built_from() -> None:
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert all((ROOT / name).exists() for name in let_in)
    project = (ROOT / "pyproject.toml").read_text()
    named = re.findall(r"^(?:readme|license-files|packages) = (.*)$", project, re.M)
    named += re.findall(r"^(\w+) = \"headroom_wrap/_", project, re.M)
    for name in re.findall(r"[\w.]+", " ".join(named).replace('"', " ")):
        assert any(fnmatch.fnmatch(name, pattern) for pattern in let_in), name


@pytest.mark.parametrize("extra", re.findall(r"/src\[(.*)\]", DOCKERFILE)[0].split(","))
def test_the_image_installs_extras_that_there_are(extra: str) -> None:
    assert f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text()


def test_the_shell_steps_are_shell() -> None:
    joined = DOCKERFILE.replace("\\\n", " ")
    for step in re.findall(r"^RUN (.*)$", joined, re.M):
        assert shlex.split(step)
        assert subprocess.run(["sh", "-n", "-c", step], check=False).returncode == 0
