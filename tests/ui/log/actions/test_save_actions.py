from pathlib import Path
from typing import Any

from nodion_tui.ui.log.actions.save_actions import LogSaveActions
from nodion_tui.ui.log.save_dialog import SaveOffer, SaveRequest
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from tests.support.log_desk import LogDesk


class Dialog:
    """Answers with a request, and records offers and notifications."""

    def __init__(self, request: SaveRequest | None) -> None:
        self.request = request
        self.offers: list[SaveOffer] = []
        self.titles: list[str] = []

    async def ask(self, offer: SaveOffer) -> SaveRequest | None:
        self.offers.append(offer)
        return self.request

    def notify(self, message: str, *, title: str, **_: Any) -> None:
        assert message
        self.titles.append(title)


def saving(desk: LogDesk, dialog: Dialog) -> LogSaveActions:
    return LogSaveActions(context=desk.context(), ask=dialog.ask, notify=dialog.notify)


async def test_a_log_is_saved_whole_or_in_part(tmp_path: Path) -> None:
    desk = LogDesk("one", "two", "three")
    desk.log.annotations.selection = Selection(TextPosition(1), TextPosition(2), whole_lines=True)
    for only_excerpt, text in ((False, "one\ntwo\nthree\n"), (True, "two\nthree\n")):
        path = tmp_path / f"{only_excerpt}.log"
        dialog = Dialog(SaveRequest(path, "plain", only_excerpt))
        saving(desk, dialog).action_log_save(desk.log)
        await desk.worked("log-save")
        assert path.read_text() == text
        assert dialog.titles == ["Saved"]
        (offer,) = dialog.offers
        assert (offer.stem, offer.amount) == ("run", "3 lines")
        assert offer.excerpt == "the selection, 2 lines"


async def test_evidence_is_a_folder_with_the_facts_of_the_run(tmp_path: Path) -> None:
    desk = LogDesk("one", "two")
    dialog = Dialog(SaveRequest(tmp_path, "evidence"))
    saving(desk, dialog).action_log_save(desk.log)
    await desk.worked("log-save")
    texts = texts_in(tmp_path)
    assert texts.keys() == {"log.txt", "run.json", "summary.md"}
    assert "migrate.py" in texts["run.json"]


def texts_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("*/*")}


async def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    desk = LogDesk("one")
    (tmp_path / "file").write_text("")
    dialog = Dialog(SaveRequest(tmp_path / "file" / "run.log", "plain"))
    saving(desk, dialog).action_log_save(desk.log)
    await desk.worked("log-save")
    assert dialog.titles == ["Not saved"]


async def test_an_offer_gives_its_reason_and_escape_saves_nothing() -> None:
    desk, dialog = LogDesk("one"), Dialog(None)
    saving(desk, dialog).offer_save(desk.log, None)
    await desk.worked("log-save")
    assert dialog.offers[0].reason.startswith("Too large for the terminal's clipboard (100 KB).")
    assert not dialog.titles
