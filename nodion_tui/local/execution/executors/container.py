"""Executes runs as containers of Podman or Docker: pull, create, start, stop, always remove."""

import asyncio
from collections.abc import Callable

from nodion_tui.local.execution.executors import create_flags, image_pull
from nodion_tui.local.execution.executors.container_env import (
    passed_variables,
    remove_stale_secrets,
)
from nodion_tui.local.execution.executors.container_job import ContainerJob
from nodion_tui.local.execution.executors.creation_failure import creation_failure, start_failure
from nodion_tui.local.execution.executors.docker_variables import add_variables
from nodion_tui.local.execution.executors.engine_cli import (
    CANNOT_RUN_EXIT_CODE,
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
        """Remove the containers and secrets of a crashed engine."""
        await asyncio.to_thread(self._folders.remove_all)
        cli = self._cli()
        listed = await cli.run(*create_flags.list_arguments(self._folder_number))
        if listed.exit_code != 0:
            raise StartFailed(f"{self._engine} failed: {listed.text}")
        if container_ids := listed.text.split():
            await cli.remove(*container_ids)
        if self._engine == "podman":
            await remove_stale_secrets(cli, self._folder_number)

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
        registry = image_pull.find_registry(self._config().registries, spec.runner.image)
        try:
            with self._folders.temporary(spec.run_id) as folder:
                await image_pull.pull_image(cli, image, registry, self._settings, folder, output)
        except OSError as error:
            raise StartFailed(f"The image could not be pulled: {error.strerror}") from None

    async def start(self, spec: JobSpec, output: RunOutput) -> ContainerJob:
        """Create and start the container, with its output in the log; may be cancelled.

        Raises:
            StartFailed: the container could not be created or started.
        """
        cli, name = self._cli(), create_flags.container_name(spec)
        output.write_notice("========> Executing command")
        try:
            await self._create(cli, spec, output)
            return await self._attach(cli, spec, output)
        except BaseException as error:
            await cli.remove(name)
            if isinstance(error, OSError):
                problem = f"The container could not be created: {error.strerror}"
                raise StartFailed(problem, CANNOT_RUN_EXIT_CODE) from None
            raise

    async def _attach(self, cli: EngineCli, spec: JobSpec, output: RunOutput) -> ContainerJob:
        job = ContainerJob(cli, create_flags.container_name(spec), output)
        if self._engine == "docker" and (result := await job.start_problem()):
            output.write_internal(result.output)
            raise start_failure(spec, result, self._written(spec))
        return job

    async def _create(self, cli: EngineCli, spec: JobSpec, output: RunOutput) -> None:
        settings, number = self._settings, self._folder_number
        name = create_flags.container_name(spec)
        written = self._written(spec)
        with self._folders.temporary(spec.run_id) as folder:
            async with passed_variables(cli, spec, number, folder) as variables:
                arguments = create_flags.create_arguments(
                    spec, number, settings, self._engine, variables.arguments
                )
                environment = variables.environment
                result = await cli.run("create", *arguments, env=environment, timeout_seconds=None)
                if variables.missing and result.exit_code == 0:
                    result = await add_variables(cli, name, variables.missing)
                if result.exit_code != 0:
                    output.write_internal(result.output)
                    raise creation_failure(result, written)
                if self._engine == "docker":
                    return
                # What cannot be executed is reported here, not between the job's lines.
                result = await cli.run("init", name, timeout_seconds=None)
        if result.exit_code != 0:
            output.write_internal(result.output)
            raise start_failure(spec, result, written)

    def _written(self, spec: JobSpec) -> tuple[str, ...]:
        """Return the words of the user and of the client, whose paths may be shown."""
        return (*self._settings.run_args, *spec.entrypoint, *spec.argv, spec.runner.image)

    @property
    def _settings(self) -> ContainerSpec:
        return self._config().container

    def _cli(self) -> EngineCli:
        settings = self._settings
        return EngineCli(self._engine, settings.program, settings.engine_args)
