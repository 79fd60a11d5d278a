"""All fuzz targets by name."""

from __future__ import annotations

from tests.fuzz import given, records, texts, wires
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    **wires.TARGETS,
    **texts.TARGETS,
    **records.TARGETS,
    **given.TARGETS,
}
