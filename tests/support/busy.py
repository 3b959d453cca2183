"""A canned service with runs of every status, for snapshots and style checks."""

from tests.support.canned import Canned, log_line, run, runner

BACKUP, ETL, RESIZE, REPORT = (
    runner(1, "Database Backup"),
    runner(2, "Nightly ETL"),
    runner(3, "Image resize"),
    runner(4, "Report mailer"),
)
LIVE = run(1, "running", 47, None, argv=["python", "migrate.py", "--env", "staging"])
BUSY = Canned(
    runners=[BACKUP, ETL, RESIZE, REPORT],
    runs={
        BACKUP["id"]: [
            LIVE,
            run(2, "succeeded", 7_200, 270, argv=["python", "migrate.py"]),
            run(3, "failed", 90_000, 135),
            run(4, "canceled", 260_000, 42, command="cd /app && python migrate.py | tee out.log"),
        ],
        ETL["id"]: [run(10 + n, "succeeded", 3_600 * (n + 1), 600 + 40 * n) for n in range(5)],
        RESIZE["id"]: [
            run(20, "pending", 75, None, entrypoint="/bin/tini"),
            run(21, "failed", 1_800, 8),
            run(22, "succeeded", 5_400, 30, command="resize --glob '*.png' [all] \x1b[31mred"),
        ],
    },
    logs={
        LIVE["id"]: [
            log_line(1, "Pulling mycompany/backup-tool:latest", 42),
            log_line(2, "========> Executing command", 38),
            log_line(3, "\x1b[32mINFO\x1b[0m  migrating 日本語 table 1 of 12", 37),
            log_line(4, '{"level":"warn","msg":"slow query","ms":912,"table":"orders"}', 30),
            log_line(5, "ERROR could not lock \x07[orders]\x1b]0;title\x07, trying again", 12),
        ]
    },
)
