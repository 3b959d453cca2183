"""Executes runs on the nodes of a Docker Swarm: one service each, placed by the swarm."""

import asyncio
import dataclasses
from collections.abc import Callable

from nodion_tui.local.execution.executors import create_flags, image_pull
from nodion_tui.local.execution.executors.container_env import passed_variables
from nodion_tui.local.execution.executors.creation_failure import creation_failure
from nodion_tui.local.execution.executors.docker_variables import start_service
from nodion_tui.local.execution.executors.engine_cli import (
    CANNOT_RUN_EXIT_CODE,
    CommandResult,
    EngineCli,
)
from nodion_tui.local.execution.executors.swarm import service_flags
from nodion_tui.local.execution.executors.swarm.swarm_job import SwarmJob, remove_services
from nodion_tui.local.execution.executors.swarm.swarm_tasks import SwarmTasks
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.local_toml import LocalConfig
from nodion_tui.local.storage.run_folders import RunFolders

RECOVER_MARGIN_SECONDS = 10.0
"""How long to wait for stopped tasks of a crashed engine, after the time that they get."""


class SwarmExecutor:
    """Runs images as services with one task that is never started again.

    Args:
        folders: creates private folders for files that only Docker may read.
        folder_number: number of the data folder; labels every service.
        config: returns the current registries and container settings.
        stop_seconds: time from the stop signal to SIGKILL.
    """

    def __init__(
        self,
        folders: RunFolders,
        folder_number: int,
        config: Callable[[], LocalConfig],
        stop_seconds: float,
    ) -> None:
        self._folders = folders
        self._folder_number = folder_number
        self._config = config
        self._stop_seconds = stop_seconds
        self._tasks = SwarmTasks(self._cli, folder_number)

    async def recover(self) -> None:
        """Remove the services of a crashed engine, and wait until their containers have ended."""
        await asyncio.to_thread(self._folders.remove_all)
        cli, label = self._cli(), f"{create_flags.ENGINE_LABEL}={self._folder_number}"
        listed = await cli.run("service", "ls", "--quiet", "--filter", f"label={label}")
        if listed.exit_code != 0:
            raise StartFailed(f"docker failed: {listed.text}")
        if services := listed.text.split():
            await remove_services(cli, *services)
            await self._wait_until_ended()

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Name the image: the node that is chosen pulls it.

        Raises:
            StartFailed: the runner has no image.
        """
        if not spec.runner.image_name:
            raise StartFailed("The runner has no image")
        if self._config().container.pull == "always":
            output.write_notice(f"Pulling {spec.runner.image}")

    async def start(self, spec: JobSpec, output: RunOutput) -> SwarmJob:
        """Create the service of a run; may be cancelled.

        Raises:
            StartFailed: the service could not be created.
        """
        cli = self._cli()
        output.write_notice("========> Executing command")
        try:
            result = await self._create(cli, spec, output)
        except BaseException as error:
            await remove_services(cli, create_flags.container_name(spec))
            if isinstance(error, OSError):
                problem = f"The service could not be created: {error.strerror}"
                raise StartFailed(problem, CANNOT_RUN_EXIT_CODE) from None
            raise
        if result.exit_code != 0:
            await remove_services(cli, create_flags.container_name(spec))
            output.write_internal(result.output)
            raise creation_failure(result, (*self._config().container.run_args, spec.runner.image))
        return SwarmJob(cli, self._tasks, result.text.splitlines()[-1], spec, output)

    async def _create(self, cli: EngineCli, spec: JobSpec, output: RunOutput) -> CommandResult:
        """Create the service, with a registry's login that the swarm hands to the node."""
        config, number = self._config(), self._folder_number
        literal = dataclasses.replace(spec, env=service_flags.literal_variables(spec.env))
        registry = image_pull.find_registry(config.registries, spec.runner.image)
        with self._folders.temporary(spec.run_id) as folder:
            login: dict[str, str] = {}
            if registry is not None:
                login = image_pull.login_environment(folder)
                await image_pull.log_in(cli, registry, config.container, login, output)
            async with passed_variables(cli, literal, number, folder) as variables:
                no_task = ("--replicas", "0") if variables.missing else ()
                arguments = service_flags.service_arguments(
                    *(spec, number, config.container, self._stop_seconds),
                    (*variables.arguments, *no_task),
                )
                result = await cli.run(
                    *("service", "create", "--with-registry-auth", *arguments),
                    env=variables.environment | login,
                    timeout_seconds=None,
                )
                if not variables.missing or result.exit_code != 0:
                    return result
                service_id = result.text.splitlines()[-1]
                return await start_service(cli, service_id, variables.missing)

    async def _wait_until_ended(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._stop_seconds + RECOVER_MARGIN_SECONDS
        while await self._tasks.look() and loop.time() < until:
            pass

    def _cli(self) -> EngineCli:
        settings = self._config().container
        return EngineCli("docker", settings.program, settings.engine_args)
