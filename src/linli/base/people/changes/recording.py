"""Change fields of a record so that what stood there before is not lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import StepRefused
from linli.kernel.flow.names import actor_name
from linli.kernel.ledger import actions as ledger
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from .models import Change


def as_text(value: Any) -> str:
    """Return a field's value as a change keeps it; nothing is blank."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(getattr(value, "pk", value))


class Overtaken(StepRefused):
    """The record was changed since it was read; `str()` says by whom and when."""

    def __init__(self, who: str, at: datetime | None) -> None:
        moment = f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""
        super().__init__(
            _("%(who)s已于%(at)s修改了这条记录。请对照最新内容核对后再保存，您填写的都还在。")
            % {"who": who or _("他人"), "at": moment}
        )


def lock(model: Any, pk: int, expected: int | None, subject: str) -> Any:
    """Return the row under lock; raises Overtaken where it is not at version `expected`.

    Call it inside a transaction, after the scope was checked.
    """
    row = model.objects.select_for_update(of=("self",)).get(pk=pk)
    if expected is not None and expected != row.version:
        last = Entry.objects.filter(subject_type=subject, subject_id=pk, seq=row.version).first()
        raise Overtaken(
            actor_name(last.actor_kind, last.actor_id) if last else "", last.at if last else None
        )
    return row


@transaction.atomic
def change(
    row: Any,
    subject: str,
    values: Mapping[str, Any],
    *,
    source: str,
    actor: Actor,
    now: datetime,
    verb: str = "edit",
    data: Mapping[str, Any] | None = None,
) -> list[str]:
    """Set the fields that differ, keep what stood there, write the ledger; return their names.

    The row must be locked. Nothing happens where nothing differs.
    """
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    if not differing:
        return []
    Change.objects.bulk_create(
        Change(
            subject=subject, subject_id=row.pk, field=name, old=as_text(getattr(row, name)),
            new=as_text(values[name]), source=source[:40], at=now, by_id=actor.account_id,
        )
        for name in differing
    )  # fmt: skip
    for name in differing:
        setattr(row, name, values[name])
    if hasattr(row, "sources"):
        stamp = [source[:40], timezone.localdate(now).isoformat()]
        row.sources = row.sources | dict.fromkeys(differing, stamp)
    note(row, subject, verb, actor=actor, now=now, data={"fields": differing, **(data or {})})
    return differing


def note(
    row: Any, subject: str, verb: str, *, actor: Actor, now: datetime, data: Mapping[str, Any]
) -> None:
    """Save a locked row at its next version, with its entry of the ledger."""
    row.version += 1
    row.save()
    ledger.append(
        subject_type=subject, subject_id=row.pk, verb=verb, actor=actor, at=now,
        area_code=row.area_code, data=dict(data), seq=row.version,
    )  # fmt: skip


def begin(row: Any, subject: str, *, actor: Actor, now: datetime, verb: str = "create") -> None:
    """Save a new row with the first entry of its ledger."""
    row.version = 1
    row.save()
    ledger.append(
        subject_type=subject, subject_id=row.pk, verb=verb, actor=actor, at=now,
        area_code=row.area_code, seq=1,
    )  # fmt: skip
