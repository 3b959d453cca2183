"""The column of names leaves room for the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.ui.merged.run_labels import RunLabels, short_names
from tests.support.merged_writers import Merge


@pytest.mark.parametrize(("columns", "longest"), [(38, 9), (78, 15), (118, 24)])
def test_the_narrower_the_log_the_shorter_the_names(columns: int, longest: int) -> None:
    merge = Merge("Webhook delivery of the shop 804ae21e")
    labels = RunLabels(merge.log.buffer, lambda: merge.log.sources, lambda: columns)  # type: ignore[arg-type,return-value]
    assert labels.width == longest + len(" │ ")


def cuts(width: int, *names: str) -> list[str]:
    found = short_names(names, width)
    assert all(cell_len(cut) <= width for cut in found.values())
    return [found[name] for name in names]


@pytest.mark.parametrize("width", [9, 15, 24])
def test_equal_runners_of_several_profiles_keep_the_profile(width: int) -> None:
    names = ("Database backup (production) 804ae21e", "Database backup (staging) 11aa21e0")
    production, staging = cuts(width, *names)
    assert "pr" in production
    assert "st" in staging
    if width == 24:
        assert production == "Databas…·production 804a"
        assert staging.endswith("·staging 11aa")


def test_runners_that_differ_at_their_end_keep_it() -> None:
    names = ("Webhook delivery eu 804ae21e", "Webhook delivery us 11aa21e0")
    eu, us = cuts(15, *names)
    assert eu.removesuffix(" 804a").endswith("eu")
    assert us.removesuffix(" 11aa").endswith("us")


def test_runners_and_profiles_that_both_differ_keep_something_of_both() -> None:
    names = ("Nightly ETL (production) 804ae21e", "Report mailer (staging) 11aa21e0")
    etl, report = cuts(15, *names)
    assert etl.startswith("Nig")
    assert "pro" in etl
    assert report.startswith("Rep")
    assert "sta" in report


def test_a_profile_that_all_have_in_common_is_left_out_of_what_is_cut() -> None:
    (only,) = cuts(15, "Nightly (production) 804ae21e")
    assert only == "Nightly 804a"


@given(
    st.lists(st.text("ab (日)", min_size=1, max_size=20), min_size=1, max_size=6, unique=True),
    st.sampled_from([9, 15, 24]),
)
def test_any_names_fit(names: list[str], width: int) -> None:
    cuts(width, *(f"{name} 804ae21e" for name in names))
