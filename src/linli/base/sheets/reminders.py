"""Tell communities what they owe: some days before a sheet is due, on the day, and after it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..accounts.queries import holders
from ..messages.actions import queue_message
from ..messages.models import Channel
from .models import WRITABLE, Part, SheetState

# Days from today to the due day on which a reminder goes out.
DAYS = (3, 1, 0, -1, -3, -7)
REMINDERS = {
    "sheets.due": "{community}的《{sheet}》请在{due}前上报，还有{left}格没填。",
    "sheets.late": "{community}的《{sheet}》应在{due}前上报，已逾期，还有{left}格没填。",
}
REMINDER_LABELS = {"sheets.due": _("报表到期提醒"), "sheets.late": _("报表逾期提醒")}


def remind(*, now: datetime) -> int:
    """Put a reminder into the in-box of each who fills a part that is due; return how many parts.

    Safe to run again on the same day: nobody is told twice.
    """
    today = timezone.localdate(now)
    rows = Part.objects.filter(sheet__state=SheetState.ADMITTED, state__in=WRITABLE)
    found = 0
    for part in rows.select_related("sheet", "area").defer("area__boundary").order_by("pk"):
        days = (part.sheet.due - today).days
        if days not in DAYS:
            continue
        found += 1
        for account in holders("community_worker", part.area_code, now):
            queue_message(
                key=f"sheet-{part.pk}-{days}-{account.pk}", account=account, channel=Channel.SITE,
                template="sheets.due" if days >= 0 else "sheets.late", now=now,
                params={
                    "community": part.area.short_name, "sheet": part.sheet.title,
                    "due": f"{part.sheet.due}", "left": f"{part.blank}",
                },
                link=f"/desk/sheets/tasks/{part.pk}/",
            )  # fmt: skip
    return found
