"""HTTP server of the embedded engine."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from nodion_tui.config import Secret
from nodion_tui.local.demo.history import demo_history
from nodion_tui.local.demo.rhythm import DemoRhythm
from nodion_tui.local.demo.shop_runners import RUNNERS_AGE, demo_shop_runners
from nodion_tui.local.descriptor_limit import DescriptorLimit
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.engine import Engine
from nodion_tui.local.execution.executors.container import ContainerExecutor
from nodion_tui.local.execution.executors.process import ProcessExecutor
from nodion_tui.local.execution.executors.process_marks import ProcessMarks
from nodion_tui.local.execution.executors.swarm.swarm_executor import SwarmExecutor
from nodion_tui.local.execution.job import Executor, StartFailed
from nodion_tui.local.http.acceptor import RESERVE
from nodion_tui.local.http.routes import Routes
from nodion_tui.local.http.web_server import WebServer, address, listen
from nodion_tui.local.payloads import now_ms
from nodion_tui.local.runners.catalogue import RunnerCatalogue
from nodion_tui.local.runners.demo import demo_container_runners, demo_runners, install_demo_scripts
from nodion_tui.local.runners.local_toml import LocalConfig
from nodion_tui.local.runners.reload import fingerprint, load_local_toml, watch_local_toml
from nodion_tui.local.stale_engines import remove_stale_engines
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.engine_key import derive_read_key
from nodion_tui.local.storage.log_retention import delete_old_logs
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.local.storage.store_faults import StoreUnavailable
from nodion_tui.model.errors import ConfigError

_logger = logging.getLogger(__name__)


class EngineServer:
    """`async with EngineServer(settings) as server:` serves until the block exits.

    Raises:
        ConfigError: on entering, if the data folder, the port or the runners cannot be used.
    """

    url: str
    """Base address, `http://127.0.0.1:N/v1`."""
    key: Secret
    """API key for clients."""
    read_key: Secret
    """API key for clients with read-only access."""
    key_file: Path
    """File with the key, 0600."""

    def __init__(
        self, settings: EngineSettings, notice: Callable[[str], None] | None = None
    ) -> None:
        """Create a server; `notice` receives messages about reloads of local.toml."""
        self.settings = settings
        self._notice = notice or _logger.warning

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            if self.settings.data_dir is None:
                await asyncio.to_thread(remove_stale_engines)
            data_dir = DataDir(self.settings.data_dir)
            stack.callback(data_dir.close)
            stack.callback(asyncio.create_task(data_dir.keep_fresh()).cancel)
            self.key = self.settings.key or data_dir.key()
            self.key_file = data_dir.key_file
            self.read_key = self.settings.read_key or derive_read_key(self.key)
            listener = listen(self.settings)
            stack.callback(listener.close)
            store = self._store = data_dir.open_store(self._notice)
            stack.push_async_callback(store.aclose)
            catalogue = RunnerCatalogue(store)
            await self._load_runners(catalogue, stack)
            if self.settings.demo is not None:
                await store.add_finished_runs(demo_history(now_ms()))
            limit = DescriptorLimit()
            executor = _make_executor(self.settings, data_dir, catalogue, limit)
            engine = Engine(
                self.settings, store, catalogue, executor, data_dir.origin, self._notice
            )
            await _recover_and_claim(engine, data_dir, store)
            engine.start_queued()
            if (keep_seconds := self.settings.keep_logs_seconds) is not None:
                retention = delete_old_logs(store, keep_seconds, engine.active_numbers)
                stack.callback(asyncio.create_task(retention).cancel)
            app = Routes(self.settings, store, catalogue, engine).asgi(self.key, self.read_key)
            descriptors = stack.enter_context(limit.raised())
            max_connections = descriptors - min(RESERVE, descriptors // 2)
            web = await stack.enter_async_context(WebServer(app, listener, max_connections))
            stack.push_async_callback(engine.aclose)
            if self.settings.demo == "live":
                await stack.enter_async_context(DemoRhythm(engine))
            stack.callback(web.stop_listening)
            self._engine = engine
            self.url = f"http://{address(listener)}/v1"
            self._stack = stack.pop_all()
        return self

    @property
    def has_runs(self) -> bool:
        """Whether there are runs that have not ended."""
        return self._engine.has_runs

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _load_runners(self, catalogue: RunnerCatalogue, stack: AsyncExitStack) -> None:
        """Load the runners into the catalogue, and watch their file if there is one."""
        path = self.settings.runners_file
        if path is None:
            created_at = now_ms() - (RUNNERS_AGE if self.settings.demo else 0)
            await catalogue.replace(_config_from_settings(self.settings), created_at)
            return
        loaded_fingerprint = fingerprint(path)
        config = await asyncio.to_thread(load_local_toml, path)
        await catalogue.replace(config, now_ms())

        async def apply(config: LocalConfig) -> None:
            try:
                await catalogue.replace(config, now_ms())
            except StoreUnavailable as error:
                self._notice(f"runners unchanged: {error}")

        watch_task = asyncio.create_task(
            watch_local_toml(path, loaded_fingerprint, apply, self._notice)
        )
        stack.callback(watch_task.cancel)


async def _recover_and_claim(engine: Engine, data_dir: DataDir, store: EngineStore) -> None:
    """End what a previous engine left, then claim the folder."""
    try:
        await engine.recover()
        data_dir.claim()
        await store.set_folder_number(data_dir.folder_number)
    except (StartFailed, StoreUnavailable) as failure:
        raise ConfigError(str(failure)) from None


def _config_from_settings(settings: EngineSettings) -> LocalConfig:
    runners = demo_shop_runners() if settings.demo else settings.runners
    if runners is None:
        runners = demo_runners() if settings.executor == "process" else demo_container_runners()
    return LocalConfig(
        runners=runners,
        registries=settings.registries,
        container=settings.container,
    )


def _make_executor(
    settings: EngineSettings,
    data_dir: DataDir,
    catalogue: RunnerCatalogue,
    limit: DescriptorLimit,
) -> Executor:
    if settings.executor == "process":
        is_demo = settings.runners is None and settings.runners_file is None
        prepare_folder = install_demo_scripts if is_demo else None
        return ProcessExecutor(
            data_dir.run_folders, ProcessMarks(data_dir.folder_number), limit, prepare_folder
        )
    folders, number = data_dir.run_folders, data_dir.folder_number
    if settings.executor == "swarm":
        return SwarmExecutor(folders, number, lambda: catalogue.config, settings.stop_seconds)
    return ContainerExecutor(settings.executor, folders, number, lambda: catalogue.config)
