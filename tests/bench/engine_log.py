"""The embedded engine in its own process, with a finished run with many lines."""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest

_WRITE = (
    "BEGIN { for (i = 0; i < %d; i++) printf "
    '"2026-01-15T10:01:00.123Z INFO worker-%%d processing item %%d of the batch,'
    ' a line as long as many are in real life %%d\\n", i %% 7, i, i * 7919 %% 100000 }'
)


@contextmanager
def finished_run(lines: int) -> Iterator[tuple[Profile, RunKey]]:
    """A profile for the engine, and the run."""
    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "nodion_tui", "serve", "--port", "0", "--show-key"]
        process = subprocess.Popen(
            [*argv, "--data", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            profile = _profile(process)
            yield profile, asyncio.run(_run(profile, lines))
        finally:
            process.terminate()
            process.communicate()


def _profile(process: "subprocess.Popen[str]") -> Profile:
    said = ""
    assert process.stdout is not None
    while not (re.search(r"http\S+", said) and re.search(r"key: \S+", said)):
        said += process.stdout.readline()
    url, key = re.search(r"http\S+", said), re.search(r"key: (\S+)", said)
    assert url
    assert key
    return Profile(api_url=url[0], key=Secret(key[1]))


async def _run(profile: Profile, lines: int) -> RunKey:
    client = NodionClient(profile)
    runner = (await client.list_runners()).items[0]
    run = await client.trigger(runner.id, TriggerRequest(argv=("awk", _WRITE % lines)))
    while not run.is_final:
        await asyncio.sleep(0.2)
        run = await client.get_run(*run.key)
    await client.aclose()
    assert run.status == "succeeded", run
    return run.key
