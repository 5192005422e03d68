"""Rules that stand in the way of a step of a sheet or a part."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import Context

from .known import known_elsewhere
from .models import SheetState
from .queries import asked_columns, columns_of, communities_of, known_values, missing
from .rosters.preparing import blanks
from .rosters.rows import rows_in

MOST_ROWS = 50_000


def has_cells(context: Context) -> str | None:
    """Refuse a sheet that asks nothing."""
    if asked_columns(columns_of(context.subject.pk)):
        return None
    return _("表里还没有栏目，请先加栏目。")


def due_ahead(context: Context) -> str | None:
    """Refuse a sheet whose day has come."""
    if context.subject.due > timezone.localdate(context.now):
        return None
    return _("截止日期应在今天之后，请先改截止日期。")


def has_communities(context: Context) -> str | None:
    """Refuse a sheet that nobody would fill in."""
    return None if communities_of(context.subject.area_code) else _("所选范围里没有社区。")


def asks_nothing_known(context: Context) -> str | None:
    """Refuse a sheet with a column that is known already."""
    sheet = context.subject
    found = known_elsewhere(sheet, columns_of(sheet.pk))
    if not found:
        return None
    names = _("、").join(f"“{row.column.title}”" for row in found)
    return _("这些栏目已有数据或正在收，不能再问：%(names)s。请改为从来源取，或删去。") % {
        "names": names
    }


def not_too_long(context: Context) -> str | None:
    """Refuse a sheet with more lines than people can be asked to look at."""
    sheet = context.subject
    if not sheet.has_rows:
        return None
    today = timezone.localdate(context.now)
    n = rows_in(sheet.rows, [sheet.area_code], sheet.only, today).count()
    if not n:
        return _("所选范围里登记册没有要列的行。")
    if n <= MOST_ROWS:
        return None
    return _("这张表有%(n)d行，最多%(most)d行。请缩小范围或只列一部分人。") % {
        "n": n, "most": MOST_ROWS,
    }  # fmt: skip


def has_rows(context: Context) -> str | None:
    """Hold grid workers to sheets that are filled in line by line."""
    return None if context.subject.sheet.has_rows else _("这张表由社区填写。")


def prepared(context: Context) -> str | None:
    """Refuse a part whose lines are still being laid out."""
    return None if context.subject.ready else _("还在从登记册取数，请过一会儿再试。")


def in_force(context: Context) -> str | None:
    """Hold parts still once their sheet is over."""
    if context.subject.sheet.state == SheetState.ADMITTED:
        return None
    return _("这张表已经结束，不能再改。")


def nothing_missing(context: Context) -> str | None:
    """Refuse a part with a blank in a required column."""
    part = context.subject
    blank = (
        blanks(part, asked_columns(columns_of(part.sheet_id)))
        if part.sheet.has_rows
        else missing(part, known_values(part))
    )
    if not blank:
        return None
    return _("还有必填栏目没有填：%(names)s。") % {"names": _("、").join(map(str, blank))}
