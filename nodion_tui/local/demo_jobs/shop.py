"""Simulates the jobs of a web shop: `python shop.py JOB`.

The history of the demo has the same lines, so a job that is triggered looks like its earlier runs.
"""
# ruff: noqa: T201 - printing is what a job is for

import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

FAILURE_VARIABLE = "DEMO_FAILURE"
"""Environment variable: one of `FAILURES`; the job ends with it instead of succeeding."""
HOLD_VARIABLE = "DEMO_HOLD"
"""Environment variable: number of lines that are printed at once; then the job waits for ever.

They are the same each time, for pictures."""

Step = tuple[float, str]
"""Pause in seconds, and the line printed after it."""
BOLD, DIM, RED, GREEN, YELLOW, CYAN, OFF = (f"\x1b[{code}m" for code in (1, 2, 31, 32, 33, 36, 0))
TABLES = ("customers", "orders", "order_items", "payments", "refunds", "sessions", "audit_log")
COUNTRIES = ("DE", "FR", "NL", "PL", "SE", "US")


class Failure(NamedTuple):
    """How a job fails."""

    exit_code: int
    lines: tuple[str, ...]


FAILURES = {
    "storage": Failure(
        1,
        (
            "Traceback (most recent call last):",
            '  File "storage.py", line 88, in upload',
            "    raise StorageError(response.status, response.reason)",
            "StorageError: bucket photos answered 503 Slow Down",
        ),
    ),
    "lock": Failure(
        75, (f'{RED}ERROR{OFF} could not lock table "orders": timeout after 30 s, giving up',)
    ),
}


class Plan(NamedTuple):
    """What one execution of a job prints, and how it ends."""

    steps: list[Step]
    exit_code: int


def plan(job: str, rng: random.Random, failure: str = "", pace: float = 1.0) -> Plan:
    """Plan one execution.

    Args:
        job: one of `JOBS`.
        rng: decides on numbers and small differences of speed.
        failure: one of `FAILURES`, after two thirds of the job; empty: it succeeds.
        pace: multiplies all pauses.
    """
    factor = pace * rng.uniform(0.9, 1.1)
    steps = [(pause * factor, line) for pause, line in JOBS[job](rng)]
    if not failure:
        return Plan(steps, 0)
    end = FAILURES[failure]
    return Plan(
        [*steps[: len(steps) * 2 // 3], *((0.05, line) for line in end.lines)], end.exit_code
    )


def backup(rng: random.Random) -> Iterator[Step]:
    """Back up a database table by table, in some 70 seconds."""
    yield 0.1, "pg_dump 16.4, database shop, format custom"
    total = 0
    for table in TABLES:
        rows = rng.randrange(20_000, 900_000)
        yield 0.2, f"dumping {table} ({rows:,} rows)"
        for percent in (25, 50, 75, 100):
            yield 2.2, f"  {table:<12} {percent:>3} %"
        total += rows * 212
    yield 2.0, f"uploading {total / 1e6:,.0f} MB to s3://shop-backups/hourly"
    yield 4.0, f"{GREEN}OK{OFF}    backup verified, sha256 {rng.getrandbits(64):016x}"


def etl(rng: random.Random) -> Iterator[Step]:
    """Load 6,000 orders as JSON lines, in some 20 minutes."""
    yield 0.2, '{"level":"info","msg":"extract started","source":"orders"}'
    for number in range(1, 6001):
        pause = 0.0 if number % 40 else 8.0
        amount = rng.randrange(500, 40_000) / 100
        if number % 977 == 0:
            yield pause, f'{{"level":"warn","msg":"slow query","table":"orders","ms":{amount:.0f}}}'
        country = COUNTRIES[number % 6]
        order = f'"order":{88_000 + number},"country":"{country}","amount":{amount}'
        yield pause, f'{{"level":"info","msg":"order loaded",{order}}}'
    yield 2.0, '{"level":"info","msg":"load finished","rows":6000,"rejected":0}'


def reindex(rng: random.Random) -> Iterator[Step]:
    """Rebuild a search index, in some 45 seconds."""
    yield 0.3, f"{BOLD}Rebuilding index products_v{rng.randrange(200, 900)}{OFF}"
    for shard in range(1, 13):
        documents = rng.randrange(8_000, 12_000)
        yield 3.5, f"shard {shard:>2} of 12: {documents:,} documents, {documents // 31} per second"
    yield 1.0, f"{GREEN}OK{OFF}    alias products moved to the new index"


def resize(rng: random.Random) -> Iterator[Step]:
    """Resize photos, in some 40 seconds."""
    yield 0.2, "18 photos are new since the last run"
    for number in range(1, 19):
        photo = f"photos/{rng.randrange(10_000, 99_999)}.jpg"
        yield 2.1, f"{CYAN}{photo}{OFF} 4032x3024 → 640x480 {DIM}{rng.randrange(300, 900)} ms{OFF}"
        if number == 11:
            yield 0.0, f"{YELLOW}WARN{OFF}  {photo}: no colour profile, sRGB assumed"
    yield 0.5, f"{GREEN}OK{OFF}    18 photos resized"


def invoices(rng: random.Random) -> Iterator[Step]:
    """Export invoices, in some four minutes."""
    yield 0.5, "connecting to the ledger"
    for batch in range(1, 25):
        yield 10.0, f"batch {batch:>2} of 24: {rng.randrange(180, 260)} invoices written"
    yield 1.0, "invoices.csv delivered to the accountant"


def tests(rng: random.Random) -> Iterator[Step]:
    """Run test suites in colour, in some 50 seconds."""
    suites = ("accounts", "billing", "cart", "checkout", "mailer", "search")
    yield 0.3, f"{BOLD}collected {len(suites) * 5} tests{OFF}"
    for suite, case in itertools.product(suites, range(1, 6)):
        skipped = (suite, case) == ("mailer", 4)
        sign = f"{YELLOW}-{OFF}" if skipped else f"{GREEN}✓{OFF}"
        detail = "skipped: no mail server" if skipped else f"{rng.randrange(8, 400)} ms"
        yield 1.6, f"  {sign} {suite} › case {case} {DIM}{detail}{OFF}"
    yield 0.2, f"{GREEN}{BOLD}29 passed{OFF}, {YELLOW}1 skipped{OFF}"


def webhooks(rng: random.Random) -> Iterator[Step]:
    """Deliver webhooks, in some four seconds."""
    yield 0.1, "12 deliveries are due"
    for _ in range(12):
        hook = f"https://hooks.example/{rng.getrandbits(20):05x}"
        yield 0.32, f"POST {hook} {GREEN}204{OFF} {DIM}{rng.randrange(40, 300)} ms{OFF}"
    yield 0.1, "all delivered"


def thumbnails(rng: random.Random) -> Iterator[Step]:
    """Draw thumbnails, in some twelve seconds."""
    for number in range(1, 25):
        yield 0.5, f"thumbnail {number:>2} of 24: product {rng.randrange(1000, 9999)}, 96x96"
    yield 0.1, f"{GREEN}OK{OFF}    24 thumbnails"


def queue(rng: random.Random) -> Iterator[Step]:
    """Work on a queue, in some 50 seconds: JSON lines, colours and plain text."""
    yield 0.0, f"{BOLD}queue worker{OFF} connected to redis://queue:6379, 4 workers"
    for number in range(1, 121):
        kind, size = rng.choice(("mail", "invoice", "export")), rng.randrange(200, 9000)
        entry = {"level": "info", "msg": "job done", "job": 7100 + number, "kind": kind}
        yield 0.4, json.dumps({**entry, "bytes": size, "ms": size // 11})
        if number % 9 == 0:
            yield 0.1, f"{YELLOW}WARN{OFF}    {number % 7 + 3} jobs are waiting, the oldest for 2 s"
    yield 0.2, f"{GREEN}OK{OFF}      queue is empty"


JOBS: dict[str, Callable[[random.Random], Iterator[Step]]] = {
    job.__name__: job
    for job in (backup, etl, reindex, resize, invoices, tests, webhooks, thumbnails, queue)
}


def main() -> int:
    """Print the lines of a job at its pace; returns the exit code."""
    hold = os.environ.get(HOLD_VARIABLE)
    rng = random.Random(hold)  # noqa: S311 nothing is secret
    steps, exit_code = plan(sys.argv[1], rng, os.environ.get(FAILURE_VARIABLE, ""))
    held_after = int(hold or 0)
    for number, (pause, line) in enumerate(steps, 1):
        if not held_after:
            time.sleep(pause)
        print(line, flush=True)
        if number == held_after:
            signal.pause()
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
