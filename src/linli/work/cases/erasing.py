"""What cases hold of a person: who reported, kept while a case is open and for some years after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.people.erasable import Item, Kept, Part, counts, register_open, register_part
from linli.base.people.models import Resident
from linli.base.people.purposes import register_purpose
from linli.base.people.retained import Kind, days_of, held, register_retained

from .models import OPEN_STATES, Case
from .purposes import RATING_TEXTS
from .same.models import Joiner
from .words_told import files_of, forget_words, told

LAW = _("《民法典》第一百八十八条（诉讼时效三年）、《个人信息保护法》第四十七条")
FILE_LAW = _("《人民调解法》第二十七条（调解工作档案立卷归档）")
OPEN_LAW = _("《个人信息保护法》第十三条第一款第三项（履行法定职责所必需）")


def _who(resident: Resident, reporter: str = "reporter") -> Q:
    found = Q(pk__in=[])
    if resident.phone_index:
        found |= Q(phone_index=resident.phone_index)
    if resident.account_id is not None:
        found |= Q(**{reporter: resident.account_id})
    return found


def _cases(resident: Resident) -> QuerySet[Case]:
    return Case.objects.filter(_who(resident))


def _joined(resident: Resident) -> QuerySet[Joiner]:
    return Joiner.objects.filter(_who(resident, "account"))


def _kept() -> timedelta:
    """Return for how long who reported a closed case is kept."""
    return timedelta(days=days_of(REPORTERS))


def _stays(edge: datetime) -> Q:
    """Return which cases are still needed: open, or closed since the edge of the rule."""
    return Q(state__in=OPEN_STATES) | Q(closed_at__gt=edge)


def open_of(residents: Iterable[Resident]) -> set[int]:
    """Return those of the residents who reported a case that is still open."""
    rows = list(residents)
    phones = {row.phone_index: row.pk for row in rows if row.phone_index}
    accounts = {row.account_id: row.pk for row in rows if row.account_id}
    found = Case.objects.filter(
        Q(phone_index__in=phones) | Q(reporter_id__in=accounts), state__in=OPEN_STATES
    ).values_list("phone_index", "reporter_id")
    people = [(phones.get(phone), accounts.get(account)) for phone, account in found]
    return {pk for pair in people for pk in pair if pk}


def review(resident: Resident, now: datetime) -> list[Item]:
    """Return the cases a person is named in: under way, closed and still kept, and older ones."""
    rows, joined = _cases(resident), _joined(resident)
    kept_for = _kept()
    fresh = Q(closed_at__gt=now - kept_for)
    found = counts(
        resident,
        going=rows.filter(state__in=OPEN_STATES),
        kept=rows.filter(fresh).exclude(state__in=OPEN_STATES),
        old=rows.exclude(_stays(now - kept_for)),
        words=told(rows.exclude(_stays(now - kept_for))),
        joined=joined.exclude(case__state__in=OPEN_STATES),
    )
    until = timezone.localdate(now + kept_for)
    going = Kept(_("办结前要能联系您、答复您。"), OPEN_LAW)
    kept = Kept(_("发生争议时要能查证；到期后可删除。"), LAW, until)
    files = Kept(_("调解要立卷归档，当事人的姓名和联系方式随案卷保存。"), FILE_LAW)
    return [
        Item("cases_open", _("正在办理的事项"), found["going"], going),
        Item("cases_kept", _("已办结事项里的姓名和电话"), found["kept"], kept),
        Item("cases_old", _("保存期已过的办结事项里的姓名和电话"), found["old"]),
        Item("case_words", _("保存期已过的办结事项里您写的内容、照片和录音"), found["words"]),
        Item("mediations", _("您是当事人的调解案卷"), len(files_of(resident)), files),
        Item("joined", _("已关注的办结事项"), found["joined"]),
    ]


def erase(resident: Resident, now: datetime) -> None:
    """Empty who reported, and what they said, in what was closed before the rule's time.

    Those who joined are forgotten alike; files of mediation stay.
    """
    old = _cases(resident).exclude(_stays(now - _kept()))
    forget_words(told(old))
    _forget(old)
    for joiner in _joined(resident).exclude(case__state__in=OPEN_STATES):
        _leave(joiner)


def _forget(rows: QuerySet[Case]) -> None:
    rows.update(reporter_name="", reporter_phone="", phone_index="", reporter=None)


def _due(edge: datetime) -> QuerySet[Case]:
    """Return the cases closed before the edge that still say who reported them."""
    named = (
        Q(reporter_name__blank=False) | Q(reporter_phone__blank=False) | Q(reporter__isnull=False)
    )
    rows = Case.objects.filter(named, closed_at__lt=edge).exclude(state__in=OPEN_STATES)
    people = Resident.objects.filter(pk__in=held())
    phones = people.exclude(phone_index="").values("phone_index")
    accounts = people.exclude(account=None).values("account_id")
    return rows.exclude(phone_index__in=phones).exclude(
        Q(reporter__isnull=False) & Q(reporter__in=accounts)
    )


def _let_go(keys: Sequence[int], _now: datetime) -> None:
    _forget(Case.objects.filter(pk__in=keys))
    for joiner in Joiner.objects.filter(case__in=keys):
        _leave(joiner)


def _leave(joiner: Joiner) -> None:
    joiner.key, joiner.account = f"gone{joiner.pk}", None
    joiner.phone = joiner.phone_index = ""
    joiner.save()


REPORTERS = Kind(
    "cases.reporters", _("已办结事项里的反映人姓名和电话"), _("清空反映人，保留事项和办理经过"),
    LAW, 1095, 1095, 3650, _due, _let_go,
)  # fmt: skip


def plug_in() -> None:
    """Tell the registers what residents may refuse, what cases hold of them, what is open."""
    register_purpose(RATING_TEXTS)
    register_part("cases", Part(review, erase, 10))
    register_open("cases", open_of)
    register_retained(REPORTERS)
