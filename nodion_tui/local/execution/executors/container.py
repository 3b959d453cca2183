"""Executes runs as containers of Podman or Docker: pull, create, start, stop, always remove."""

import asyncio
from collections.abc import Callable

from nodion_tui.local.execution.executors import create_flags, image_pull
from nodion_tui.local.execution.executors.container_job import ContainerJob
from nodion_tui.local.execution.executors.engine_cli import (
    CommandResult,
    ContainerEngine,
    EngineCli,
)
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.container_spec import ContainerSpec
from nodion_tui.local.runners.local_toml import LocalConfig
from nodion_tui.local.storage.run_folders import RunFolders


class ContainerExecutor:
    """Runs images with the semantics of the API reference.

    Args:
        engine: the container engine.
        folders: creates private folders for files that only the container engine may read.
        folder_number: number of the data folder; labels every container.
        config: returns the current registries and container settings.
    """

    def __init__(
        self,
        engine: ContainerEngine,
        folders: RunFolders,
        folder_number: int,
        config: Callable[[], LocalConfig],
    ) -> None:
        self._engine = engine
        self._folders = folders
        self._folder_number = folder_number
        self._config = config

    async def recover(self) -> None:
        """Remove the containers of a crashed engine."""
        await asyncio.to_thread(self._folders.remove_all)
        cli = self._cli()
        listed = await cli.run(*create_flags.list_arguments(self._folder_number))
        if listed.exit_code != 0:
            raise StartFailed(f"{self._engine} failed: {listed.text}")
        if container_ids := listed.text.split():
            await cli.remove(*container_ids)

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Pull the image; the output of login and pull stays internal.

        Raises:
            StartFailed: the image cannot be pulled, or the runner has none.
        """
        if not spec.runner.image_name:
            raise StartFailed("The runner has no image")
        cli, image = self._cli(), create_flags.full_image_name(spec.runner.image, self._engine)
        if self._settings.pull == "missing" and await image_pull.image_exists(cli, image):
            output.write_notice(f"Using local image {spec.runner.image}")
            return
        output.write_notice(f"Pulling {spec.runner.image}")
        # Docker omits the host of its own registry.
        image_with_host = create_flags.full_image_name(spec.runner.image, "podman")
        registries = self._config().registries
        registry = next((row for row in registries if row.serves(image_with_host)), None)
        with self._folders.temporary(spec.run_id) as folder:
            await image_pull.pull_image(cli, image, registry, self._settings, folder, output)

    async def start(self, spec: JobSpec, output: RunOutput) -> ContainerJob:
        """Create and start the container, with its output in the log; may be cancelled.

        Raises:
            StartFailed: the container could not be created.
        """
        if unsafe_names := create_flags.unsafe_to_inherit(spec.env):
            raise StartFailed(f"{unsafe_names[0]} cannot have several lines in a container")
        cli, name = self._cli(), create_flags.container_name(spec)
        output.write_notice("========> Executing command")
        try:
            result = await self._create(cli, spec)
        except BaseException:
            await cli.remove(name)
            raise
        if result.exit_code != 0:
            await cli.remove(name)
            output.write_internal(result.output)
            raise _creation_error(spec, result.text)
        return ContainerJob(cli, name, output)

    async def _create(self, cli: EngineCli, spec: JobSpec) -> CommandResult:
        with self._folders.temporary(spec.run_id) as folder:
            env_file = folder / "env"
            env_file.write_text(create_flags.env_file_text(spec.env), encoding="utf-8")
            arguments = create_flags.create_arguments(
                spec, self._folder_number, self._settings, self._engine, env_file
            )
            env = create_flags.inherited_env(spec.env)
            result = await cli.run("create", *arguments, env=env, timeout_seconds=None)
        if result.exit_code != 0 or self._engine == "docker":
            return result
        # A program that cannot be executed is reported here, not between the job's lines.
        return await cli.run("init", create_flags.container_name(spec), timeout_seconds=None)

    @property
    def _settings(self) -> ContainerSpec:
        return self._config().container

    def _cli(self) -> EngineCli:
        settings = self._settings
        return EngineCli(self._engine, settings.program, settings.engine_args)


def _creation_error(spec: JobSpec, message: str) -> StartFailed:
    """Explain a failed creation in our own words: the engine's message has paths of this host."""
    program = repr((*spec.entrypoint, *spec.argv, "the image's command")[0])
    if "executable file not found" in message or "no such file or directory" in message:
        return StartFailed(f"exec: {program}: not found", 127)
    if "permission denied" in message:
        return StartFailed(f"exec: {program}: Permission denied", 126)
    return StartFailed("The container could not be created")
