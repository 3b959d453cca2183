import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.log.evidence import Evidence, markdown_code, markdown_summary, run_json
from nodion_tui.monitor.log.state import LogState

CANARY = "hunter2hunter2"
CREATED = datetime(2026, 1, 15, 9, 0, 55, tzinfo=UTC)
RUN = RunRecord(
    id="c3f85434-5470-46de-bbeb-ce668ca2c351",
    runner_id="a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    status="failed",
    exit_code=1,
    argv=("python", "migrate.py", "--password", CANARY),
    created_at=CREATED,
    started_at=CREATED + timedelta(seconds=5),
    completed_at=CREATED + timedelta(seconds=275.9),
).run
EVIDENCE = Evidence(
    run=RUN,
    taken_at=CREATED + timedelta(hours=1),
    log=LogState(lines=1204, complete=True, reconnects=2, dropped=4),
    runner=Runner(
        id=RUN.runner_id, name="Database Backup", image_name="acme/backup", image_tag="3"
    ),
    profile="production",
    last_lines=("fine", "\x1b[31mdisk ```full\x1b[0m", "bell \x07"),
)


def test_the_page_has_the_command_the_times_and_the_end() -> None:
    assert markdown_summary(EVIDENCE) == (
        "# `Database Backup`: failed, exit 1\n\n"
        "- Runner: `Database Backup` `a1b2c3d4-e5f6-7890-abcd-ef1234567890`\n"
        "- Image: `acme/backup:3`\n"
        "- Run: `c3f85434-5470-46de-bbeb-ce668ca2c351`\n"
        "- Profile: `production`\n"
        "- Command: `python migrate.py --password '••••••••'` (argv)\n"
        "- Log: 1,204 lines, complete, 2 reconnects, 0 gaps,"
        " 4 lines are missing in `log.txt`, no longer in memory\n\n"
        "## When\n\n"
        "- created: 2026-01-15T09:00:55.000Z\n"
        "- started: 2026-01-15T09:01:00.000Z (queued 0:05)\n"
        "- completed: 2026-01-15T09:05:30.900Z (ran 4:30)\n\n"
        "## Last lines\n\n"
        "````text\nfine\ndisk ```full\nbell ␇\n````\n\n"
        "Taken 2026-01-15T10:00:55.000Z. Values in the command that look like secrets are"
        " masked; the log is plain text.\n"
    )


def test_no_field_of_the_service_is_markdown() -> None:
    hostile = "](x) <img src=y> **b** `c` [d](http://e)\n# f\n\n- g | h"
    page = markdown_summary(
        replace(
            EVIDENCE,
            run=replace(RUN, id=hostile, runner_id=hostile, status=hostile, command=hostile),
            runner=Runner(id=hostile, name=hostile, image_name=hostile, run_command=hostile),
            profile=hostile,
            last_lines=(hostile, hostile),
        )
    )
    assert _elements(page) == _elements(markdown_summary(EVIDENCE))


def _elements(page: str) -> set[str]:
    """The Markdown elements of a page, without its texts."""
    tokens = MarkdownIt().parse(page)
    return {token.type for each in tokens for token in (each, *(each.children or ()))}


def test_a_run_that_has_just_been_triggered() -> None:
    page = markdown_summary(
        Evidence(run=Run(id="r", status="pending"), taken_at=CREATED, log=LogState())
    )
    assert "- started: not yet\n- completed: not yet" in page
    assert "runner default" in page
    assert "0 lines, may be incomplete, no gaps" in page
    assert "Last lines" not in page


@pytest.mark.parametrize(
    ("runner", "command"),
    [
        (
            Runner(id="a", argv=("backup", "--token", CANARY)),
            "runner default: `backup --token '••••••••'` (argv)",
        ),
        (Runner(id="a", run_command="backup | gzip"), ": `backup | gzip` (sh -c)"),
        (Runner(id="a"), "- Command: runner default\n"),
    ],
)
def test_a_default_command_is_shown_as_currently_configured(runner: Runner, command: str) -> None:
    run = Run(id="r", runner_id="a", status="succeeded")
    page = markdown_summary(Evidence(run=run, taken_at=CREATED, log=LogState(), runner=runner))
    assert command in page
    assert CANARY not in page


def test_the_json_is_the_run_without_its_secrets() -> None:
    text = run_json(RUN)
    assert CANARY not in text
    fields = json.loads(text)
    assert fields["argv"][:2] == ["python", "migrate.py"]
    assert fields["exit_code"] == 1
    assert fields["created_at"] == "2026-01-15T09:00:55Z"


@given(st.text(st.characters(exclude_categories=())))
def test_external_text_stays_within_its_code_span(text: str) -> None:
    shown = markdown_code(text)
    ticks = len(shown) - len(shown.lstrip("`"))
    inside = shown[ticks:-ticks]
    assert shown.endswith("`" * ticks)
    assert "`" * ticks not in inside
    assert "\n" not in shown
