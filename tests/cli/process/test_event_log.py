"""`--log FILE`: events, secrets that are never written, and files that are left unchanged."""

import asyncio
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from nodion_tui.cli.process import event_log_file
from nodion_tui.cli.process.event_log import part_names, start_event_log
from nodion_tui.cli.process.event_log_file import FIRST_LINE, EventLogFile, OneLine
from tests.cli.conftest import CANARY, PROGRAM, Cli, RunInProcess
from tests.support.terminal import Terminal

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING) (api|monitor|ui|cli|local) \S.*"
)
CANARIES = (CANARY, "canary-env-value", "canary-log-line", "canary-argv", "Authorization", "Bearer")


def events(path: Path) -> list[str]:
    """Lines of a log; each is one event."""
    first, *lines = path.read_text().splitlines()
    assert f"{first}\n".encode() == FIRST_LINE
    assert all(LINE.fullmatch(line) for line in lines), lines
    return lines


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leave_partial_line(path: Path) -> None:
    """Leaves a partial line, as after a crash, and another file mode."""
    path.write_text(f"{path.read_text()}half a li")
    path.chmod(0o644)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "events.log"


@pytest.fixture
def started(log: Path) -> Iterator[Path]:
    """Log that this process writes."""
    end = start_event_log(str(log), "test")
    yield log
    end()


async def test_a_command_writes_its_requests_and_streams_but_no_secret(cli: Cli, log: Path) -> None:
    script = 'echo "canary-log-line $SECRET"'
    words = ("trigger", "Hello", "-e", "SECRET=canary-env-value", "-f", "--")
    done = await cli("--log", str(log), *words, "sh", "-c", script, "canary-argv")
    assert "canary-log-line canary-env-value" in done.out
    lines = events(log)
    assert mode(log) == 0o600
    assert re.search(r" cli start version=\S+ python=\S+ command=trigger pid=\d+$", lines[0])
    text = "\n".join(lines)
    runner, run = r"/runners/[0-9a-f-]{36}", r"/runs/[0-9a-f-]{36}"
    assert re.search(r"DEBUG api request method=GET path=/runners status=200 ms=\d+ error=-", text)
    assert re.search(rf"api request method=POST path={runner}/runs status=20\d ms=\d+", text)
    assert re.search(rf"api response method=GET path={runner}{run}/logs/stream", text)
    assert "state=open" in text
    assert re.search(r"stream run=[0-9a-f-]{36} state=ended status=succeeded exit=0", text)
    assert not [canary for canary in CANARIES if canary in text]


async def test_a_failure_names_its_kind_and_not_what_was_typed(cli: Cli, log: Path) -> None:
    done = await cli("runs", "canary-argv", env={"NODION_TUI_LOG": str(log)})
    assert done.code == 1
    wrong = {"NODION_TUI_LOG": str(log), "NODION_API_KEY": "canary-wrong-key"}
    assert (await cli("runs", "canary-argv", env=wrong)).code == 4
    text = "\n".join(events(log))
    assert re.search(r"INFO api request method=GET path=/runners status=401 .*KeyRejected", text)
    assert "canary" not in text


async def test_each_command_appends_to_the_log_of_the_one_before(cli: Cli, log: Path) -> None:
    await cli("--log", str(log), "runners")
    before = events(log)
    leave_partial_line(log)
    await cli("--log", str(log), "runners")
    _, *lines = log.read_text().splitlines()  # noqa: ASYNC240 - a small file
    assert lines[: len(before) + 1] == [*before, "half a li"]
    assert len(lines) == 2 * len(before) + 1
    assert mode(log) == 0o600


async def test_doctor_shows_path_and_size_of_the_log(cli: Cli, log: Path) -> None:
    off, on = await asyncio.gather(cli("doctor"), cli("--log", str(log), "doctor"))
    assert ["note", "log", "off; enable with --log FILE or NODION_TUI_LOG"] in off.rows
    (detail,) = (row[2] for row in on.rows if row[1] == "log")
    assert re.fullmatch(r"~/events\.log, \d+ (bytes|KB) in 1 file", detail)


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    (path.parent / "target").write_bytes(FIRST_LINE)
    path.symlink_to(path.parent / "target")


def dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def letter(path: Path) -> None:
    path.write_text("Dear Ada,\n")
    path.chmod(0o644)


def older_part(path: Path) -> None:
    letter(path.with_name(f"{path.name}.2"))


KINDS: Mapping[Callable[[Path], None], str] = {
    folder: "a folder",
    link: "a symbolic link",
    dangling_link: "a symbolic link",
    pipe: "not a regular file",
    letter: "a file that nodion-tui did not write",
    older_part: "a file that nodion-tui did not write",
}


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Name, mode and content of every file in a folder."""
    return {
        path.name: (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("words", [("runners",), ()], ids=["command", "dashboard"])
def test_another_file_is_rejected_and_left_unchanged(
    run_in_process: RunInProcess,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], None],
    words: tuple[str, ...],
) -> None:
    make(log)
    before = snapshot(log.parent)
    monkeypatch.setenv("NODION_TUI_LOG", str(log))
    done = run_in_process(*words)
    assert done.code == 2
    assert done.err.startswith("nodion-tui: the log cannot be written: ~/events.log")
    assert f"is {KINDS[make]}; it is left unchanged" in done.err
    assert snapshot(log.parent) == before


def test_a_missing_folder_is_named(run_in_process: RunInProcess, tmp_path: Path) -> None:
    done = run_in_process("--log", str(tmp_path / "no" / "events.log"), "runners")
    assert done.code == 2
    assert done.err == "nodion-tui: the log cannot be written: ~/no: no such folder\n"


@pytest.mark.parametrize("words", [(), ("--log", "")], ids=["variable", "option"])
def test_an_empty_name_is_no_log_and_loads_nothing(cli_here: Cli, words: tuple[str, ...]) -> None:
    """Same as without either: no handler, and the module with the handlers is not loaded."""
    program = (
        "import logging, sys; from nodion_tui.cli.exit_guard import run_guarded;"
        "run_guarded(sys.argv[1:]);"
        "ours = [each for each in logging.root.manager.loggerDict if each.startswith('nodion')];"
        "print(sum(len(logging.getLogger(each).handlers) for each in ours),"
        " logging.getLogger('nodion_tui.api').isEnabledFor(logging.INFO),"
        " 'logging.handlers' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words, "runners"],
        env=cli_here.env | {"NODION_TUI_LOG": ""},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "0 False False\n"


@pytest.fixture
def cli_here(cli_at: Callable[..., Cli]) -> Cli:
    """Program configured for an unreachable service."""
    return cli_at("http://127.0.0.1:9/v1")


def test_a_full_part_becomes_an_older_one_and_the_oldest_goes(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log_file, "MAX_BYTES", 2000)
    end = start_event_log(str(log), "test")
    logger = logging.getLogger("nodion_tui.api.test")
    for number in range(200):
        logger.info("number=%d", number)
    end()
    assert sorted(log.parent.iterdir()) == part_names(log)
    assert {mode(part) for part in part_names(log)} == {0o600}
    assert all(part.stat().st_size < 2100 for part in part_names(log))
    kept = [line for part in reversed(part_names(log)) for line in events(part)]
    numbers = [int(line.rpartition("=")[2]) for line in kept]
    assert numbers == list(range(numbers[0], 200))


def test_processes_that_share_a_log_lose_no_event(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log_file, "MAX_BYTES", 3000)
    handlers = [EventLogFile(part_names(log, 9)), EventLogFile(part_names(log, 9))]
    for number in range(300):
        record = logging.LogRecord("nodion_tui.ui", logging.INFO, "", 0, f"n={number}", (), None)
        handlers[number % 2].handle(record)
    for handler in handlers:
        handler.close()
    parts = [part for part in reversed(part_names(log, 9)) if part.exists()]
    assert len(parts) > 3
    kept = [int(line.rpartition("=")[2]) for part in parts for line in events(part)]
    assert kept == list(range(300))


def test_a_part_of_somebody_elses_that_comes_later_is_not_replaced(
    started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log_file, "MAX_BYTES", 500)
    letter(started.with_name(f"{started.name}.1"))
    for number in range(50):
        logging.getLogger("nodion_tui.api").info("number=%d", number)
    assert started.with_name(f"{started.name}.1").read_text() == "Dear Ada,\n"
    assert started.stat().st_size < 600


def test_a_removed_log_is_created_again(started: Path) -> None:
    started.unlink()
    logging.getLogger("nodion_tui.api").info("again")
    (line,) = events(started)
    assert line.endswith("INFO api again")
    assert mode(started) == 0o600


def test_a_link_that_takes_the_place_of_the_log_is_not_followed(started: Path) -> None:
    started.unlink()
    letter(started.with_name("letter"))
    started.symlink_to(started.with_name("letter"))
    logging.getLogger("nodion_tui.api").info("again")
    assert started.with_name("letter").read_text() == "Dear Ada,\n"


FULL = """
import logging, resource, sys
from pathlib import Path
from nodion_tui.cli.process.event_log import start_event_log
end = start_event_log(sys.argv[1], "test")
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, size + 20))
for _ in range(3):
    logging.getLogger("nodion_tui.api").info("no room for this line")
logging.getLogger("nodion_tui.api").info("wrong number=%d", "x")
Path(sys.argv[1]).unlink()
Path(sys.argv[1]).parent.rename("away")
logging.getLogger("nodion_tui.api").info("no folder for this line")
"""


def test_write_errors_are_silent(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    command = [sys.executable, "-c", FULL, str(tmp_path / "logs" / "events.log")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


ENGINE = """
import logging, sys
from nodion_tui.cli.process.event_log import start_event_log
if len(sys.argv) > 1:
    start_event_log(sys.argv[1], "serve")
logger = logging.getLogger("nodion_tui.local.http.server")
logger.warning("local.toml:3: no such key\\nthe runners stay as they were")
try:
    raise ValueError("canary")
except ValueError:
    logger.exception("run %s could not be executed", "x y")
"""


def test_what_the_engine_warns_of_is_in_the_log_and_on_stderr_as_without(log: Path) -> None:
    run = [sys.executable, "-c", ENGINE]
    without = subprocess.run(run, capture_output=True, check=True)
    with_log = subprocess.run([*run, str(log)], capture_output=True, check=True)
    assert with_log.stderr == without.stderr
    lines = log.read_text().splitlines()[2:]
    assert lines[0].endswith(
        "WARNING local local.toml:3: no such key␊the runners stay as they were"
    )
    assert lines[1].endswith('ERROR local run "x y" could not be executed error=ValueError')
    assert "canary" not in log.read_text()


def test_a_value_from_outside_stays_a_value_on_its_line() -> None:
    hostile = '\x1b]0;owned\x07\r\nINFO api "forged\u202e' + "x" * 5000
    record = logging.LogRecord(
        "nodion_tui.api.http", logging.INFO, "", 0, "a=%s b=%d c=%s", (hostile, 7, None), None
    )
    line = OneLine().format(record)
    assert line.isprintable()
    assert len(line) < 300
    assert line.endswith('…" b=7 c=-')
    assert " a=\"␛]0;owned␇␍␊INFO api 'forged<U+202E>xxx" in line


def in_dashboard(home: Path, *options: str) -> bytes:
    """Uses the dashboard briefly; returns the output written after it was closed."""
    argv = [PROGRAM, *options, "--local"]
    home.mkdir()
    with Terminal(argv, env=Cli(home).env, cwd=str(home)) as terminal:
        terminal.wait_for("up to date")
        for runner in ("Chatty export", "Database migration", "Environment check"):
            terminal.press("]")
            terminal.wait_for(f"Runs · {runner}")
        terminal.press("t")
        terminal.wait_for("Trigger a run")
        terminal.press("ctrl+j")
        terminal.wait_for("succeeded, exit 0")
        terminal.press("/")
        terminal.type("canary-typed")
        terminal.wait_for("canary-typed")
        terminal.press("left", "backspace")
        terminal.press("escape")
        terminal.wait_for(lambda screen: "canary" not in screen)
        terminal.press("2")
        terminal.wait_for("Timeline")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored()
        raw = bytes(terminal.raw)
        assert not [text for text in (b"event log", b"method=", b"Traceback") if text in raw]
        return raw[raw.rfind(b"\x1b[?1049l") :]


@pytest.mark.pty
async def test_the_dashboard_writes_its_commands_and_polls_and_nothing_to_the_terminal(
    tmp_path: Path, log: Path
) -> None:
    without = await asyncio.to_thread(in_dashboard, tmp_path / "a")
    assert await asyncio.to_thread(in_dashboard, tmp_path / "b", "--log", str(log)) == without
    text = "\n".join(events(log))
    assert re.search(r"cli start .* command=dashboard", text)
    assert re.search(r"DEBUG monitor poll list=runners runner=- error=-", text)
    assert re.search(r"DEBUG monitor poll list=runs runner=[0-9a-f-]{36} error=-", text)
    assert re.search(r"INFO monitor log_opened run=[0-9a-f-]{36} phase=loading lines=0", text)
    assert re.search(r"INFO api stream run=[0-9a-f-]{36} state=open resumed=no", text)
    assert re.search(r"INFO api stream run=[0-9a-f-]{36} state=ended status=succeeded", text)
    assert "INFO ui command id=run.trigger on=" in text
    assert "INFO ui command id=app.timeline on=NodionApp" in text
    assert "INFO ui command id=app.quit on=" in text
    assert not re.search(r"on=\w*Input", text)
    assert "canary" not in text
