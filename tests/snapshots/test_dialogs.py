"""Pictures of the forms in their states, at three sizes.

`pytest tests/snapshots --snapshot-update` takes them anew: look at each before it is committed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.screen import ModalScreen

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState
from nodion_tui.monitor.runs.unknown_outcome import rank_candidates
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.dialog import StopDialog
from nodion_tui.ui.trigger.preset_picker import PresetPicker
from nodion_tui.ui.trigger.preset_save import SavePresetDialog
from nodion_tui.ui.trigger.sending_dialog import SendingDialog
from nodion_tui.ui.trigger.unknown_outcome_dialog import UnknownOutcomeDialog
from tests.support.dialogs import DialogApp
from tests.support.seen_terminal import assert_all_painted
from tests.support.trigger_form import trigger_form

SIZES = [(120, 36), (80, 24), (40, 20)]
NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)
BACKUP = Runner(
    id="a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    name="Database Backup",
    image_name="mycompany/backup-tool",
    image_tag="latest",
    run_command="python backup.py",
)
ETL = Runner(id="b1b2c3d4-e5f6-7890-abcd-ef1234567890", name="Nightly ETL")
RUNNERS = {runner.id: runner for runner in (BACKUP, ETL)}
LIVE = RunRecord(
    id="e5f6a7b8-c9d0-1234-efab-345678901234",
    status="running",
    runner_id=BACKUP.id,
    argv=("python", "migrate.py", "--env", "staging"),
    created_at=NOW - timedelta(seconds=47),
    started_at=NOW - timedelta(seconds=42),
).run
SHELL = msgspec.structs.replace(
    LIVE, id="f5f6a7b8-c9d0", runner_id=ETL.id, argv=(), command="cd /app && make | tee out.log"
)
DONE = msgspec.structs.replace(LIVE, id="d5f6a7b8-c9d0", status="succeeded", exit_code=0)
HERE = Profile(name="production", key=Secret("k"), project="acme", color="#b03030")
ASKED: dict[str, Any] = {"profile": HERE, "clock": lambda: NOW}

TYPED = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python migrate.py --env '' ' two words ' $HOME && ls",
    env=(
        EnvRow("BACKUP_TARGET", "s3://my-bucket/backups"),
        EnvRow("DB_PASSWORD", "hunter2", hidden=True),
        EnvRow("API_TOKEN", hidden=True, needs_value=True),
        EnvRow("9LIVES", "[/nope]\x1b[2J\n"),
        EnvRow("VERBOSE", "true", enabled=False),
    ),
)
OVER = TriggerDraft(mode=CommandMode.COMMAND, command="echo " * 801, entrypoint="/bin/" * 101)
KNOWN = (EnvRow("BACKUP_TARGET", "s3://old"), EnvRow("GONE", "1"))


def _results() -> BulkResultsDialog:
    dialog = BulkResultsDialog([LIVE, SHELL, DONE], RUNNERS, clock=lambda: 3.0)
    dialog.show_outcome(LIVE.key, StopOutcome(StopState.REQUESTED))
    dialog.show_outcome(SHELL.key, StopOutcome(StopState.FAILED, "Service error"))
    dialog.show_outcome(DONE.key, StopOutcome(StopState.ENDED, "succeeded"))
    return dialog


STATES: dict[str, Callable[[], ModalScreen[Any]]] = {
    "trigger": lambda: trigger_form(BACKUP, profile=HERE),
    "trigger-typed": lambda: trigger_form(BACKUP, profile=HERE, draft=TYPED),
    "trigger-over": lambda: trigger_form(
        BACKUP,
        profile=msgspec.structs.replace(HERE, read_only=True),
        draft=OVER,
        disabled_reason="This session is read-only: the configuration says so.",
    ),
    "rerun": lambda: trigger_form(BACKUP, profile=HERE, rerun_of=LIVE),
    "rerun-refused": lambda: trigger_form(
        BACKUP,
        profile=HERE,
        rerun_of=LIVE,
        known_env=KNOWN,
        draft=TYPED,
        field_errors={"argv": ("is not allowed for this runner",), "base": ("the runner is busy",)},
        error_message="Rejected by the service",
    ),
    "stop": lambda: StopDialog(LIVE, BACKUP, **ASKED),
    "stop-name": lambda: StopDialog(
        LIVE, BACKUP, **ASKED | {"profile": msgspec.structs.replace(HERE, confirm_name=True)}
    ),
    "bulk": lambda: BulkStopDialog(
        [LIVE, SHELL, DONE], RUNNERS, description="3 marked rows, 1 hidden by the filter", **ASKED
    ),
    "results": _results,
    "sending": lambda: SendingDialog(BACKUP, profile=HERE, clock=lambda: 3.0),
    "unknown": lambda: UnknownOutcomeDialog(
        BACKUP,
        rank_candidates(TriggerRequest(argv=LIVE.argv), (SHELL, LIVE)),
        listed=True,
        detail="No answer came within 30 s.",
        **ASKED,
    ),
    "unknown-none": lambda: UnknownOutcomeDialog(BACKUP, (), listed=False, **ASKED),
    "picker": lambda: PresetPicker((Preset("nightly", TYPED), Preset("weekly", OVER))),
    "save": lambda: SavePresetDialog("nightly", frozenset({"nightly"}), has_secrets=True),
}


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageExtension)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES)
async def test_dialog(state: str, size: tuple[int, int], picture: SnapshotAssertion) -> None:
    app = DialogApp(STATES[state]())
    async with app.run_test(size=size) as pilot:
        before = ""
        while (painted := app.export_screenshot()) != before:
            before = painted
            app.screen.refresh(layout=True)
            await pilot.pause()
        assert painted == picture
        await assert_all_painted(app)  # else the picture is not what a person sees
