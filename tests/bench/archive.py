"""P14 and P15: the archive: search compared with zstdcat and grep, disk, and opening a log.

P14 searches ten million archived lines, in ten logs of a million; the peer reads the same text from
ten files of `zstd -3`. In the process, so that neither has a start to pay for but grep's own.
"""

import asyncio
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
from nodion_tui.monitor.archive.log_archive import LogArchive
from nodion_tui.monitor.grep.runs_search import RunsSearch
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.finished_log import FinishedLog
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.session_cache import LogSessionCache
from tests.bench.loglike import NEEDLE, START, pages
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.support.filled_session import NoService

PROFILE = Profile(api_url="http://127.0.0.1:1/v1", archive=ArchiveLimits(2**40))
LOGS = 10
OPEN_MS = 50.0
SCREENFUL = 50
STALL_MS = 50.0
PEER = "zstdcat | grep -c"
PATTERNS = (NEEDLE, NEEDLE.lower(), "timed? out")


class Archived(NamedTuple):
    """An archive of equal logs, and their text in a compressed file."""

    folder: Path
    runs: Sequence[Run]
    compressed: Path

    @property
    def archive(self) -> LogArchive:
        return LogArchive(self.folder, PROFILE)


def measure_search(effort: Effort) -> Sequence[Measure]:
    """P14."""
    lines = effort.of(1_000_000, 100_000)
    with archived(lines, LOGS) as kept:
        return [each for text in PATTERNS for each in _search_measures(effort, kept, lines, text)]


def measure_size(effort: Effort) -> Sequence[Measure]:
    """P15."""
    lines = effort.of(1_000_000, 100_000)
    with archived(lines, 1) as kept:
        disk = (float(kept.archive.path.stat().st_size),)
        text = (float(kept.compressed.stat().st_size),)
        used = time.process_time()
        opened = [_open(kept) for _ in effort.each]
        cpu = (1000 * (time.process_time() - used) / len(opened),)
    what = f"disk taken by {lines:,} lines"
    return [
        Measure("P15", what, "bytes", disk, text, "zstd -3", Target(1.1)),
        told("P15", f"opening {lines:,} lines to a screenful, CPU", "ms", cpu),
        at_most("P15", f"opening {lines:,} lines to a screenful", "ms", opened, OPEN_MS),
    ]


@contextmanager
def archived(lines: int, logs: int) -> Iterator[Archived]:
    """An archive of this many logs of this many lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        buffer = LogBuffer(2**34)
        file = folder / "run.log"
        with file.open("w") as text:
            for page in pages(lines):
                buffer.extend(page)
                text.writelines(f"{line.body}\n" for line in page)
        runs = [
            RunRecord(id=f"run-{number}", runner_id="r", status="succeeded", completed_at=START).run
            for number in range(logs)
        ]
        archive = LogArchive(folder, PROFILE)
        for run in runs:
            log = FinishedLog.of(run, buffer)
            archive.put(log, runner="", last_lines=(), now=datetime.now(UTC))
        subprocess.run(["zstd", "-3", "-q", "--rm", str(file)], check=True)  # noqa: S607
        yield Archived(folder, runs, file.with_suffix(".log.zst"))


def _search_measures(effort: Effort, kept: Archived, lines: int, text: str) -> list[Measure]:
    what = f"{text} in {lines * len(kept.runs):,} archived lines"
    if shutil.which("zstdcat") is None:
        return [Measure("P14", what, "s", (), missing="zstd is not installed")]
    ours, peer = interleaved(
        effort, lambda: asyncio.run(_search(kept, text)), lambda: (*_grep(kept, text), 0.0)
    )
    seconds, cpu, stalls = zip(*ours, strict=True)
    against, against_cpu, _ = zip(*peer, strict=True)
    return [
        Measure("P14", what, "s", seconds, against, PEER, Target(1.0)),
        Measure("P14", f"{what}, CPU", "s", cpu, against_cpu, PEER),
        at_most("P14", "longest stall of the event loop meanwhile", "ms", stalls, STALL_MS),
    ]


async def _search(kept: Archived, text: str) -> tuple[float, float, float]:
    """Seconds and CPU seconds of a search; the longest stall of the loop in milliseconds."""

    async def acquire(_runner_id: str) -> None:
        raise AssertionError("nothing is fetched")

    search = RunsSearch(
        [SearchQuery(text)],
        LogSessionCache(NoService()),
        ArchiveKeeper(kept.folder, PROFILE),
        acquire_request=acquire,
        now=lambda _: datetime.now(UTC),
    )
    search.add(kept.runs)
    began = last = time.perf_counter()
    longest, used = 0.0, time.process_time()
    task = asyncio.create_task(search.search_here())
    while not task.done():
        await asyncio.sleep(0.0005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    task.result()
    assert search.state.searched == len(kept.runs)
    return last - began, time.process_time() - used, longest * 1000


def _grep(kept: Archived, text: str) -> tuple[float, float]:
    """Seconds and CPU seconds of the peer."""
    flags = "-c" if text != text.lower() else "-ci"
    files = [str(kept.compressed)] * len(kept.runs)
    began, used = time.perf_counter(), _children_cpu()
    with subprocess.Popen(["zstdcat", *files], stdout=subprocess.PIPE) as cat:  # noqa: S607
        subprocess.run(["grep", f"{flags}E", text], stdin=cat.stdout, check=False)  # noqa: S607
    return time.perf_counter() - began, _children_cpu() - used


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _open(kept: Archived) -> float:
    """Milliseconds until the last lines of a log are read."""
    archive = LogArchive(kept.folder, PROFILE)
    began = time.perf_counter()
    log = archive.read(kept.runs[0].key)
    assert log is not None
    buffer = LogBuffer(2**34)
    buffer.adopt(log.segments, log.last_id)
    assert len(buffer.entries(buffer.end - SCREENFUL, buffer.end)) == SCREENFUL
    return (time.perf_counter() - began) * 1000
