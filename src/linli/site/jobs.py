"""Background work of the whole site."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

# A worker says every ten seconds that it lives; one that was silent this long is dead.
SILENT_SECONDS = 60.0


@app.periodic(cron="* * * * *")
@app.task(queue="site", name="site.rescue_jobs", queueing_lock="site.rescue_jobs")
async def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Queue again, each minute, what a killed worker left half done."""
    await rescue()


async def rescue(silent_seconds: float = SILENT_SECONDS) -> int:
    """Queue the jobs of dead workers again and return how many; jobs must bear being repeated."""
    manager = app.job_manager
    found = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    for job in found:
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # A job under the same lock waits already and does this one's work too.
            await manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(found)
