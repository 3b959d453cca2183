"""Runs as containers of Podman or Docker: pull, create, start, stop, remove in every case."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodion_tui.local.execution.executors import create_flags, image_pull
from nodion_tui.local.execution.executors.container_job import ContainerJob
from nodion_tui.local.execution.executors.create_flags import ContainerEngine, ContainerNames
from nodion_tui.local.execution.executors.engine_cli import (
    CommandResult,
    EngineCli,
    remove_containers,
)
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput

if TYPE_CHECKING:
    from nodion_tui.local.runners.container_spec import ContainerSpec
    from nodion_tui.local.runners.local_toml import LocalConfig
    from nodion_tui.local.storage.run_folders import RunFolders


class ContainerExecutor:
    """Runs images with the semantics of the API reference.

    Args:
        kind: whose command line is spoken.
        folders: makes private ones, for what the program reads and nobody else may.
        number: the data folder's own; labels every container.
        content: registries and container settings, as they stand now.
    """

    def __init__(
        self,
        engine: ContainerEngine,
        folders: "RunFolders",
        folder_number: int,
        config: "Callable[[], LocalConfig]",
    ) -> None:
        self._engine = engine
        self._folders = folders
        self._folder_number = str(folder_number)
        self._config = config

    async def recover(self) -> None:
        """Remove the containers that an engine that died left behind."""
        await asyncio.to_thread(self._folders.remove_all)
        cli = self._cli()
        listed = await cli.run(*create_flags.list_arguments(self._folder_number))
        if listed.exit_code != 0:
            raise StartFailed(f"{self._engine} does not answer: {listed.text}")
        if container_ids := listed.text.split():
            await remove_containers(cli, self._engine, container_ids)

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Pull its image; what login and pull say stays internal.

        Raises:
            StartFailed: there is no image to run.
        """
        if not spec.runner.image_name:
            raise StartFailed("The runner names no image")
        cli, image = self._cli(), create_flags.full_image_name(spec.runner.image, self._engine)
        if self._settings.pull == "missing" and await image_pull.image_exists(cli, image):
            output.write_notice(f"Using {spec.runner.image}, which is here already")
            return
        output.write_notice(f"Pulling {spec.runner.image}")
        image_with_host = create_flags.full_image_name(
            spec.runner.image, "podman"
        )  # Docker leaves out its own registry
        registry = next(
            (row for row in self._config().registries if row.serves(image_with_host)), None
        )
        with self._folders.temporary(spec.run_id) as folder:
            await image_pull.pull_image(cli, image, registry, self._settings, folder, output)

    async def start(self, spec: JobSpec, output: RunOutput) -> ContainerJob:
        """Create the container and start it, its output going into the log; may be cancelled.

        Raises:
            StartFailed: it could not be created.
        """
        if unsafe_names := create_flags.unsafe_to_inherit(spec.env):
            raise StartFailed(f"{unsafe_names[0]} cannot hold several lines in a container")
        cli = self._cli()
        names = ContainerNames(f"nodion-tui-{spec.run_id}", self._folder_number, spec.run_id)
        output.write_notice("========> Executing command")
        try:
            result = await self._create(cli, names, spec)
        except BaseException:
            await remove_containers(cli, self._engine, [names.container])
            raise
        if result.exit_code != 0:
            await remove_containers(cli, self._engine, [names.container])
            output.write_internal(result.output)
            raise _creation_error(spec, result.text)
        return ContainerJob(cli, self._engine, names.container, output)

    async def _create(self, cli: EngineCli, names: ContainerNames, spec: JobSpec) -> CommandResult:
        with self._folders.temporary(spec.run_id) as folder:
            env_file = folder / "env"
            env_file.write_text(create_flags.env_file_text(spec.env), encoding="utf-8")
            arguments = create_flags.create_arguments(
                spec, names, self._settings, self._engine, env_file
            )
            env = create_flags.inherited_env(spec.env)
            result = await cli.run("create", *arguments, env=env, timeout_seconds=None)
        if result.exit_code != 0 or self._engine == "docker":
            return result
        # Whether its program can be executed shows here, and not between the job's lines.
        return await cli.run("init", names.container, timeout_seconds=None)

    @property
    def _settings(self) -> "ContainerSpec":
        return self._config().container

    def _cli(self) -> EngineCli:
        settings = self._settings
        return EngineCli(settings.program or self._engine, settings.engine_args)


def _creation_error(spec: JobSpec, message: str) -> StartFailed:
    """Why, in our words: the program's name paths of this machine."""
    program = repr((*spec.entrypoint, *spec.argv, "the image's command")[0])
    if "executable file not found" in message or "no such file or directory" in message:
        return StartFailed(f"exec: {program}: not found", 127)
    if "permission denied" in message:
        return StartFailed(f"exec: {program}: Permission denied", 126)
    return StartFailed("The container could not be created")
