"""Inspects other processes of this machine."""

from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether a process is running; a zombie is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def processes_in(folder: Path) -> list[int]:
    """The processes whose working directory is a folder, or in it."""
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if _cwd(process).is_relative_to(folder)
    ]


def _cwd(process: Path) -> Path:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return Path()
