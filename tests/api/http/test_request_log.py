"""The event log's line of a request: what it contains, and what it omits."""

import logging

import pytest

from nodion_tui.api.http.request_log import LoggedRequest
from tests.support.hostile import RUN_ID, RUNNER_ID

LOGGER = "nodion_tui.api.http.request_log"
STREAM = "GET /runners/:runner_id/runs/:run_id/logs/stream"


def test_ids_that_may_have_been_typed_are_omitted(caplog: pytest.LogCaptureFixture) -> None:
    path = f"/runners/hunter2/runs/{RUN_ID}/logs/stream?after_id=hunter3"
    with caplog.at_level(logging.DEBUG, LOGGER), LoggedRequest(path, STREAM) as logged:
        logged.head(200)
    shown = f"path=/runners/(id)/runs/{RUN_ID}/logs/stream?after_id=(id) status=200"
    assert [line.split()[0] for line in caplog.messages] == ["response", "request"]
    assert all(shown in line for line in caplog.messages)


def test_an_error_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    path = f"/runners/{RUNNER_ID}/runs"
    with (
        caplog.at_level(logging.DEBUG, LOGGER),
        pytest.raises(ValueError, match="secret"),
        LoggedRequest(path, "POST /runners/:runner_id/runs"),
    ):
        raise ValueError("secret")
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert "status=None" in record.getMessage()
    assert record.getMessage().endswith("error=ValueError")
    assert "secret" not in record.getMessage()


def test_nothing_is_logged_by_default(caplog: pytest.LogCaptureFixture) -> None:
    with LoggedRequest("/runners", "GET /runners") as logged:
        logged.head(200)
    assert not caplog.records
