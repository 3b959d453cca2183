"""Live lines are told once, whoever reads them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.streams.live_lines import MAX_IDS, MAX_RUNS, LiveLines

KEY = RunKey("r", "1")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def line(number: int, seconds: float | None = 1) -> LogLine:
    at = None if seconds is None else NOON + timedelta(seconds=seconds)
    return LogLine(str(number), f"line {number}", created_at=at)


class Heard:
    """The ids that were told, in order."""

    def __init__(self, live_lines: LiveLines) -> None:
        self.ids: list[str] = []
        self.leave = live_lines.subscribe(self._hear)

    def _hear(self, _key: RunKey, lines: Sequence[LogLine]) -> None:
        self.ids += [line.id for line in lines]


def test_lines_of_two_readers_of_a_run_are_told_once() -> None:
    live_lines = LiveLines(lambda _: NOON)
    heard = Heard(live_lines)
    live_lines.watch(KEY)
    live_lines.publish(KEY, [line(1), line(2)])
    live_lines.publish(KEY, [line(0), line(1), line(2), line(3)])
    live_lines.publish(KEY, [line(3), line(4)])
    live_lines.publish(RunKey("r", "2"), [line(4)])
    assert heard.ids == ["1", "2", "0", "3", "4", "4"]
    heard.leave()
    live_lines.publish(KEY, [line(5)])
    assert len(heard.ids) == 6


def test_ids_of_any_characters_are_told_once() -> None:
    live_lines = LiveLines(lambda _: NOON)
    heard = Heard(live_lines)
    lines = [LogLine(each, "", created_at=NOON) for each in ("a\0b", "", "\n", "c")]
    live_lines.publish(KEY, lines)
    live_lines.publish(KEY, lines)
    live_lines.publish(KEY, [LogLine("d", "", created_at=NOON)])
    assert heard.ids == ["a\0b", "", "\n", "c", "d"]


def test_what_was_written_before_the_run_was_watched_is_not_live() -> None:
    now = NOON
    live_lines = LiveLines(lambda _: now)
    heard = Heard(live_lines)
    live_lines.watch(KEY)
    now += timedelta(hours=1)
    live_lines.watch(KEY)
    live_lines.publish(KEY, [line(1, -60), line(2, -1), line(3, None), line(4, 5)])
    assert heard.ids == ["2", "3", "4"]


def test_runs_are_forgotten_but_those_that_write() -> None:
    now = NOON
    live_lines = LiveLines(lambda _: now)
    heard = Heard(live_lines)
    live_lines.publish(KEY, [line(1)])
    for number in range(MAX_RUNS * 2):
        live_lines.watch(RunKey("other", str(number)))
        now += timedelta(seconds=1)
        live_lines.publish(KEY, [line(1), line(2)])
    assert heard.ids == ["1", "2"]


def test_a_copy_is_known_after_more_lines_than_one_batch_has() -> None:
    live_lines = LiveLines(lambda _: NOON)
    heard = Heard(live_lines)
    for start in range(0, 3 * MAX_IDS, 1000):
        live_lines.publish(KEY, [line(number, number) for number in range(start, start + 1000)])
    end = len(heard.ids)
    live_lines.publish(KEY, [line(number, number) for number in range(end - MAX_IDS, end + 2)])
    assert heard.ids[end:] == [str(end), str(end + 1)]
