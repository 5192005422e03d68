"""Fill a post, end a duty, hand a post over; each is an entry of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Area, Duty, EndReason
from ..staffing import staff
from .rules import POSTS, deciding_code, in_the_way

EARLIEST, AHEAD = date(1980, 1, 1), timedelta(days=366)


@transaction.atomic
def assign(*, actor: Actor, now: datetime, area: Area, data: Mapping[str, Any]) -> Duty:
    """Let someone answer for an area; raises ValidationError at the field concerned.

    `data`: post, account_id (or None, with name and phone), valid_from, note.
    """
    _allow(actor, area.code, data["post"])
    row = _open_area(area.pk)
    if data["post"] not in POSTS.get(row.level, ()):
        raise ValidationError({"post": _("这一级区域没有这个岗位。")})
    duty = _new(row, data["post"], data, now)
    _write("assign", duty, actor, now, {})
    return duty


@transaction.atomic
def end_duty(
    *, actor: Actor, now: datetime, duty: Duty, on: date, reason: str, note: str = ""
) -> Duty:
    """End a duty on a day: from then on the post is vacant. The record stays."""
    row = _standing(actor, duty.pk, now)
    _end(row, on, reason, note, now, field="on")
    _write("end", row, actor, now, {"reason": reason})
    return row


@transaction.atomic
def hand_over(*, actor: Actor, now: datetime, duty: Duty, data: Mapping[str, Any]) -> Duty:
    """End a duty and let the successor begin on the same day; return the successor's.

    `data`: account_id (or None, with name and phone), valid_from, reason, note.
    """
    row = _standing(actor, duty.pk, now)
    area = _open_area(row.area_id)
    if data["account_id"] and data["account_id"] == row.account_id:
        raise ValidationError({"account": _("接任的就是现在的责任人，请另选一人。")})
    _end(row, data["valid_from"], data["reason"], data.get("note", ""), now, field="valid_from")
    made = _new(area, row.post, {**data, "note": ""}, now)
    _write("end", row, actor, now, {"reason": data["reason"], "to": made.pk})
    _write("hand_over", made, actor, now, {"from": row.pk})
    return made


def load_duties(rows: list[Duty], *, actor: Actor, now: datetime) -> None:
    """Load many duties whose areas and people are known to fit."""
    made = Duty.objects.bulk_create(rows, batch_size=1000)
    ledger.append_new("duty", "assign", made, actor=actor, at=now)


def _new(area: Area, post: str, data: Mapping[str, Any], now: datetime) -> Duty:
    begins = data["valid_from"]
    _sensible(begins, "valid_from", now)
    account_id, name, phone = _person(data)
    other = in_the_way(area, post, begins)
    if other is not None:
        since = date_format(other.valid_from, "Y-m-d")
        text = _("这个岗位从%(since)s起已有责任人，请打开那一条办理交接，或先卸任。")
        raise ValidationError({"post": text % {"since": since}})
    if account_id:
        twice = Duty.objects.filter(area=area, post=post, account_id=account_id, valid_to=None)
        if twice.exists():
            raise ValidationError({"account": _("这个人已经在这个岗位上。")})
    return Duty.objects.create(
        area=area, area_code=area.code, post=post, account_id=account_id, name=name, phone=phone,
        valid_from=begins, note=data.get("note", ""),
    )  # fmt: skip


def _person(data: Mapping[str, Any]) -> tuple[int | None, str, str]:
    """Return account, name and phone to keep: what the account knows is not written again."""
    phone = data.get("phone", "")
    if not data.get("account_id"):
        if not data.get("name", "").strip():
            raise ValidationError({"name": _("请选择工作人员，或填写姓名。")})
        if not phone:
            raise ValidationError({"phone": _("请填写电话，大家要靠它找到责任人。")})
        return None, data["name"].strip(), phone
    person = staff().person(data["account_id"])
    if person is None:
        raise ValidationError({"account": _("这个账户已停用，请另选一人。")})
    if not person.phone and not phone:
        raise ValidationError({"phone": _("这个账户没有登记电话，请在这里填写。")})
    if person.phone and phone and phone != person.phone:
        text = _("这个账户已登记了另一个电话，请清空此栏；换号由本人在“我的”里修改。")
        raise ValidationError({"phone": text})
    return person.account_id, "", "" if person.phone else phone


def _end(row: Duty, on: date, reason: str, note: str, now: datetime, field: str) -> None:
    _sensible(on, field, now)
    if on < row.valid_from:
        since = date_format(row.valid_from, "Y-m-d")
        text = _("不能早于这位责任人的任职日期%(since)s。") % {"since": since}
        raise ValidationError({field: text})
    if reason == EndReason.OTHER and not note.strip():
        raise ValidationError({"note": _("请写明原因。")})
    row.valid_to, row.end_reason, row.end_note = on, reason, note.strip()
    row.save(update_fields=["valid_to", "end_reason", "end_note"])


def _sensible(day: date, field: str, now: datetime) -> None:
    if not EARLIEST <= day <= timezone.localdate(now) + AHEAD:
        raise ValidationError({field: _("日期不对：最早1980年，最晚一年以后。")})


def _open_area(area_id: int) -> Area:
    """Lock an area, so that two appointments to it go one after the other."""
    row = Area.objects.select_for_update().defer("boundary").get(pk=area_id)
    if row.valid_to is not None:
        raise ValidationError(_("这个区域已经撤销，不能再安排责任人。"))
    return row


def _standing(actor: Actor, duty_id: int, now: datetime) -> Duty:
    row = Duty.objects.select_for_update().get(pk=duty_id)
    _allow(actor, row.area_code, row.post)
    if row.valid_to is not None and row.valid_to <= timezone.localdate(now):
        raise ValidationError(_("这位责任人已经卸任。"))
    return row


def _allow(actor: Actor, code: str, post: str) -> None:
    if not actor.can("areas.post", deciding_code(code, post)):
        raise PermissionDenied


def _write(verb: str, row: Duty, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    ledger.append(
        subject_type="duty", subject_id=row.pk, verb=verb, actor=actor, at=now,
        area_code=row.area_code, data={"post": row.post, **data},
    )  # fmt: skip
