import pytest

from nodion_tui.monitor.runs.filter import parse_filter
from nodion_tui.monitor.runs.filter_completion import complete_filter

NAMES = ["Backup", "Nightly ETL", "Image resize"]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("st", "status:"),
        ("!st", "!status:"),
        ("etl st", "etl status:"),
        ("status:f", "status:failed"),
        ("status:!c", "status:!canceled"),
        ("status:failed,s", "status:failed,succeeded"),
        ("runner:ba", "runner:Backup"),
        ("runner:nig", 'runner:"Nightly ETL"'),
        ('runner:"Nightly E', 'runner:"Nightly ETL"'),
        ("exit:n", "exit:none"),
        ("overdue:y", "overdue:yes"),
        ("ca", "cause:"),
        ("cause:!k", "cause:!known"),
        ("pr", "profile:"),
        ("profile:st", "profile:staging"),
        ("status:failed", None),
        ("status:x", None),
        ("since:2", None),
        ("status:failed ", None),
        ("", None),
    ],
)
def test_the_last_term_is_completed(typed: str, completed: str | None) -> None:
    assert complete_filter(typed, NAMES, ["production", "staging"]) == completed


def test_an_unknown_status_is_told_and_a_quoted_one_is_taken_as_it_is() -> None:
    (problem,) = parse_filter("status:faild").problems
    assert "'faild' is no status: use pending, running, succeeded, failed or canceled" in (
        problem.message
    )
    assert not parse_filter("status:fail,cancel").problems
    assert not parse_filter('status:"archiving"').problems
