"""Simulates a database migration with progress: about 20 seconds (`--seconds N`)."""
# ruff: noqa: T201 - printing is what a job is for

import argparse
import time

TABLES = {
    "accounts": 48_210,
    "invoices": 214_003,
    "line_items": 871_466,
    "payments": 198_755,
    "sessions": 30_412,
    "audit_log": 655_020,
    "exports": 5_871,
}


def main() -> None:
    """Pretend to migrate seven tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--env", default="production")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    print(f"Connecting to the {options.env} database", flush=True)
    print(f"{len(TABLES)} pending migrations", flush=True)
    for number, (table, rows) in enumerate(TABLES.items(), 1):
        print(f"== {20260100 + number} {table}: migrating", flush=True)
        for percent in range(10, 101, 10):
            time.sleep(options.seconds / (10 * len(TABLES)))
            done = rows * percent // 100
            print(f"   {table:<10} {percent:>3} %  {done:>8,} of {rows:,} rows", flush=True)
        print(f"== {20260100 + number} {table}: migrated", flush=True)
    print("All migrations done", flush=True)


if __name__ == "__main__":
    main()
