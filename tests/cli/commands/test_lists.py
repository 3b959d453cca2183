"""`runners`, `runs`, `run`, in a pipe and as JSON."""

import asyncio
import sys
from collections.abc import Callable

from nodion_tui.api.client import NodionClient
from nodion_tui.monitor.storage.views import View, ViewFile
from tests.cli.conftest import Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer

RunnerId = Callable[[str], str]


async def test_runners_in_a_pipe_and_as_the_api_sent_them(cli: Cli, client: NodionClient) -> None:
    plain, as_json = await asyncio.gather(cli("runners"), cli("runners", "--json"))
    listing = await client.list_runners(raw=True)
    assert plain.code == as_json.code == 0
    assert plain.err == as_json.err == ""
    assert sorted(row[1] for row in plain.rows) == sorted(runner.name for runner in listing.items)
    hello = next(row for row in plain.rows if row[1] == "Hello")
    assert hello[2:] == ["available", "test/hello:latest", "sh -c echo one; echo two; echo three"]
    assert as_json.out.encode().splitlines() == list(listing.raw)


async def test_a_list_loads_no_library_for_colour(cli: Cli) -> None:
    listed = await cli("runs", "Hello", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert listed.code == 0
    loaded = {line.rpartition("|")[2].strip() for line in listed.err.splitlines()}
    assert "httpx" in loaded
    assert loaded.isdisjoint({"rich", "pygments", "textual"})


async def test_runs_and_run_by_name_by_id_and_by_its_start(
    cli: Cli, client: NodionClient, runner_id: RunnerId
) -> None:
    hello = runner_id("Hello")
    triggered = await cli("trigger", "Hello", "--", "echo", "a b", "")
    run = triggered.out.strip()
    await cli("wait", hello, run)
    by_name, by_start, as_json, one, latest, one_json = await asyncio.gather(
        cli("runs", "hello"),
        cli("runs", hello[:6]),
        cli("runs", hello, "--json"),
        cli("run", "Hello", run[:7]),
        cli("run", "Hello", "latest"),
        cli("run", hello, run, "--json"),
    )
    assert by_name.out == by_start.out
    (row,) = by_name.rows
    assert (row[0], row[1], row[2], row[6]) == (run, "succeeded", "0", "echo 'a b' ''")
    raw = await client.list_runs(hello, raw=True)
    assert as_json.out.encode().splitlines() == list(raw.raw)
    assert one_json.objects == as_json.objects
    assert one.out == latest.out
    assert ["run", run] in one.rows
    assert ["status", "succeeded"] in one.rows


async def test_a_limit_gives_the_newest(cli: Cli) -> None:
    for word in ("old", "new"):
        await cli("trigger", "Hello", "-f", "--", "echo", word)
    limited, all_runs = await asyncio.gather(cli("runs", "Hello", "-n", "1"), cli("runs", "Hello"))
    assert [row[6] for row in limited.rows] == ["echo new"]
    assert [row[6] for row in all_runs.rows] == ["echo new", "echo old"]


async def test_runs_of_all_runners_with_a_filter(cli: Cli, runner_id: RunnerId) -> None:
    for name, word in (("Hello", "first"), ("Failing", ""), ("Chatty", "last")):
        await cli("trigger", name, "-f", *(("--", "echo", word) if word else ()))
    everything, failed, as_json, none = await asyncio.gather(
        cli("runs"),
        cli("runs", "--filter", "status:failed since:1h"),
        cli("runs", "-F", "command:last", "--json"),
        cli("runs", "-F", "status:canceled"),
    )
    since, long_ago = await asyncio.gather(
        cli("runs", "--since", "1h"), cli("export", "runs", "--since", "2999-01-01")
    )
    assert (since.out, len(long_ago.lines)) == (everything.out, 1)
    assert [row[6:] for row in everything.rows] == [
        ["echo last", runner_id("Chatty"), "Chatty"],
        ["runner default", runner_id("Failing"), "Failing"],
        ["echo first", runner_id("Hello"), "Hello"],
    ]
    assert failed.rows == everything.rows[1:2]
    (row,) = as_json.objects
    assert (row["runner_id"], row["runner"]) == (runner_id("Chatty"), "Chatty")
    assert row["run"]["id"] == everything.rows[0][0]
    assert (none.code, none.out) == (0, "")
    assert none.err == "none of 3 runs matches the filter\n"


async def test_lists_that_cannot_be_read_are_summed_up(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer() as server:

        async def runners(exchange: Exchange) -> None:
            rows = [{"id": RUNNER_ID, "name": "Good"}, {"id": "other", "name": "Bad"}]
            await exchange.answer(200, {"runners": rows})

        async def runs(exchange: Exchange) -> None:
            if "other" in exchange.path:
                await exchange.answer(404, {"error": "gone"})
            else:
                await exchange.answer(200, {"runs": [server.run()]})

        server.always("runners", runners)
        server.always("runs", runs)
        done = await cli_at(server.url)("runs")
    assert done.code == 1
    assert [row[0] for row in done.rows] == [RUN_ID]
    assert "1 of 2 lists cannot be read: Bad: gone" in done.err


async def test_an_empty_list_is_no_failure(cli: Cli) -> None:
    done = await cli("runs", "Hello")
    assert (done.code, done.out, done.err) == (0, "", "no runs yet\n")


async def test_unresolved_names_are_reported_with_a_suggestion(cli: Cli) -> None:
    unknown, near, no_run = await asyncio.gather(
        cli("runs", "Nightly"), cli("runs", "chat"), cli("run", "Hello", "abc")
    )
    assert (unknown.code, near.code, no_run.code) == (1, 1, 1)
    assert "no runner has the name 'Nightly'" in unknown.err
    assert "did you mean 'Chatty'?" in near.err
    assert "no run of Hello has an id that starts with 'abc'" in no_run.err


async def test_json_with_line_breaks_is_printed_on_one_line(
    cli_at: Callable[..., Cli],
) -> None:
    async with HostileServer() as server:
        odd = (
            b'{"runs": [\n {"id": "%s",\n  "status": "paused", "new_key": [1.50, "\\u001b[2J"]}\n]}'
        )

        async def answer(exchange: Exchange) -> None:
            await exchange.answer(200, odd % RUN_ID.encode())

        server.always("runs", answer)
        done = await cli_at(server.url)("runs", RUNNER_ID, "--json")
    assert done.code == 0
    assert done.out == f'{{"id":"{RUN_ID}","status":"paused","new_key":[1.50,"\\u001b[2J"]}}\n'


async def test_bad_rows_are_reported_and_the_others_shown(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer() as server:

        async def answer(exchange: Exchange) -> None:
            rows = [{"id": "one", "status": "failed"}, {"id": "two", "status": 3}]
            await exchange.answer(200, {"runs": rows})

        server.always("runs", answer)
        done = await cli_at(server.url)("runs", RUNNER_ID)
    assert [row[:2] for row in done.rows] == [["one", "failed"]]
    assert "row 2 (two) is not as documented" in done.err


async def test_configured_runners_are_used_if_the_service_lists_none(
    cli_at: Callable[..., Cli],
) -> None:
    async with HostileServer() as server:

        async def refuse(exchange: Exchange) -> None:
            await exchange.answer(404, {"error": "nope"})

        server.always("runners", refuse)
        cli = cli_at(server.url)
        ids = {"NODION_RUNNERS": f"{RUNNER_ID},other"}
        listed, as_json, by_start, without = await asyncio.gather(
            cli("runners", env=ids),
            cli("runners", "--json", env=ids),
            cli("runs", RUNNER_ID[:5], env=ids),
            cli("runners"),
        )
        assert [row[0] for row in listed.rows] == [RUNNER_ID, "other"]
        assert "the service does not list runners (404): using NODION_RUNNERS" in listed.err
        assert [runner["id"] for runner in as_json.objects] == [RUNNER_ID, "other"]
        assert by_start.rows[0][0] == RUN_ID
        assert without.code == 1
        assert "Not found" in without.err
        assert "set NODION_RUNNERS" in without.err


async def test_no_command_for_scripts_imports_textual_or_the_web_server(cli: Cli) -> None:
    program = """
import sys
from nodion_tui.cli.exit_guard import run_guarded
for line in ("runners", "trigger Hello -f", "runs Hello", "run Hello latest", "logs Hello latest",
             "wait Hello latest", "stop Hello latest", "profiles", "doctor", "completion bash"):
    assert run_guarded(line.split()) == 0, line
print(sorted({"textual", "starlette", "uvicorn"} & set(sys.modules)))
"""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        env=cli.env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = await cli.end(process)
    assert done.lines[-1] == "[]"


async def test_latest_failed_is_a_run_wherever_one_is_accepted(cli: Cli) -> None:
    none = await cli("run", "Hello", "latest-failed")
    assert (none.code, "Hello has no failed run" in none.err) == (1, True)
    failed = (await cli("trigger", "Hello", "--shell", "echo bad; exit 7", "-f", "--json")).objects
    await cli("trigger", "Hello", "-f")
    one, log, waited = await asyncio.gather(
        cli("run", "Hello", "latest-failed", "--json", "id"),
        cli("logs", "Hello", "latest-failed"),
        cli("wait", "Hello", "latest-failed"),
    )
    assert one.objects == [{"id": failed[0]["id"]}]
    assert (log.lines[-1], waited.code) == ("bad", 7)


async def test_chosen_fields_are_printed_alone_and_a_runner_is_no_field(cli: Cli) -> None:
    await cli("trigger", "Hello", "-f")
    of_one, of_all, paths, whole, unknown, quiet = await asyncio.gather(
        cli("runs", "--json", "status,exit_code", "Hello"),
        cli("runs", "--json=runner,status"),
        cli("runs", "--json", "runner,run.exit_code"),
        cli("runs", "--json", "Hello"),
        cli("runs", "Hello", "--json=state,nope"),
        cli("runs", "Failing", "--quiet"),
    )
    assert of_one.out == '{"status":"succeeded","exit_code":0}\n'
    assert of_all.objects == [{"runner": "Hello", "status": "succeeded"}]
    assert paths.objects == [{"runner": "Hello", "run.exit_code": 0}]
    assert whole.objects[0]["status"] == "succeeded"
    assert (unknown.code, unknown.out) == (2, "")
    assert "--json: no field 'nope'; there are" in unknown.err
    assert (quiet.code, quiet.err) == (0, "")


async def test_runs_of_a_view_are_filtered_and_sorted_as_it_says(cli: Cli) -> None:
    views = ViewFile(cli.folder / "data")
    views.save(View(profile="default", name="failing", filter="status:failed", sort="exit"))
    views.save(View(profile="default", name="old", filter="since:never"))
    views.save(View(profile="default", name="with logs", filter="log:refused"))
    await cli("trigger", "Failing", "-f")
    await cli("trigger", "Hello", "-f")
    shown, absent, broken, searching = await asyncio.gather(
        cli("runs", "--view", "failing", "--json", "run"),
        cli("runs", "--view", "absent"),
        cli("runs", "--view", "old"),
        cli("runs", "--view", "with logs"),
    )
    assert [each["run"]["status"] for each in shown.objects] == ["failed"]
    assert absent.code == 2
    assert (
        "there is no view 'absent' of profile default; there are: failing, old, with logs"
        in absent.err
    )
    assert "views.toml: view old: filter: " in broken.err
    assert "view with logs: filter: log: searches logs, which `nodion-tui grep" in searching.err
