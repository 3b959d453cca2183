import sys
from datetime import UTC, datetime, timedelta

import pytest

from nodion_tui.cli.output.run_table import print_run, print_runs
from nodion_tui.cli.output.streams import Output
from nodion_tui.model.run import RunRecord
from nodion_tui.model.runner import Runner

START = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
RUNNER = Runner(id="r", timeout_seconds=3600)
RUN = RunRecord(
    id="1",
    runner_id="r",
    status="failed",
    created_at=START,
    started_at=START,
    completed_at=START + timedelta(hours=1),
).run


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_time_out_is_told_to_a_person_and_not_to_a_script(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    print_runs(Output(), [RUN], START, None, {"r": RUNNER}.get)
    table = capsys.readouterr().out
    print_run(Output(), RUN, START, {"r": RUNNER}.get)
    for shown in (table, capsys.readouterr().out):
        assert ("✗ timed out after 1 h" in shown) is is_terminal
        assert ("failed" in shown) is not is_terminal
