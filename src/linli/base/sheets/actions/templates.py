"""Keep and drop the asker's own workbook, and hand it over filled in."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..layouts import Unusable
from ..models import Part, Sheet, Template
from ..queries import get_part, get_sheet, is_asker
from ..templating import faults_of, filled

SUBJECT = "sheets.template"


def _own(actor: Actor, sheet_id: int) -> Sheet:
    sheet = get_sheet(actor, sheet_id)
    if not (is_asker(actor, sheet) and actor.can("sheets.ask", sheet.area_code)):
        raise NotAllowed(_("只有收表人可以换导出模板。"))
    return sheet


def save_template(
    sheet_id: int, *, actor: Actor, now: datetime, file_name: str, body: bytes
) -> Template:
    """Keep a template in place of the one before.

    Raises ValidationError at `file`, with every fault by its cell, NotAllowed, Http404.
    """
    sheet = _own(actor, sheet_id)
    try:
        faults = faults_of(body, sheet)
    except Unusable as error:
        raise ValidationError({"file": str(error)}) from error
    if faults:
        raise ValidationError({"file": faults[:20]})
    account = actor.account_id or 0  # only people ask for sheets
    with transaction.atomic():
        made, _new = Template.objects.update_or_create(
            sheet=sheet,
            defaults={"file_name": file_name[:120], "body": body, "by_id": account,
                      "at": now},
        )  # fmt: skip
        _record(sheet, "save", actor, now, {"sheet": sheet.pk, "bytes": len(body)})
    return made


def drop_template(sheet_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the template away; errors as `save_template`."""
    sheet = _own(actor, sheet_id)
    with transaction.atomic():
        gone, _kinds = Template.objects.filter(sheet=sheet).delete()
        if gone:
            _record(sheet, "drop", actor, now, {"sheet": sheet.pk})


def _record(sheet: Sheet, verb: str, actor: Actor, now: datetime, data: dict[str, int]) -> None:
    ledger.append_free(
        subject_type=SUBJECT, verb=verb, actor=actor, at=now, data=data | {"area": sheet.area_code}
    )


def export_sheet(sheet_id: int, *, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """Return (name, workbook) of all answers in the asker's layout; it is an entry of the ledger.

    Raises NotAllowed, Http404, and Unusable where the columns changed since it was checked.
    """
    sheet = get_sheet(actor, sheet_id)
    if not actor.can("sheets.export", sheet.area_code):
        raise NotAllowed(_("您没有导出的权限。"))
    return _hand_over(sheet, Part.objects.filter(sheet=sheet), actor, now)


def export_part(part_id: int, *, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """Return (name, workbook) of one community's own answer; errors as `export_sheet`."""
    part = get_part(actor, part_id)
    if not actor.can("sheets.fill", part.area_code):
        raise NotAllowed(_("您没有导出的权限。"))
    return _hand_over(part.sheet, Part.objects.filter(pk=part.pk), actor, now)


def _hand_over(
    sheet: Sheet, rows: QuerySet[Part], actor: Actor, now: datetime
) -> tuple[str, bytes]:
    template = Template.objects.filter(sheet=sheet).first()
    if template is None:
        raise Unusable(_("这张表没有导出模板。"))
    body = filled(sheet, bytes(template.body), rows, timezone.localdate(now))
    with transaction.atomic():
        ledger.append_free(
            subject_type="sheets.export", verb="export", actor=actor, at=now,
            data={"sheet": sheet.pk, "rows": rows.count()},
        )  # fmt: skip
    return f"sheet-{sheet.pk}.xlsx", body
