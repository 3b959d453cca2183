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
    scripts = [script.format(words) for words in ("read 12 rows", "no such table")]
    assert differ.lines[2:5] == [
        "@@ what was run @@",
        f"-argv[2]: '{scripts[0]}; exit 0'",
        f"+argv[2]: '{scripts[1]}; exit 1'",
    ]
    assert differ.lines[5].startswith(
        " equal: 2 of 3 arguments, entrypoint, environment (not overridden), image "
    )
    assert differ.lines[6:] == [
        *("@@ -2,3 +2,3 @@", " started at 10:00", "-read 12 rows", "+no such table", " done")
    ]
    assert "1 difference between" in differ.err
    assert [(line["change"], line["part"], line["line"]) for line in as_json.objects] == [
        *(("-", "argv[2]", None), ("+", "argv[2]", None), ("-", "log", 3), ("+", "log", 3))
    ]
    assert (same.code, len(same.lines)) == (0, 6)
    assert "no differences" in same.err
    assert "1 difference in what was run" in same.err
    assert (missing.code, missing.out) == (2, "")
    assert (quiet.out, quiet.err) == (differ.out, "")


async def test_the_environment_is_compared_and_secrets_are_not_told(cli: Cli) -> None:
    run = ("trigger", "Hello", "-f", "--shell", "true --token=first-secret; echo $MODE")
    await cli(*run, "--env", "MODE=full", "--env", "KEEP=1", "--env", "API_TOKEN=hidden-one")
    other = ("trigger", "Hello", "-f", "--shell", "true --token=other-secret; echo $MODE")
    await cli(*other, "--env", "MODE=fast", "--env", "KEEP=1", "--env", "API_TOKEN=hidden-two")
    await cli(*other, "--env", "MODE=fast", "--env", "KEEP=1")
    differ, same = await asyncio.gather(
        cli("diff", "Hello", "latest"), cli("diff", "Hello", "latest", "latest")
    )
    assert differ.code == 0
    assert differ.lines[3:4] == ["-env API_TOKEN: ••••••••"]
    assert "1 variable" not in differ.lines[4]
    assert differ.lines[4].startswith(" equal: command, entrypoint, 2 variables, image")
    assert same.out == ""
    assert "no difference known in what was run" in same.err
    first = (await cli("runs", "Hello", "--json", "id")).objects[2]["id"]
    both = await cli("diff", "Hello", "latest", first)
    assert "+command: sh -c true --token=••••••••; echo $MODE (differs where it is masked)" in (
        both.lines
    )
    assert {"-env MODE: full", "+env MODE: fast"} <= set(both.lines)
    assert "secret" not in both.out.replace("secrets are", "")


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
