"""The column of names leaves room for the text."""

import pytest

from nodion_tui.ui.merged.run_labels import RunLabels
from tests.support.merged_writers import Merge


@pytest.mark.parametrize(("columns", "longest"), [(38, 9), (78, 15), (118, 24)])
def test_the_narrower_the_log_the_shorter_the_names(columns: int, longest: int) -> None:
    merge = Merge("Webhook delivery of the shop 804ae21e")
    labels = RunLabels(merge.log.buffer, lambda: merge.log.sources, lambda: columns)  # type: ignore[arg-type,return-value]
    assert labels.width == longest + len(" │ ")
