"""The job worker and scheduler: `python -m linli.site.worker`.

It gives up soon where the database is lost, and is started again by who looks after it; the jobs
it had in hand are queued again by `linli.site.jobs`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from . import databases

# Seconds to wait for a connection, and for running jobs when the worker must end.
CONNECT_SECONDS = 5.0
FINISH_SECONDS = 15.0


async def work(concurrency: int) -> None:
    """Run jobs until told to stop; raises ConnectorException where the database is lost."""
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    connector = PsycopgConnector(
        kwargs=connector_params(),
        max_size=concurrency + 3,
        timeout=CONNECT_SECONDS,
        reconnect_timeout=CONNECT_SECONDS,
    )
    with app.replace_connector(connector) as replaced:
        async with replaced.open_async():
            await replaced.run_worker_async(
                concurrency=concurrency, shutdown_graceful_timeout=FINISH_SECONDS
            )


def main() -> int:
    """Run the worker; return 0 when told to stop and 1 when the database was lost."""
    parser = argparse.ArgumentParser(prog="python -m linli.site.worker")
    parser.add_argument("--concurrency", type=int, default=2)
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    databases.prepare()
    import django
    from procrastinate.exceptions import ConnectorException

    django.setup()
    try:
        asyncio.run(work(args.concurrency))
    except ConnectorException as error:
        sys.stderr.write(f"the job worker lost the database: {error.__cause__ or error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
