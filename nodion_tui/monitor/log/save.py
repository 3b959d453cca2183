"""Writes a log, or the whole evidence, to disk. Blocks: call it with `asyncio.to_thread`.

segments = session.buffer.snapshot()
path = await asyncio.to_thread(save_log, Path("run.log"), segments, TextFormat.TIMED)
"""

import re
from collections.abc import Container, Sequence
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from nodion_tui.config.private_files import numbered, write_new_private_file
from nodion_tui.monitor.log.evidence import Evidence, markdown_summary, run_json
from nodion_tui.monitor.log.plain_text import TextFormat, format_log
from nodion_tui.monitor.log.segment import LogSegment

_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)


def save_log(
    path: Path,
    segments: Sequence[LogSegment],
    form: TextFormat = TextFormat.PLAIN,
    only: Container[int] | None = None,
) -> Path:
    """Write the lines of a log to a new 0600 file.

    Existing files are never overwritten: a number is added before the suffix. `only` are the
    indexes of the lines to write; None: all.

    Returns:
        The path of the new file.

    Raises:
        OSError: it could not be written; no partial file is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_new_private_file(path, format_log(segments, form, only))


def save_evidence(folder: Path, evidence: Evidence, segments: Sequence[LogSegment]) -> Path:
    """Write `log.txt`, `run.json` and `summary.md` to a new 0700 folder within `folder`.

    Returns:
        The path of the new folder.

    Raises:
        OSError: it could not be written; no empty folder is left.
    """
    target = _new_folder(folder / evidence_folder_name(evidence))
    try:
        save_log(target / "log.txt", segments, TextFormat.TIMED)
    except BaseException:
        with suppress(OSError):
            target.rmdir()
        raise
    texts = {"run.json": run_json(evidence.run), "summary.md": markdown_summary(evidence)}
    for name, text in texts.items():
        write_new_private_file(target / name, [text.encode("utf-8", "replace")])
    return target


def evidence_folder_name(evidence: Evidence) -> str:
    """A folder name: `nodion-database-backup-e5f6a7b8-20260115T140449Z`."""
    run = evidence.run
    label = evidence.runner.label if evidence.runner else run.runner_id[:8]
    timestamp = evidence.taken_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = (safe_file_name(label).lower(), safe_file_name(run.id[:8]), timestamp)
    return "-".join(("nodion", *parts))


def safe_file_name(text: str) -> str:
    """Text as a part of a file name: letters, digits, dots and dashes, at most 40 of them."""
    return _UNSAFE.sub("-", text)[:40].strip("-.") or "run"


def _new_folder(target: Path) -> Path:
    for path in numbered(target):
        with suppress(FileExistsError):
            path.mkdir(parents=True, mode=0o700)
            return path
    raise FileExistsError(str(target))
