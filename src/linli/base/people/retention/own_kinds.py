"""What the registers themselves keep for a time only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import SYSTEM

from ..changes.models import ChangeRequest, RecordLook
from ..changes.recording import lock, note
from ..erasable import with_open_matters
from ..erasing.carrying import erase_all
from ..ledgers.models import ImportState, LedgerImport
from ..models import Resident, ResidentState, Tenure
from ..retained import Kind, held

PURPOSE = _("《个人信息保护法》第十九条、第四十七条（目的已实现，保存期限为必要的最短时间）")
LOGS = _("《网络安全法》第二十一条（日志留存不少于六个月）")
PROOF = _("《民法典》第一百八十八条（诉讼时效三年）、《个人信息保护法》第四十七条")


def _files(edge: datetime) -> QuerySet[LedgerImport]:
    running = (ImportState.CHECKING, ImportState.IMPORTING)
    return LedgerImport.objects.filter(at__lt=edge).exclude(body=b"").exclude(state__in=running)


def _empty_files(keys: Sequence[int], _now: datetime) -> None:
    LedgerImport.objects.filter(pk__in=keys).update(body=b"")


def _looks(edge: datetime) -> QuerySet[RecordLook]:
    rows = RecordLook.objects.filter(at__lt=edge).filter(reason__blank=False)
    return rows.exclude(resident__in=held())


def _empty_looks(keys: Sequence[int], _now: datetime) -> None:
    RecordLook.objects.filter(pk__in=keys).update(reason="")


def _requests(edge: datetime) -> QuerySet[ChangeRequest]:
    told = Q(wanted__blank=False) | Q(reason__blank=False) | Q(answer__blank=False)
    rows = ChangeRequest.objects.filter(told, decided_at__lt=edge)
    return rows.exclude(resident__in=held())


def _empty_requests(keys: Sequence[int], _now: datetime) -> None:
    ChangeRequest.objects.filter(pk__in=keys).update(wanted="", reason="", answer="")


def _gone(edge: datetime) -> QuerySet[Resident]:
    """Return who left or died before the edge, has no home here and has not logged in since."""
    own = Tenure.objects.filter(to_on=None).values("resident_id")
    rows = Resident.objects.filter(
        Q(state=ResidentState.DEAD)
        | Q(account__last_login__isnull=True)
        | Q(account__last_login__lt=edge),
        state__in=(ResidentState.MOVED, ResidentState.DEAD),
        state_on__lt=edge.date(),
        erased_at=None,
    )
    return rows.exclude(pk__in=held()).exclude(pk__in=own)


def _busy(keys: Sequence[int]) -> set[int]:
    return with_open_matters(Resident.objects.filter(pk__in=keys))


def _erase_gone(keys: Sequence[int], now: datetime) -> None:
    for pk in keys:
        row = lock(Resident, pk, None, "resident")
        erase_all(row, now)
        row.refresh_from_db()
        note(row, "resident", "erase", actor=SYSTEM, now=now, data={"rule": "people.gone"})


OWN_KINDS = (
    Kind(
        "people.files", _("台账导入的原文件"), _("清空文件，保留导入记录"), PURPOSE,
        1, 7, 90, _files, _empty_files,
    ),
    Kind(
        "people.looks", _("档案查看记录里的原因"), _("清空原因，保留谁在何时看过"), LOGS,
        183, 1095, 3650, _looks, _empty_looks,
    ),
    Kind(
        "people.requests", _("已办结的更正申请"), _("清空申请内容，保留办理经过"), PROOF,
        183, 1095, 3650, _requests, _empty_requests,
    ),
    Kind(
        "people.gone", _("已迁出、已去世居民的档案"),
        _("删除姓名、证件号、电话等登记内容；有事项在办、有房产或被保全的不动"), PURPOSE,
        365, 1095, 3650, _gone, _erase_gone, _busy,
    ),
)  # fmt: skip
