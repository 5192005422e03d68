"""The demonstration's hot spots: the searches of the past mornings, one of them looked into."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from linli.base.accounts.queries import actor_of, holders

from .actions import mark_seen, search
from .models import HotSpot

MORNINGS = 5


def load_demo(*, now: datetime) -> None:
    """Search the past days, each on the morning after it, as the daily job would have done."""
    today = timezone.localdate(now)
    for back in range(MORNINGS, 0, -1):
        day = today - timedelta(days=back)
        morning = datetime.combine(
            day + timedelta(days=1), time(5, 20), timezone.get_current_timezone()
        )
        search(day=day, now=min(morning, now))
    spot = HotSpot.objects.order_by("id").first()
    if spot is None or HotSpot.objects.count() < 2:
        return
    people = holders("subdistrict_dispatcher", spot.area_code, now)
    for person in people[:1]:
        note = "已查看工单，反映的是同一处，已派社区现场核实。"
        mark_seen(spot.pk, actor=actor_of(person), now=now, data={"note": note})
