import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from nodion_tui.ui.log.save_dialog import SaveLogDialog

Open = Callable[..., AbstractAsyncContextManager[Any]]

BODIES = ["first", "\x1b[31msecond\x1b[0m", "third\x07"]


async def saved(log: Any, path: Path, *keys: str) -> None:
    """Open the dialog, type the path, choose the format, save, and wait."""
    await log.press("ctrl+s")
    await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
    await log.press("tab", *keys)
    log.app.screen.query_one(Input).value = str(path)
    await log.press("ctrl+j")
    await log.until(lambda: any(note.title == "Saved" for note in log.app._notifications))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((), "first\nsecond\nthird␇\n"),
        (
            ("right",),
            (
                "2026-01-15T09:00:00.123Z first\n"
                "2026-01-15T09:00:01.123Z second\n"
                "2026-01-15T09:00:02.123Z third␇\n"
            ),
        ),
        (("right", "right"), "first\n\x1b[31msecond\x1b[0m\nthird\x07\n"),
    ],
    ids=["plain", "timed", "raw"],
)
async def test_a_log_is_saved(
    open_pane: Open, tmp_path: Path, keys: tuple[str, ...], text: str
) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        path = tmp_path / "run.log"
        await saved(log, path, *keys)
        assert path.read_text() == text
        assert path.stat().st_mode & 0o777 == 0o600


def texts_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("*/*")}


async def test_the_evidence_is_a_folder(open_pane: Open, tmp_path: Path) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await saved(log, tmp_path, "left")
    texts = texts_in(tmp_path)
    assert texts.keys() == {"log.txt", "run.json", "summary.md"}
    assert json.loads(texts["run.json"])["argv"] == ["python", "migrate.py"]
    assert "third␇" in texts["summary.md"]


@pytest.mark.parametrize(
    ("keys", "kept"), [((), 40), (("tab", "right"), 6)], ids=["all", "only what is shown"]
)
async def test_of_matches_only_all_is_saved_or_what_is_shown(
    open_pane: Open, tmp_path: Path, keys: tuple[str, ...], kept: int
) -> None:
    bodies = [f"ERROR {n}" if n in {10, 30} else f"line {n}" for n in range(40)]
    async with open_pane(bodies) as log:
        await log.ended()
        await log.press("g", "slash", *"ERROR", "enter", "x", "}")
        await log.until(lambda: log.texts[:2] == ["line 9", "ERROR 10"])
        await log.press("ctrl+s")
        await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
        log.app.screen.query_one(Input).value = str(tmp_path / "run.log")
        await log.press("tab", *keys)
        log.app.screen.query_one(Input).focus()
        await log.press("ctrl+j")
        await log.until(lambda: any(note.title == "Saved" for note in log.app._notifications))
        assert len((tmp_path / "run.log").read_text().splitlines()) == kept


async def test_the_suggested_path_follows_the_form(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("ctrl+s")
        await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
        path = log.app.screen.query_one(Input)
        assert path.value == str(Path.cwd() / "e5f6a7b8.log")
        await log.press("tab", "left")
        assert path.value == str(Path.cwd())
        await log.press("right")
        assert path.value == str(Path.cwd() / "e5f6a7b8.log")
        await log.press("escape")
        await log.until(lambda: not isinstance(log.app.screen, SaveLogDialog))


async def test_what_cannot_be_written_is_told(open_pane: Open, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("ctrl+s")
        await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
        log.app.screen.query_one(Input).value = str(tmp_path / "file" / "run.log")
        await log.press("ctrl+j")
        await log.until(lambda: any(note.title == "Not saved" for note in log.app._notifications))
