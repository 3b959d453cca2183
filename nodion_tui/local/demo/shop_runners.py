"""The runners of the demo, and when each of them was triggered."""

from dataclasses import dataclass, field

from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec

_SMALL = InstanceSpec(name="Standard S", slug="standard-s", price_month=5.0, price_second=1.9e-6)
_LARGE = InstanceSpec(
    name="Standard L", slug="standard-l", cpu=2, mem=4096, price_month=20.0, price_second=7.6e-6
)
RUNNERS_AGE = 35 * 24 * 3600 * 1000
"""How long the runners have existed, in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a runner was triggered in the past, and what was special about it."""

    every_minutes: int
    """Interval; its slots are counted from midnight, local time."""
    minute: int = 0
    """Minutes after the start of each slot."""
    hours_back: float = 7 * 24
    """Age of the oldest run."""
    silent_hours: float = 0
    """For how long there were no runs: more than the interval, and the runner is overdue."""
    arguments: tuple[tuple[str, ...], ...] = ((),)
    """Arguments of the runs, in turn, added to the runner's own; none: its default."""
    failures: dict[int, str] = field(default_factory=dict)
    """Number of a run, counted back from the newest, which is 0 → name of its failure."""
    paces: dict[int, float] = field(default_factory=dict)
    """Likewise → how many times as long as usual it took."""


@dataclass(frozen=True, slots=True)
class ShopRunner:
    """A runner of the demo."""

    name: str
    job: str
    """Argument of the script `shop.py` in `demo_jobs`."""
    size: InstanceSpec
    schedule: Schedule

    def argv(self, number: int) -> tuple[str, ...]:
        """Return the argv that overrides its own in a run; empty: none does.

        Args:
            number: of the run, in whatever direction.
        """
        arguments = self.schedule.arguments[number % len(self.schedule.arguments)]
        return (*self.spec.argv, *arguments) if arguments else ()

    @property
    def spec(self) -> RunnerSpec:
        """Its definition."""
        return RunnerSpec(
            name=self.name,
            image_name=f"shop/{self.job}",
            argv=("python", "shop.py", self.job),
            instance_type=self.size,
        )


SHOP_RUNNERS = (
    ShopRunner(
        "Database backup",
        "backup",
        _SMALL,
        Schedule(every_minutes=60, minute=2, failures={31: "lock", 104: "lock"}),
    ),
    ShopRunner(
        "Image resize",
        "resize",
        _SMALL,
        Schedule(
            every_minutes=60,
            minute=40,
            arguments=((), ("--width", "640"), (), ("--album", "spring sale")),
            failures={
                **dict.fromkeys((1, 2, 4, 9, 57, 58, 90), "storage"),
                **dict.fromkeys((6, 33, 120), "lock"),
            },
        ),
    ),
    ShopRunner(
        "Invoice export",
        "invoices",
        _SMALL,
        Schedule(every_minutes=240, minute=15, silent_hours=0.5, paces={0: 2.6}),
    ),
    ShopRunner(
        "Nightly ETL", "etl", _LARGE, Schedule(every_minutes=1440, minute=150, silent_hours=0.5)
    ),
    ShopRunner(
        "Queue worker",
        "queue",
        _SMALL,
        Schedule(every_minutes=5, minute=1, hours_back=0.75, arguments=(("--queue", "mail"), ())),
    ),
    ShopRunner(
        "Search reindex", "reindex", _LARGE, Schedule(every_minutes=60, minute=20, silent_hours=9)
    ),
    ShopRunner(
        "Test suite", "tests", _LARGE, Schedule(every_minutes=180, minute=55, failures={7: "lock"})
    ),
    ShopRunner(
        "Thumbnails", "thumbnails", _SMALL, Schedule(every_minutes=4, minute=2, hours_back=0.5)
    ),
    ShopRunner(
        "Webhook delivery",
        "webhooks",
        _SMALL,
        Schedule(
            every_minutes=3,
            hours_back=0.5,
            arguments=((), ("--retry", "3")),
            failures={2: "storage", 5: "storage"},
        ),
    ),
)


def demo_shop_runners() -> tuple[RunnerSpec, ...]:
    """Return the definitions of the runners."""
    return tuple(runner.spec for runner in SHOP_RUNNERS)
