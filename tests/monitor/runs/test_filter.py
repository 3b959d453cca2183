from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.run_cause import RunCause
from nodion_tui.monitor.runs.filter import RunFilter, parse_filter
from nodion_tui.monitor.runs.filter_terms import FILTER_TERMS

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
NAMES = {"r-backup": "Database Backup", "r-etl": "Nightly ETL"}
BACKUP = RunRecord(
    id="e5f6a7b8",
    runner_id="r-backup",
    status="running",
    argv=("python", "migrate.py", "--env", "staging"),
    created_at=NOW - timedelta(minutes=50),
    started_at=NOW - timedelta(minutes=40),
).run
ETL = RunRecord(
    id="d4e5f6a7",
    runner_id="r-etl",
    status="failed",
    exit_code=1,
    created_at=NOW - timedelta(hours=5),
    started_at=NOW - timedelta(hours=5),
    completed_at=NOW - timedelta(hours=4, minutes=58),
).run
OLD = RunRecord(
    id="00c0ffee",
    runner_id="r-etl",
    status="succeeded",
    exit_code=0,
    command="cd /app && Deploy it",
    entrypoint="/bin/bash",
    created_at=NOW - timedelta(days=3),
    started_at=NOW - timedelta(days=3),
    completed_at=NOW - timedelta(days=3) + timedelta(hours=1),
).run
RUNS = (BACKUP, ETL, OLD)
HITS = {BACKUP.key: 0, ETL.key: 2, OLD.key: 0}
TAGS = {BACKUP.id: "backup", ETL.id: "etl", OLD.id: "old"}


def cause_of(run: Run) -> RunCause | None:
    return RunCause("3fa29c", "ERROR db at <ip> refused", is_known=True) if run is ETL else None


def select(text: str, now: datetime = NOW) -> list[str]:
    matching_runs = parse_filter(text).select(
        RUNS,
        now=now,
        names=NAMES,
        zone=UTC,
        overdue=lambda: {"r-etl"},
        cause_of=cause_of,
        log_hits=lambda _: HITS,
    )
    return [TAGS[run.id] for run in matching_runs]


def test_composed_and_decomposed_letters_find_each_other() -> None:
    for name in ("Ru\u0308ckblick", "R\u00fcckblick"):
        for text in ("R\u00fcck", "ru\u0308ck", "runner:r\u00fcck", "runner:RU\u0308CK"):
            matching = parse_filter(text).select([ETL], now=NOW, names={"r-etl": name})
            assert matching == [ETL]
        assert parse_filter("r\u00fcck").matches_runner(name, [ETL], now=NOW)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "backup etl old"),
        ("   ", "backup etl old"),
        ("migrate.py", "backup"),
        ("MIGRATE staging", "backup"),
        ("migrate deploy", ""),
        ("!migrate", "etl old"),
        ("!!migrate", "backup"),
        ('"migrate.py --env"', "backup"),
        ("'migrate.py --env'", "backup"),
        ('"--env migrate.py"', ""),
        ('!"migrate.py --env"', "etl old"),
        ("nightly", "etl old"),
        ("default", "etl"),
        ("/bin/bash", "old"),
        ("status:failed", "etl"),
        ("STATUS:Fail", "etl"),
        ('log:"timed? out"', "etl"),
        ("log:!a,b", "backup old"),
        ("!log:x", "backup old"),
        ("!log:!x", "etl"),
        ("status:failed,running", "backup etl"),
        ("!status:failed", "backup old"),
        ("status:!failed,running", "old"),
        ("!status:!failed", "etl"),
        ("runner:nightly", "etl old"),
        ("runner:r-ba", "backup"),
        ('runner:"database backup"', "backup"),
        ("!runner:backup !status:failed", "old"),
        ("exit:1", "etl"),
        ("exit:0,1", "etl old"),
        ("exit:!0", "etl"),
        ("!exit:0", "backup etl"),
        ("exit:>0", "etl"),
        ("exit:>=0", "etl old"),
        ("exit:<=0", "old"),
        ("exit:<0", ""),
        ("exit:=1", "etl"),
        ("exit:none", "backup"),
        ("exit:!none", "etl old"),
        ("since:1h", "backup"),
        ("since:4h59m", "backup"),
        ("since:5h", "backup etl"),
        ("since:1d12h", "backup etl"),
        ("since:today", "backup etl"),
        ("since:10:00", "backup"),
        ("since:2026-01-15", "backup etl"),
        ("since:2026-01-12T14:05", "backup etl old"),
        ("since:2026-01-15T10:00:00+01:00", "backup etl"),
        ("before:1d", "old"),
        ("before:1h since:1d", "etl"),
        ("!since:1h", "etl old"),
        ("longer:5m", "backup old"),
        ("overdue:yes", "etl old"),
        ("overdue:no", "backup"),
        ("!overdue:yes", "backup"),
        ("overdue:!No status:failed", "etl"),
        ("cause:known", "etl"),
        ("cause:KNOWN,new", "etl"),
        ("cause:new", ""),
        ("cause:!new", "etl"),
        ("!cause:known", "backup old"),
        ("cause:3fa2", "etl"),
        ('cause:"DB at <ip>"', "etl"),
        ("cause:!refused", ""),
        ("longer:40m", "old"),
        ("!longer:5m", "etl"),
        ("command:deploy", "old"),
        ('command:"&& deploy"', "old"),
        ("id:00c0", "old"),
        ("id:e5,d4", "backup etl"),
        ("http://x", ""),
        ("e5f6a7b8 status:running exit:none", "backup"),
    ],
)
def test_what_a_filter_selects(text: str, wanted: str) -> None:
    assert select(text) == wanted.split()
    assert parse_filter(text).problems == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("status:", "at 8: status: needs a value, such as status:failed"),
        ("backup  exit:x", "at 14: 'x' is not an exit code: use 1, !0, >0 or none"),
        ("exit:>", "at 6: '>' is not an exit code: use 1, !0, >0 or none"),
        ("since:2", "at 7: '2' is not a time: use 2h, 1d12h, 14:05, today or 2026-01-15"),
        ("since:25:00", "at 7: '25:00' is not a time: use 2h, 1d12h, 14:05, today or 2026-01-15"),
        ("!since:2026-13-01", "at 8: '2026-13-01' is not a time: use 2h, 1d12h, 14:05, today or"),
        ("since:1h,2h", "at 7: takes one value, without a comma"),
        ("overdue:ye", "at 9: 'ye' is neither yes nor no"),
        ("longer:9", "at 8: '9' is not a duration such as 90s, 30m, 2h, 1d12h"),
        ("status:,", "at 8: a comma alone is not a value"),
        ('a "b c', "at 3: unclosed quote"),
    ],
)
def test_invalid_input_is_reported_with_its_position(text: str, message: str) -> None:
    [problem] = parse_filter(text).problems
    assert problem.message.startswith(message)
    assert text[problem.start : problem.end].strip("!") in text


def test_an_incomplete_term_filters_as_text() -> None:
    run = Run(id="1", status="failed", runner_id="r", command="echo exit:x status:")
    for text in ("exit:x", "status:", "EXIT:X"):
        assert parse_filter(text).select([run, ETL], now=NOW) == [run]
    assert parse_filter("!exit:x").select([run, ETL], now=NOW) == [ETL]


def test_an_open_quotation_applies_already() -> None:
    assert select('"migrate.py --e') == ["backup"]
    assert select('runner:"nightly e') == ["etl", "old"]


def test_terms_of_a_key_can_be_told_and_left_out() -> None:
    run_filter = parse_filter('etl !cause:new cause:"db at" status:f')
    assert run_filter.values_of("cause") == ("new", "db at")
    assert run_filter.without("cause") == parse_filter("etl status:f")
    assert run_filter.values_of("exit") == ()


def test_an_empty_negation_filters_nothing() -> None:
    assert not parse_filter("!")
    assert not parse_filter('"')
    assert select("!") == ["backup", "etl", "old"]


def test_clock_times_are_in_the_zone() -> None:
    run = RunRecord(id="1", status="failed", created_at=NOW - timedelta(hours=1)).run
    one_ahead = timezone(timedelta(hours=1))
    assert parse_filter("since:14:00").select([run], now=NOW, zone=one_ahead) == [run]
    assert parse_filter("since:14:10").select([run], now=NOW, zone=one_ahead) == []


def test_words_do_not_match_across_fields() -> None:
    run = Run(id="ab", status="cd", runner_id="ef")
    assert parse_filter("abcd").select([run], now=NOW) == []


def test_runners_are_filtered_by_their_names_and_by_a_run_that_fits_all_terms() -> None:
    ran = [
        RunRecord(id="1", status="failed", created_at=NOW - timedelta(days=2)).run,
        RunRecord(id="2", status="succeeded", created_at=NOW).run,
    ]
    for text, label, is_wanted in (
        ("backup !old", "Database Backup", True),
        ("backup !old", "old backup", False),
        ("status:failed", "backup", True),
        ("backup status:failed", "old", False),
        ("status:failed since:1d", "backup", False),
        ("status:succeeded since:1d", "backup", True),
        ("status:running", "backup", False),
    ):
        assert parse_filter(text).matches_runner(label, ran, now=NOW) is is_wanted, text
    assert not parse_filter("status:failed").matches_runner("backup", [], now=NOW)
    assert parse_filter("backup").matches_runner("backup", [], now=NOW)


def test_equal_texts_are_equal_filters() -> None:
    assert parse_filter("status:failed") == parse_filter("status:failed")
    assert parse_filter("status:failed") != parse_filter("status:running")


@pytest.mark.parametrize("key", FILTER_TERMS)
def test_every_key_has_an_example_that_works(key: str) -> None:
    example = FILTER_TERMS[key].example
    assert example.startswith(f"{key}:")
    assert parse_filter(example).problems == ()
    assert parse_filter(example).words == ()


_TYPED = st.lists(
    st.one_of(
        st.sampled_from(
            [*(f"{key}:" for key in FILTER_TERMS), *'!"<>=-,: \t', "'", "none", "today"]
        ),
        st.sampled_from(["2h", "1", "99999999999w", "0001-01-01", "9999-12-31T23:59", "24:00"]),
        st.text(max_size=4),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("text", ["ſtatus:failed", "exıt:1"])
def test_a_key_with_a_letter_that_only_looks_alike_is_a_word(text: str) -> None:
    assert parse_filter(text).problems == ()
    assert select(text) == []


@given(_TYPED)
@settings(max_examples=500)
def test_any_typed_text_parses_and_applies(text: str) -> None:
    wanted = parse_filter(text)
    assert isinstance(wanted, RunFilter)
    for zone in (UTC, None):
        wanted.select(RUNS, now=NOW, names=NAMES, zone=zone)
    for problem in wanted.problems:
        assert 0 <= problem.start < problem.end <= len(text)


@given(st.sampled_from(list(FILTER_TERMS)), st.text(max_size=10))
def test_a_negated_term_selects_exactly_the_others(key: str, value: str) -> None:
    text = f"{key}:{value}".split()[0]
    if not text or text.count('"') + text.count("'"):
        return
    plain, negated = select(text), select("!" + text)
    if parse_filter(text).problems == ():
        assert sorted(plain + negated) == ["backup", "etl", "old"]


@given(st.text(alphabet="abc xyz", min_size=1, max_size=8))
def test_a_quoted_text_finds_the_command_that_contains_it(text: str) -> None:
    run = Run(id="1", status="s", runner_id="r", command=f"q{text}q")
    assert parse_filter(f'"{text}"').select([run], now=NOW) == [run]


def test_a_profile_is_that_of_the_runner() -> None:
    profiles = {run.runner_id: ("production", "staging")[i % 2] for i, run in enumerate(RUNS)}
    for text, wanted in (("profile:st", "staging"), ("profile:!st", "production")):
        found = parse_filter(text).select(RUNS, now=NOW, profile_of=profiles.__getitem__)
        assert found == [run for run in RUNS if profiles[run.runner_id] == wanted]
    assert not parse_filter("profile:st").select(RUNS, now=NOW)
