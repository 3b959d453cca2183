"""Saves the results of a benchmark, with data about the machine."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.curves import Curve
from tests.bench.measure import Effort, Measure
from tests.bench.places import FOLDER

_LIBRARIES = ("textual", "rich", "httpx", "httpx-sse", "msgspec")


def keep(measures: Iterable[Measure], curves: Sequence[Curve], effort: Effort) -> Path:
    """Write a new file for each run; returns its path."""
    FOLDER.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    file = FOLDER / f"{now:%Y%m%dT%H%M%SZ}.json"
    content = {
        "at": now.isoformat(timespec="seconds"),
        "rounds": effort.rounds,
        "quick": effort.quick,
        "machine": _machine(),
        "measures": [measure.as_json() for measure in measures],
        "curves": [curve.as_json() for curve in curves],
    }
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return file


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.system(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }
