"""A damaged store: one clear error for who only reads, a new one for who writes, and all that can
be read of the old one is in it. Nobody is killed by it."""

from __future__ import annotations

import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headroom_wrap import ledger, rebuild
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import sums
from headroom_wrap.original import digest
from headroom_wrap.secret import Cipher
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin

PAGE = 4096
COUNT = 300
WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()


def text(number: int) -> str:
    """Originals of all sizes, on leaf pages and on pages of their own."""
    chance = random.Random(number)
    return " ".join(chance.choices(WORDS, k=10 + number * 20 % 3000)) + f" {number}"


def filled(folder: Path, cipher: Cipher | None = None) -> None:
    """A store as a few weeks of work leave it."""
    store = Store(folder, cipher=cipher)
    for start in range(0, COUNT, 20):
        batch = Batch()
        for number in range(start, start + 20):
            name = batch.put_original(text(number), Origin("Bash", f"run {number}"), "/work")
            batch.put("verdicts", bytes.fromhex(name), b"\x92\xa29f\xa4kept")
            row = ledger.Row(
                at=1e9 + number, session="s", agent="a", project="/w", wire="w", model="m", status=1
            )
            ledger.append(batch, row)
        store.write(batch)
    store.close()


def left(store: Store) -> int:
    """How many originals are there, each as it was."""
    there = 0
    for number in range(COUNT):
        found = store.original(digest(text(number)))
        if found:
            assert found.text == text(number)
            there += 1
    return there


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _cut_to(pages: int) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, pages * PAGE)


def _zeroed(*numbers: int) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with file.open("r+b") as opened:
            for number in numbers:
                opened.seek(number * PAGE)
                opened.write(bytes(PAGE))

    return damage


def _root_gone(file: Path) -> None:
    """The newest pages of the file are roots of tables, or near to them."""
    _zeroed(file.stat().st_size // PAGE - 1, file.stat().st_size // PAGE - 2)(file)


def _garbage(file: Path) -> None:
    file.write_bytes(os.urandom(1 << 16))


def _lying(page: int) -> Callable[[Path], None]:
    """A first page whose head is sound, and which says that there are far too many pages."""

    def damage(file: Path) -> None:
        with file.open("r+b") as opened:
            opened.seek(page * PAGE + 100)
            opened.write(b"\xa5" * 2000)

    return damage


def _noise(seed: int) -> Callable[[Path], None]:
    """Some pages are spoiled anywhere."""

    def damage(file: Path) -> None:
        chance = random.Random(seed)
        with file.open("r+b") as opened:
            for _ in range(20):
                opened.seek(chance.randrange(file.stat().st_size - 64))
                opened.write(chance.randbytes(64))

    return damage


DAMAGE = {
    "half of it": (_cut, 50),
    "two pages": (_cut_to(2), 0),
    "one page": (_cut_to(1), 0),
    "half a page": (lambda file: os.truncate(file, 100), 0),
    "nothing": (lambda file: os.truncate(file, 0), 0),
    "no first page": (_zeroed(0), COUNT),
    "no second page": (_zeroed(1), COUNT),
    "neither": (_zeroed(0, 1), COUNT),
    "a first page that lies": (_lying(0), COUNT),
    "a second page that lies": (_lying(1), COUNT),
    "no root": (_root_gone, COUNT - 60),
    "no store at all": (_garbage, 0),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "store"
    filled(folder)
    return folder


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_store_is_built_anew(name: str, whole: Path, tmp_path: Path) -> None:
    damage, least = DAMAGE[name]
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    damage(folder / "data.mdb")
    (folder / "damaged").touch()
    store = Store(folder)
    assert left(store) >= least
    again = Batch()
    again.put_original("new", Origin())
    store.write(again)
    if not sums.whole(store):
        sums.rebuild(store)
    counted = sums.ever(store, "all")
    assert sum(total.requests for total in counted.values()) == store.rows_in("ledger")
    store.close()
    assert not (folder / "damaged").exists()
    assert (folder / "damaged.mdb").exists()
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


OPENED = """
import sys
from pathlib import Path
from headroom_wrap.errors import StoreError
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin
for readonly in (True, False, False):
    store = None
    try:
        store = Store(Path(sys.argv[1]), readonly=readonly)
        for table in ("originals", "uses", "verdicts", "ledger", "sums"):
            list(store.scan(table))
        batch = Batch()
        batch.put_original("new", Origin())
        readonly or store.write(batch)
    except StoreError as problem:
        print(problem, problem.hint)
    finally:
        store and store.close()
"""


@pytest.mark.parametrize("name", [*DAMAGE, *map(str, range(4))])
def test_damage_that_nobody_has_noticed_ends_one_process_at_most(
    name: str, whole: Path, tmp_path: Path
) -> None:
    """LMDB ends the process at some of it; the next one is warned by that."""
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    damage = DAMAGE[name][0] if name in DAMAGE else _noise(int(name))
    damage(folder / "data.mdb")
    run = [sys.executable, "-c", OPENED, str(folder)]
    subprocess.run(run, capture_output=True)
    for _ in range(2):
        later = subprocess.run(run, capture_output=True, text=True)
        assert later.returncode == 0, later.stderr
    # Whoever may write has mended it for all.
    assert not later.stdout


def test_who_only_reads_is_told_what_to_do(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    _cut(folder / "data.mdb")
    with pytest.raises(StoreError, match="cannot open the store") as caught:
        Store(folder, readonly=True)
    assert "headroom doctor" in caught.value.hint
    assert not (folder / "damaged.mdb").exists()


def test_encrypted_rows_are_saved_with_their_key(tmp_path: Path) -> None:
    cipher = Cipher(bytes(32))
    folder = tmp_path / "store"
    filled(folder, cipher)
    _zeroed(0, 1)(folder / "data.mdb")
    store = Store(folder, cipher=cipher)
    assert left(store) == COUNT
    store.close()


KILLED = """
import os, sys
from pathlib import Path
from headroom_wrap import rebuild
from headroom_wrap.store import Store
step, count = int(sys.argv[2]), 0
def dying(function):
    def call(*given, **named):
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), 9)
        return function(*given, **named)
    return call
os.link, os.replace, os.rename = map(dying, (os.link, os.replace, os.rename))
os.unlink, Path.unlink, Path.mkdir = map(dying, (os.unlink, Path.unlink, Path.mkdir))
rebuild.lmdb.open = dying(rebuild.lmdb.open)
Store(Path(sys.argv[1])).close()
"""


def test_a_rebuild_that_is_killed_is_done_by_the_next_one(whole: Path, tmp_path: Path) -> None:
    ended = 0
    for step in range(1, 40):
        folder = tmp_path / str(step)
        shutil.copytree(whole, folder)
        _zeroed(0, 1)(folder / "data.mdb")
        run = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step)])
        ended += run.returncode == 0
        store = Store(folder)
        assert left(store) == COUNT
        store.close()
        if ended:
            break
    assert ended
    assert step > 4


_WRITER = """
import sys
from pathlib import Path
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin

store = Store(Path(sys.argv[1]), durable=False)
for number in range(1 << 30):
    batch = Batch()
    batch.put_original(f"{number} " + "x" * (number % 9000), Origin("Bash", "ls"))
    batch.put("meta", b"%d" % (number % 500), b"m" * (number % 300))
    batch.count(b"%d" % (number % 50), [1.0] * 8)
    store.write(batch)
    if number == 100:
        print(flush=True)
"""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Path]:
    """A store that another process writes to all the time."""
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        yield tmp_path
        writer.kill()


def test_a_store_that_others_write_to_is_sound(busy: Path) -> None:
    assert [rebuild.sound(busy) for _ in range(20)] == [True] * 20


def test_who_was_killed_does_not_cost_others_their_store(busy: Path) -> None:
    before = rebuild.inode(busy)
    for _ in range(10):
        (busy / f"open.{1 << 30}").touch()
        Store(busy).close()
    assert rebuild.inode(busy) == before
