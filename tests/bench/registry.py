"""The registry of benchmarks by target."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tests.bench import (
    archive,
    command_line,
    due_polls,
    ends,
    engine_keeps,
    first_paint,
    first_reading,
    idle,
    key_latency,
    log_memory,
    log_pages,
    log_search,
    log_stream,
    many_lists,
    memory,
    openings,
    overdue,
    polling,
    run_list,
    swarm,
    traffic,
    week,
)
from tests.bench.measure import Effort, Measure

Row = Callable[[Effort], Sequence[Measure]]


def _polls_and_ends(effort: Effort) -> Sequence[Measure]:
    return [*polling.measure(effort), *ends.measure(effort)]


def _keys(effort: Effort) -> Sequence[Measure]:
    return [*key_latency.measure_log(effort), *openings.measure(effort)]


ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "P1": first_paint.measure,
        "P2": log_stream.measure,
        "P3": log_memory.measure,
        "P4": log_search.measure,
        "P5": _keys,
        "P6": traffic.measure,
        "P7": idle.measure,
        "P8": _polls_and_ends,
        "P9": run_list.measure,
        "P9b": many_lists.measure,
        "P10": week.measure,
        "M": memory.measure,
        "P11": log_pages.measure,
        "P12": key_latency.measure_wall,
        "P13": command_line.measure,
        "P14": archive.measure_search,
        "P15": archive.measure_size,
        "D": due_polls.measure,
        "F": first_reading.measure,
        "R": overdue.measure,
        "E": engine_keeps.measure,
        "S": swarm.measure,
    }
)
"""Benchmarks in the order of the table, followed by the scaling curves, `C`."""
