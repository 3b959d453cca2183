"""`diff` and `evidence`: the logs of two runs compared, and what is known of one saved."""

import asyncio
import json
from pathlib import Path

from tests.cli.conftest import Cli


async def test_a_failed_run_is_compared_with_the_good_one_before_it(cli: Cli) -> None:
    script = "echo started at 10:00; echo {}; echo done"
    for words, end in (("read 12 rows", 0), ("no such table", 1), ("read 13 rows", 0)):
        text = f"{script.format(words)}; exit {end}"
        await cli("trigger", "Hello", "-f", "--", "sh", "-c", text)
    differ, same, as_json, missing, quiet = await asyncio.gather(
        cli("diff", "Hello", "latest-failed", "-C", "1"),
        cli("diff", "Hello", "latest", "good"),
        cli("diff", "Hello", "latest-failed", "--json"),
        cli("diff", "Hello", "latest", "abc"),
        cli("diff", "Hello", "latest-failed", "-C", "1", "-q"),
    )
    assert differ.code == as_json.code == 1
    assert differ.lines[0].endswith("succeeded")
    assert differ.lines[1].startswith("+++ ")
    assert differ.lines[2:] == [
        *("@@ -2,3 +2,3 @@", " started at 10:00", "-read 12 rows", "+no such table", " done")
    ]
    assert "1 difference between" in differ.err
    assert [(line["change"], line["line"]) for line in as_json.objects] == [("-", 3), ("+", 3)]
    assert (same.code, same.out) == (0, "")
    assert "no differences" in same.err
    assert (missing.code, missing.out) == (2, "")
    assert (quiet.out, quiet.err) == (differ.out, "")


async def test_evidence_is_saved_to_a_new_private_folder(cli: Cli, tmp_path: Path) -> None:
    await cli("trigger", "Failing", "-f")
    folder = tmp_path / "out"
    first, second = [
        await cli("evidence", "Failing", "latest-failed", "-o", str(folder)) for _ in range(2)
    ]
    assert (first.code, first.err) == (0, "")
    saved = Path(first.out.strip())
    assert saved.parent == folder
    assert saved != Path(second.out.strip())
    assert "oops" in (saved / "log.txt").read_text()
    assert json.loads((saved / "run.json").read_text())["exit_code"] == 3
    summary = (saved / "summary.md").read_text()
    assert "`Failing`: failed, exit 3" in summary
    assert "complete" in summary
    (tmp_path / "file").write_text("")
    taken = await cli("evidence", "Failing", "latest", "-o", str(tmp_path / "file"))
    assert (taken.code, taken.out) == (2, "")
