"""A job found dead may be alive in other hands by the time it is queued again."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from linli.site import jobs


def rescue() -> int:
    """Run it in a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(jobs.rescue())).result()


def manager(status: Status, *, refuse: bool):
    async def get_stalled_jobs(seconds_since_heartbeat):
        assert seconds_since_heartbeat == jobs.SILENT_SECONDS
        return [Job(id=7, queue="site", lock=None, queueing_lock=None, task_name="a")]

    async def retry_job(job):
        if refuse:
            raise ConnectorException

    async def get_job_status_async(job_id):
        assert job_id == 7
        return status

    return SimpleNamespace(
        get_stalled_jobs=get_stalled_jobs,
        retry_job=retry_job,
        get_job_status_async=get_job_status_async,
    )


def test_a_dead_workers_job_is_queued_again(monkeypatch):
    monkeypatch.setattr(jobs.app, "job_manager", manager(Status.DOING, refuse=False))
    assert rescue() == 1


def test_a_job_that_ended_meanwhile_needs_no_rescue(monkeypatch):
    monkeypatch.setattr(jobs.app, "job_manager", manager(Status.SUCCEEDED, refuse=True))
    assert rescue() == 0


def test_a_fault_of_the_database_is_not_hidden(monkeypatch):
    monkeypatch.setattr(jobs.app, "job_manager", manager(Status.DOING, refuse=True))
    with pytest.raises(ConnectorException):
        rescue()
