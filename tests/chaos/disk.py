"""Disks that are full, read-only or damaged; stores that are copied while they are written."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.errors import StoreError
from headroom_wrap.original import digest
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin
from tests.chaos.talk import Place, Witness, bodies, exchange, held

_PAGE = 4096


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own; raises OSError where that is not permitted."""
    folder.mkdir()
    size = f"size={megabytes}m"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=False)
    if done.returncode:
        raise OSError("no tmpfs may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def full(root: Path) -> Witness:
    """A disk that fills up in the middle of a conversation, and is emptied again."""
    witness = Witness()
    sent = bodies(12)
    with small_disk(root / "disk", 3) as disk:
        store, spill, pipeline = Place(disk).open()
        for turn, body in enumerate(sent):
            if turn == 4:
                fill(disk / "ballast")
            if turn == 8:
                (disk / "ballast").unlink()
            witness.see(body, exchange(pipeline, body), store)
        spill.close()
        store.close()
    return witness


def _shortened(witness: Witness) -> tuple[str, str]:
    """A result as it was sent and as it was."""
    return next((new, old) for (_, old), new in witness.sent.items() if new != old)


def fill(file: Path) -> None:
    """Leaves no room on a disk."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as opened:
        while True:
            opened.write(bytes(_PAGE))


def read_only(root: Path) -> Witness:
    """A disk that is made read-only under a session, as kernels do at errors; then mended."""
    witness = Witness()
    sent = bodies(9)
    with small_disk(root / "disk", 64) as disk:
        place = Place(disk)
        store, spill, pipeline = place.open()
        for body in sent[:3]:
            witness.see(body, exchange(pipeline, body), store)
        spill.close()
        store.close()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with contextlib.suppress(StoreError):
            place.open()
            raise AssertionError("a store that cannot be written was opened")
        reading = Store(disk / "store", readonly=True)
        assert held(reading, *_shortened(witness))
        reading.close()
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        store, spill, pipeline = place.open()
        for body in sent:
            witness.see(body, exchange(pipeline, body), store)
        spill.close()
        store.close()
    return witness


_WRITER = """
import sys
from pathlib import Path
from tests.chaos.disk import written
written(Path(sys.argv[1]), int(sys.argv[2]))
"""


def text(number: int) -> str:
    """An original by its number."""
    chance = random.Random(number)
    return f"{number} " + chance.randbytes(chance.randrange(100, 20_000)).hex()


def written(folder: Path, count: int) -> None:
    """Originals, one transaction each."""
    store = Store(folder)
    for number in range(count):
        batch = Batch()
        batch.put_original(text(number), Origin("Bash", "run"))
        store.write(batch)
        (folder.parent / "count").write_text(str(number + 1))
    store.close()


def copied(root: Path, copies: int) -> tuple[int, int, int]:
    """Copies of a store that is being written, as a backup or a power cut has it; returns how many
    there were, how many had to be built anew, and how many a process could not open."""
    folder = root / "store"
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(folder), str(40 * copies)])
    made = []
    while len(made) < copies and writer.poll() is None:
        copy = root / f"copy-{len(made)}"
        with contextlib.suppress(OSError):
            known = int((root / "count").read_text() or 0)
            copy.mkdir()
            _copy_in_pieces(folder / "data.mdb", copy / "data.mdb")
            made.append((copy, known))
    writer.kill()
    writer.wait()
    anew = dead = 0
    for number, (copy, known) in enumerate(made):
        if number % 3 == 1:
            size = (copy / "data.mdb").stat().st_size
            os.truncate(copy / "data.mdb", random.Random(number).randrange(size))
        if number % 3 == 2:
            shutil.copy(folder / "lock.mdb", copy / "lock.mdb")
        dead += not opens(copy)
        anew += (copy / "damaged.mdb").exists()
        if number % 3 != 1:
            assert there(copy, known) == known, "a copied original is lost"
    return len(made), anew, dead


def _copy_in_pieces(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(1 << 16):
            writing.write(piece)


_OPENED = """
import sys
from pathlib import Path
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin
store = Store(Path(sys.argv[1]))
for table in ("originals", "uses", "verdicts", "prefixes", "ledger", "meta", "sums"):
    list(store.scan(table))
batch = Batch()
batch.put_original("new", Origin())
store.write(batch)
store.close()
"""


def opens(folder: Path) -> bool:
    """Whether a process can use a store; it may take one that dies of it."""
    run = [sys.executable, "-c", _OPENED, str(folder)]
    codes = [subprocess.run(run, capture_output=True, check=False).returncode for _ in range(2)]
    return codes[1] == 0


def there(folder: Path, count: int) -> int:
    """How many of the first originals a store still has."""
    store = Store(folder)
    found = 0
    for number in range(count):
        with contextlib.suppress(StoreError):
            found += store.original(digest(text(number))) is not None
    store.close()
    return found


def spoiled(root: Path, tries: int) -> tuple[int, float]:
    """Damage at random places of a store of 200 originals: how many stores a process could not use
    after that, and the share of originals whose own pages were not hit and that were saved."""
    folder = root / "store"
    written(folder, 200)
    dead, saved = 0, []
    for seed in range(tries):
        copy, chance = root / f"spoiled-{seed}", random.Random(seed)
        shutil.copytree(folder, copy)
        size = (copy / "data.mdb").stat().st_size
        with (copy / "data.mdb").open("r+b") as opened:
            for _ in range(chance.randrange(1, 8)):
                opened.seek(
                    chance.randrange(size // _PAGE) * _PAGE + chance.choice([0, 8, 12, 100])
                )
                opened.write(chance.randbytes(chance.choice([1, 4, 64, 2000])))
        dead += not opens(copy)
        saved.append(there(copy, 200) / 200)
        shutil.rmtree(copy)
    return dead, min(saved)
