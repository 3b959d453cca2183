"""Catalogue of the runners that are currently served."""

import msgspec

from nodion_tui.local import payloads
from nodion_tui.local.runners.local_toml import LocalConfig
from nodion_tui.local.runners.runner_spec import RunnerSpec, runner_payload
from nodion_tui.local.storage.store import EngineStore


class RunnerCatalogue:
    """Runners by id, with their timestamps; replaced as a whole."""

    def __init__(self, store: EngineStore) -> None:
        self._store = store
        self._specs: dict[str, RunnerSpec] = {}
        self._timestamps: dict[str, tuple[int, int]] = {}
        self.config = LocalConfig()

    async def replace(self, config: LocalConfig, at: int) -> None:
        """Serve the runners of a config from now on, in its order."""
        definitions = [(spec.api_id, msgspec.json.encode(spec)) for spec in config.runners]
        self._timestamps = self._timestamps | await self._store.save_runners(definitions, at)
        self._specs = {spec.api_id: spec for spec in config.runners}
        self.config = config

    def get(self, runner_id: str) -> RunnerSpec | None:
        """Return a runner by its id."""
        return self._specs.get(runner_id)

    def payload(self, spec: RunnerSpec) -> bytes:
        """Encode the response body of `GET runner`."""
        return payloads.encode_json(
            {"runner": runner_payload(spec, *self._timestamps[spec.api_id])}
        )

    def list_payload(self) -> bytes:
        """Encode the response body of `GET runners`."""
        rows = [runner_payload(spec, *self._timestamps[key]) for key, spec in self._specs.items()]
        return payloads.encode_json({"runners": rows})
