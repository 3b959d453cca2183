"""When each run wrote last, and which gaps its lines have, from the lines that pass."""

from collections.abc import Sequence
from datetime import datetime

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.insight.silence import LineGaps, Silence
from nodion_tui.monitor.log.timestamps import known_times, to_micros

MAX_RUNS = 1_024
"""Runs of which gaps are remembered, those that wrote last."""


class LastOutput:
    """The gaps between the lines of each run, in constant memory for a run."""

    def __init__(self) -> None:
        self._gaps: dict[RunKey, LineGaps] = {}

    def observe(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """Lines of a run have passed."""
        self._gaps_of(key).observe(known_times(to_micros([line.created_at for line in lines])))

    def note(self, key: RunKey, line: LogLine) -> None:
        """The newest line of a run whose lines are kept, and counted, elsewhere."""
        for time in known_times(to_micros([line.created_at])):
            self._gaps_of(key).advance(time)

    def last(self, key: RunKey) -> datetime | None:
        """When a run wrote its newest line; None if that is unknown."""
        gaps = self._gaps.get(key)
        return gaps.last if gaps else None

    def silence(self, key: RunKey, now: datetime) -> Silence | None:
        """The silence of a run since its last line, if it is longer than usual.

        Args:
            key: a running run whose stream is live.
            now: the server's clock.
        """
        gaps = self._gaps.get(key)
        return gaps.silence(now) if gaps else None

    def _gaps_of(self, key: RunKey) -> LineGaps:
        gaps = self._gaps[key] = self._gaps.pop(key) if key in self._gaps else LineGaps()
        if len(self._gaps) > MAX_RUNS:
            del self._gaps[next(iter(self._gaps))]
        return gaps

    def forget(self, key: RunKey) -> None:
        """A run has ended, or is gone."""
        self._gaps.pop(key, None)
