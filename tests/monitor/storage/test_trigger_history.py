from datetime import UTC, datetime
from pathlib import Path

import pytest

from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.monitor.storage import trigger_history as history_module
from nodion_tui.monitor.storage.toml_file import HEADER
from nodion_tui.monitor.storage.trigger_history import FILE_NAME, RememberedEnv, TriggerHistory


@pytest.fixture
def history(tmp_path: Path) -> TriggerHistory:
    return TriggerHistory(tmp_path)


def make_run(run_id: str, runner_id: str = "r") -> Run:
    at = datetime(2026, 1, 15, 10, tzinfo=UTC)
    return RunRecord(id=run_id, runner_id=runner_id, status="pending", created_at=at).run


def test_runs_not_triggered_from_here_are_unknown(history: TriggerHistory) -> None:
    assert history.env_for(RunKey("r", "1")) == RememberedEnv()


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_environment_is_remembered_by_run(tmp_path: Path, *, is_kept: bool) -> None:
    history = TriggerHistory(tmp_path if is_kept else None)
    history.remember(
        make_run("1"), (EnvRow("A", "x\ny"), EnvRow(), EnvRow("B", "2", enabled=False))
    )
    history.remember(make_run("2"), ())
    assert history.env_for(RunKey("r", "1")) == RememberedEnv((EnvRow("A", "x\ny"),))
    assert history.env_for(RunKey("r", "2")) == RememberedEnv(())
    assert history.env_for(RunKey("other", "1")) == RememberedEnv()
    assert [recent.draft.env for recent in history.recent("r")] == [(), (EnvRow("A", "x\ny"),)]
    assert (tmp_path / FILE_NAME).exists() is is_kept


def test_secrets_are_not_stored(history: TriggerHistory, tmp_path: Path) -> None:
    history.remember(
        make_run("1"), (EnvRow("API_TOKEN", "canary"), EnvRow("B", "canary", hidden=True))
    )
    assert "canary" not in (tmp_path / FILE_NAME).read_text()
    assert history.env_for(RunKey("r", "1")).rows == (
        EnvRow("API_TOKEN", hidden=True, needs_value=True),
        EnvRow("B", hidden=True, needs_value=True),
    )


def test_the_oldest_are_dropped_first(
    history: TriggerHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MAX_RUNS", 3)
    for number in range(5):
        history.remember(make_run(str(number)), (EnvRow("A", str(number)),))
    is_stored = [history.env_for(RunKey("r", str(number))).rows is not None for number in range(5)]
    assert is_stored == [False, False, True, True, True]


def test_a_broken_file_is_renamed_with_a_notice(history: TriggerHistory, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(HEADER + b"runs = [[[")
    assert "renamed to" in history.env_for(RunKey("r", "1")).notice
    assert history.remember(make_run("1"), ()) == ""
    assert (tmp_path / f"{FILE_NAME}.broken").read_bytes() == HEADER + b"runs = [[["
    assert history.env_for(RunKey("r", "1")) == RememberedEnv(())
