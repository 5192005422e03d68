"""Background work of the whole site."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

# A worker says every ten seconds that it lives; one that was silent this long is dead.
SILENT_SECONDS = 60.0


@app.periodic(cron="* * * * *")
@app.task(queue="site", name="site.rescue_jobs", queueing_lock="site.rescue_jobs")
async def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Queue again, each minute, what a killed worker left half done."""
    await rescue()


async def rescue(silent_seconds: float = SILENT_SECONDS) -> int:
    """Queue the jobs of dead workers again and return how many; jobs must bear being repeated.

    A job that someone else ended or queued again since it was found needs no rescue.
    """
    found = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    return sum([await _rescued(job) for job in found])


async def _rescued(job: Job) -> bool:
    manager = app.job_manager
    try:
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # A job under the same lock waits already and does this one's work too.
            await manager.finish_job(job, Status.FAILED, delete_job=False)
    except ConnectorException:
        if job.id is None or await manager.get_job_status_async(job.id) == Status.DOING:
            raise
        return False
    return True
