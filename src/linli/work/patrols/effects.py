"""What each step of a round changes."""

from __future__ import annotations

from collections import Counter

from linli.kernel.flow import Context

from .models import CheckResult, Round, RoundCheck


def hand_in(context: Context) -> None:
    """Keep who walked when, and what was found at each item."""
    found: Round = context.subject
    data = context.data
    checks = [
        RoundCheck(
            round=found, point=point, item=item, result=data[f"r-{point}-{item}"],
            note=data.get(f"n-{point}-{item}") or "",
            report_key=data.get(f"k-{point}-{item}") or "",
        )
        for point, place in enumerate(found.plan.points)
        for item in range(len(place["items"]))
    ]  # fmt: skip
    counts = Counter(check.result for check in checks)
    found.worker_id = context.actor.account_id
    found.started_at, found.ended_at = data["started_at"], data["ended_at"]
    found.received_at = context.now
    found.items = len(checks)
    found.problems = counts[CheckResult.PROBLEM]
    found.skipped = counts[CheckResult.SKIPPED]
    context.entry |= {
        "items": found.items, "problems": found.problems, "skipped": found.skipped,
        "minutes": found.minutes,
    }  # fmt: skip
    context.after.append(lambda _late: _keep(checks))


def _keep(checks: list[RoundCheck]) -> None:
    RoundCheck.objects.bulk_create(checks)


def excuse(context: Context) -> None:
    """Keep why it need not be walked."""
    context.subject.reason = context.data["reason"].strip()
