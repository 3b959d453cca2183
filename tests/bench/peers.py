"""Peers of the benchmarks, unmodified; a missing one raises an error.

lnav is the installed version. toolong is installed on demand, into its own environment in the
results folder, which may be deleted.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
from httpx_sse import EventSource

from nodion_tui.model.log_line import LogLine
from tests.bench.loglike import bodies
from tests.bench.places import FOLDER
from tests.bench.program import Program, Size

STATIC_APP = (sys.executable, "-m", "tests.bench.static_app")
"""The smallest Textual app: one Static."""
STATIC_WORDS = "nothing but this"
_TOOLONG = "toolong==1.5.0"


def static_app() -> Program:
    """The smallest Textual app, at the size of the pictures."""
    return Program(STATIC_APP, size=(120, 36))


class Missing(Exception):
    """A peer is not available; the message says which, and why."""


@contextmanager
def log_file(lines: int) -> Iterator[Path]:
    """A file of typical log lines."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.log")
        with file.open("w") as writing:
            writing.writelines(f"{body}\n" for body in bodies(lines))
        yield file


@contextmanager
def lnav(file: Path, size: Size = (120, 36)) -> Iterator[Program]:
    """lnav, after it has read a file.

    Raises:
        Missing: it is not installed.
    """
    found = shutil.which("lnav")
    if found is None:
        raise Missing("no lnav here")
    home = str(file.parent)
    argv = [found, "-N", str(file)]
    with Program(argv, size=size, env={"HOME": home, "TMPDIR": home}) as program:
        program.wait_for("100%", 120)
        yield program


@contextmanager
def toolong(file: Path, lines: int, size: Size = (120, 36)) -> Iterator[Program]:
    """toolong, after it has read a file with a number of lines.

    Raises:
        Missing: it cannot be installed.
    """
    argv = [str(_installed_toolong()), str(file)]
    with Program(argv, size=size, env={"HOME": str(file.parent)}) as program:
        program.wait_for(f"processing item {lines - 1} of", 120)
        program.settle()
        yield program


def _installed_toolong() -> Path:
    place = FOLDER / ".toolong"
    found = place / "bin" / "tl"
    if not found.exists():
        FOLDER.mkdir(exist_ok=True)
        venv.create(place, with_pip=True)
        argv = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", _TOOLONG]
        done = subprocess.run(argv, check=False, capture_output=True)
        if done.returncode or not found.exists():
            shutil.rmtree(place)
            raise Missing("toolong cannot be installed here")
    return found


async def sse_alone(stream: str) -> tuple[int, float, float]:
    """httpx-sse and msgspec on a stream of log lines: number of lines, seconds, CPU seconds."""
    decoder, count = msgspec.json.Decoder(LogLine), 0
    began, used = time.perf_counter(), time.process_time()
    async with httpx.AsyncClient(timeout=60) as client, client.stream("GET", stream) as response:
        async for event in EventSource(response).aiter_sse():
            if event.event == "log":
                decoder.decode(event.data)
                count += 1
    return count, time.perf_counter() - began, time.process_time() - used


async def pages_alone(logs: str, key: str = "nobody") -> tuple[int, float, float]:
    """httpx and msgspec on all pages of a log, without storing them; result as of `sse_alone`."""
    decoder, count, after = msgspec.json.Decoder(_Page), 0, ""
    began, used = time.perf_counter(), time.process_time()
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(timeout=60, headers=headers) as client:
        while page := decoder.decode((await client.get(logs + after)).content).logs:
            count += len(page)
            after = f"?after_id={page[-1].id}"
    return count, time.perf_counter() - began, time.process_time() - used


class _Page(msgspec.Struct):
    logs: list[LogLine]
