"""Lines of another `log_level` than the documented one."""

import pytest

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.levels import service_levels


def lines(*levels: str) -> list[LogLine]:
    return [LogLine(str(n), f"line {n}", level) for n, level in enumerate(levels)]


def test_lines_that_are_not_public_are_known_by_their_ranges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_levels, "MAX_RANGES", 3)
    buffer = LogBuffer()
    buffer.extend(lines("log_public", "internal", "internal"))
    buffer.extend(lines("internal", "debug", "log_public"))
    levels = buffer.service_levels
    assert list(levels.spans()) == [range(1, 4), range(4, 5)]
    assert [levels.at(index) for index in range(7)] == [
        *("", "internal", "internal", "internal", "debug", "", "")
    ]
    assert (levels.count, levels.names) == (4, ("internal", "debug"))
    buffer.extend(lines("a", "log_public", "b"))
    assert (levels.count, len(list(levels.spans()))) == (6, 3)
