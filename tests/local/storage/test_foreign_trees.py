"""Any folder is either refused unchanged, or all its content stays."""

import asyncio
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import MARK_FILE
from nodion_tui.model.errors import ConfigError
from tests.support.trees import read_tree, unchanged

NAMES = st.sampled_from(
    [
        *("work", "demo", "key", "lock", "engine.sqlite3", "engine.sqlite3-wal"),
        *("engine.sqlite3-shm", "engine", MARK_FILE, f"{MARK_FILE}.0a1b2c3d", "bin", "python"),
        *("0c8b1d1e-6f4c-4b68-9d3e-7a54a0a6f5b1", "0c8b1d1e-6f4c-4b68-9d3e-7a54a0a6f5b1.mark"),
        *("thesis.txt", ".git", "chapter1"),
    ]
)
MARKS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["nodion-tui data folder", "nodion-tui run folder", "another"]),
        "version": st.integers(0, 3),
        "number": st.integers(-1, 1 << 30),
        "device": st.integers(0, 1 << 32),
        "inode": st.integers(0, 1 << 32),
        "temporary": st.booleans(),
    }
).map(lambda mark: json.dumps(mark).encode())
CONTENTS = st.one_of(
    st.binary(min_size=1, max_size=40),
    MARKS,
    st.sampled_from([b"SQLite format 3\0" + bytes(84), b"local_precious\n"]),
)
LINKS = st.sampled_from(["nowhere", "..", "../precious", "/dev/null"]).map(Path)
TREES = st.recursive(
    st.one_of(CONTENTS, LINKS),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
FOLDERS = st.dictionaries(NAMES, TREES, max_size=6)
MODES = st.sampled_from([0o700, 0o755, 0o775, 0o1777])

Tree = dict[str, "bytes | Path | Tree"]


def build(folder: Path, content: Tree) -> None:
    for name, inner in content.items():
        path = folder / name
        match inner:
            case bytes():
                path.write_bytes(inner)
            case Path():
                path.symlink_to(inner)
            case _:
                path.mkdir()
                build(path, inner)


async def serve_on(folder: Path) -> bool:
    """Start and stop an engine there; returns whether it started."""
    try:
        async with EngineServer(EngineSettings(data_dir=folder)):
            return True
    except ConfigError:
        return False


@given(content=FOLDERS, mode=MODES)
@settings(max_examples=150)
def test_a_folder_without_a_mark_of_ours_is_refused_or_stays(content: Tree, mode: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "precious").mkdir()
        (Path(home) / "precious" / "a").write_text("precious")
        folder = Path(home) / "data"
        folder.mkdir()
        build(folder, content)
        folder.chmod(mode)
        before = read_tree(Path(home))
        started = asyncio.run(serve_on(folder))
        if started:
            copied = MARK_FILE in content
            assert copied or not content
            after = read_tree(Path(home), times=False)
            expected = {name: entry._replace(changed=-1) for name, entry in before.items()}
            if copied:  # its mark is replaced by one for this folder
                expected.pop(f"data/{MARK_FILE}")
            assert unchanged(expected, after)
        elif MARK_FILE not in content:
            assert read_tree(Path(home)) == before


@given(content=FOLDERS)
@example(content={"engine.sqlite3": b"\0"})
@example(content={"engine.sqlite3-wal": b"\0"})
@settings(max_examples=100)
def test_what_a_person_puts_into_a_data_folder_stays(content: Tree) -> None:
    content.pop(MARK_FILE, None)
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "precious").mkdir()
        folder = Path(home) / "data"
        DataDir(folder).close()
        build(folder, content)
        before = read_tree(Path(home), times=False)
        asyncio.run(serve_on(folder))
        assert unchanged(before, read_tree(Path(home), times=False))


@given(content=FOLDERS)
@settings(max_examples=60)
def test_what_a_person_puts_into_a_temporary_folder_stays(content: Tree) -> None:
    content.pop(MARK_FILE, None)
    if content.get("work") == {}:  # an empty one is removed, as after runs
        del content["work"]
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", home)
        data = DataDir(None)
        build(data.path, content)
        before = read_tree(data.path, times=False)
        data.close()
        if not content:
            assert not data.path.exists()
            return
        after = read_tree(data.path, times=False)
        before.pop(MARK_FILE)
        assert after == before
