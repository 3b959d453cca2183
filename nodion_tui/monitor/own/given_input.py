"""What a command of one's own is given: a private file, which it reads or is told.

A file rather than a pipe: a log may be larger than memory should hold twice, a pager reads it at
its own pace, and a command that reads nothing blocks nobody.
"""

import tempfile
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from nodion_tui.config.private_files import new_private_file, write_all
from nodion_tui.model.run import PayloadRunner, Run, RunPayload
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.log.plain_text import format_log
from nodion_tui.monitor.log.segment import LogSegment

Chunks = Iterable[bytes]


def run_payload(run: Run, runner: Runner | None) -> bytes:
    """A run and its runner as JSON, in the shape of the rules' commands."""
    name = runner.label if runner else ""
    payload = RunPayload(runner=PayloadRunner(run.runner_id, name), run=run.record)
    return msgspec.json.encode(payload) + b"\n"


def log_text(segments: Sequence[LogSegment], only: Container[int] | None = None) -> Chunks:
    """The lines of a log as they are shown, or those at some indexes."""
    return format_log(segments, only=only)


@contextmanager
def private_input_folder() -> Iterator[Path]:
    """A private folder, removed at the end; it blocks: enter and leave it in a thread."""
    with tempfile.TemporaryDirectory(prefix="nodion-tui-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def write_input(path: Path, chunks: Chunks) -> None:
    """Write what a command is given; blocks.

    Raises:
        OSError: it cannot be written.
    """
    with new_private_file(path) as descriptor:
        write_all(descriptor, chunks, sync=False)
