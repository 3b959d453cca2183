"""Lines of another level than log_public are kept private: no answer has them or their text."""

import dataclasses
import sqlite3

import httpx
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.process import ProcessExecutor
from nodion_tui.local.execution.job import Job, JobSpec
from nodion_tui.local.execution.run_output import RunOutput
from tests.support.wire import Wire

PRIVATE = "private words"


@pytest.fixture(params=[1, 1000])
def engine_settings(
    request: pytest.FixtureRequest,
    engine_settings: EngineSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> EngineSettings:
    """An executor that writes private lines before, between and after the public ones."""
    start = ProcessExecutor.start

    async def start_with_words(self: ProcessExecutor, spec: JobSpec, output: RunOutput) -> Job:
        output.write_internal(f"{PRIVATE}\n{PRIVATE}".encode())
        output.write_notice("public")
        output.write_internal(PRIVATE.encode())
        job = await start(self, spec, output)
        wait = job.wait

        async def wait_with_words() -> int:
            exit_code = await wait()
            output.write_internal(PRIVATE.encode())
            return exit_code

        monkeypatch.setattr(type(job), "wait", lambda _: wait_with_words())
        return job

    monkeypatch.setattr(ProcessExecutor, "start", start_with_words)
    return dataclasses.replace(engine_settings, page_size=request.param)


async def test_private_lines_are_in_no_answer(
    wire: Wire, http: httpx.AsyncClient, engine_settings: EngineSettings
) -> None:
    run = await wire.trigger("Hello")
    live = await wire.follow(run)
    public = ["public", "========> Executing command", "one", "two", "three"]
    assert live.bodies == public
    assert {line["log_level"] for line in live.lines} == {"log_public"}
    assert [line["body"] for line in await wire.all_logs(run)] == public
    assert (await wire.follow(run)).lines == live.lines
    for at, line in enumerate(live.lines):
        assert (await wire.follow(run, after_id=line["id"])).lines == live.lines[at + 1 :]
    last = {"after_id": live.lines[-1]["id"]}
    assert (await http.get(f"{run['path']}/logs", params=last)).json() == {"logs": []}
    for path in (run["path"], run["path"].rpartition("/")[0], f"{run['path']}/logs"):
        assert PRIVATE not in (await http.get(path)).text
    assert engine_settings.data_dir is not None
    with sqlite3.connect(engine_settings.data_dir / "engine.sqlite3") as db:
        kept = db.execute("SELECT sum(count) FROM blocks WHERE NOT public").fetchone()
    assert kept == (4,)
