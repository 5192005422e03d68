"""What the registers themselves hold of somebody: which parts go, which stay and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import SYSTEM

from ...accounts.actions import forget_resident
from ..changes.models import Change, ChangeRequest, RecordLook
from ..consents.models import Consent
from ..erasable import Item, Kept, Part, counts, with_open_matters
from ..ledgers.models import LikelySame
from ..models import PRESENT, CareTag, Member, Organisation, Resident, Tenure

LOG_KEPT = timedelta(days=183)  # Cybersecurity Law, article 21: not less than six months
PROOF_KEPT = timedelta(days=3 * 365)
DUTY = _("《个人信息保护法》第十三条第一款第三项（履行法定职责所必需）、第四十七条")
LOG = _("《网络安全法》第二十一条（日志留存不少于六个月）")
PROOF = _("《个人信息保护法》第六十九条、《民法典》第一百八十八条（诉讼时效三年）")


def _tenures(resident: Resident) -> int:
    return Tenure.objects.filter(resident=resident, to_on=None).count()


def record_kept(resident: Resident) -> Kept | None:
    """Return why name, number and birth date must stay; None where they need not."""
    if resident.state in PRESENT:
        return Kept(_("仍在本社区居住，社区登记居民基本情况；迁出后可再申请删除。"), DUTY)
    if _tenures(resident):
        return Kept(_("仍是本社区房屋的产权人或承租人；变更登记后可再申请删除。"), DUTY)
    return None


def _review_record(resident: Resident, _now: datetime) -> list[Item]:
    if resident.erased_at is not None:
        return []
    kept = record_kept(resident)
    return [
        Item("record", _("姓名、身份证号、出生日期等登记内容"), 1, kept),
        Item("phone", _("登记的手机号"), int(bool(resident.phone))),
    ]


def _erase_record(resident: Resident, now: datetime) -> None:
    row = Resident.objects.get(pk=resident.pk)
    row.phone = row.phone_index = ""
    row.sources = {name: stamp for name, stamp in row.sources.items() if name != "phone"}
    if not record_kept(row):
        row.name = row.id_number = row.id_index = row.twin_index = row.gender = ""
        row.born_on, row.dwelling, row.words, row.sources = None, None, None, {}
        row.source, row.erased_at = "", now
    row.save()


def _lasting(resident: Resident) -> bool:
    return record_kept(resident) is not None


def _review_tags(resident: Resident, _now: datetime) -> list[Item]:
    rows = CareTag.objects.filter(resident=resident)
    found = counts(resident, whole=rows, now=rows.filter(ended_on=None, consent=None))
    stay = found["now"] if _lasting(resident) else 0
    law = Kept(_("正在依据名册享受待遇或照顾；标签结束后可再申请删除。"), DUTY)
    return [
        Item("tags", _("关爱标签"), found["whole"] - stay),
        Item("tags_now", _("正在生效的关爱标签（凭名册）"), stay, law),
    ]


def _erase_tags(resident: Resident, _now: datetime) -> None:
    rows = CareTag.objects.filter(resident=resident)
    if _lasting(resident):
        rows = rows.exclude(ended_on=None, consent=None)
    rows.delete()


def _review_traces(resident: Resident, now: datetime) -> list[Item]:
    looks = RecordLook.objects.filter(resident=resident)
    shops = Organisation.objects.filter(phone_index=resident.phone_index).exclude(phone_index="")
    found = counts(
        resident,
        changes=Change.objects.filter(subject="resident", subject_id=resident.pk).exclude(
            source=""
        ),
        requests=ChangeRequest.objects.filter(resident=resident),
        likely=LikelySame.objects.filter(resident=resident),
        old_looks=looks.filter(at__lte=now - LOG_KEPT),
        looks=looks.filter(at__gt=now - LOG_KEPT),
        consents=Consent.objects.filter(resident=resident),
        stays=Member.objects.filter(resident=resident),
        contact=shops,
    )
    log = Kept(_("谁看过档案的记录，用来追查泄露；到期后原因随之清空。"), LOG)
    proof = timezone.localdate(now + PROOF_KEPT)
    consents = Kept(_("证明您何时同意、何时撤回；只留事项和日期。"), PROOF, proof)
    stays = Kept(_("住房的使用经过；登记内容删除后不再指向任何人。"), DUTY)
    contact = Kept(_("您是单位登记的联系人；请由单位更换联系人。"), DUTY)
    return [
        Item("changes", _("更正前后的内容"), found["changes"]),
        Item("requests", _("更正申请里写的内容"), found["requests"]),
        Item("likely", _("导入台账时的比对内容"), found["likely"]),
        Item("looks_old", _("较早的查看原因"), found["old_looks"]),
        Item("looks", _("近期的档案查看记录"), found["looks"], log),
        Item("consents", _("同意与撤回的记录"), found["consents"], consents),
        Item("stays", _("居住经过（仅门牌和日期）"), found["stays"], stays),
        Item("contact", _("单位登记里的联系人"), found["contact"], contact),
    ]


def _erase_traces(resident: Resident, now: datetime) -> None:
    _erase_history(resident, now)
    _erase_looks(resident, now)
    _erase_consents(resident, now)


def _erase_history(resident: Resident, now: datetime) -> None:
    Change.objects.filter(subject="resident", subject_id=resident.pk).update(
        old="", new="", source=""
    )
    rows = ChangeRequest.objects.filter(resident=resident)
    rows.update(wanted="", reason="", answer="")
    rows.filter(state="asked").update(state="withdrawn", decided_at=now)
    LikelySame.objects.filter(resident=resident).delete()


def _erase_looks(resident: Resident, now: datetime) -> None:
    RecordLook.objects.filter(resident=resident, at__lte=now - LOG_KEPT).update(reason="")


def _erase_consents(resident: Resident, now: datetime) -> None:
    rows = Consent.objects.filter(resident=resident)
    rows.update(guardian="", given_paper="", withdrawn_paper="")
    rows.filter(withdrawn_at=None).update(withdrawn_at=now, withdrawn_door="own")


def _review_account(resident: Resident, _now: datetime) -> list[Item]:
    if resident.account_id is None:
        return []
    kept = Kept(_("有事项正在办理，办结后可再申请删除账户。"), DUTY)
    return [Item("account", _("网上账户"), 1, kept if with_open_matters([resident]) else None)]


def _erase_account(resident: Resident, now: datetime) -> None:
    row = Resident.objects.select_related("account").get(pk=resident.pk)
    if row.account is None or with_open_matters([row]):
        return
    account, row.account = row.account, None
    row.save(update_fields=["account"])
    forget_resident(actor=SYSTEM, now=now, account=account)


# The account is closed before the phone goes, the record last: others are found through it.
OWN_PARTS = {
    "people.tags": Part(_review_tags, _erase_tags, 20),
    "people.traces": Part(_review_traces, _erase_traces, 30),
    "people.account": Part(_review_account, _erase_account, 90),
    "people.record": Part(_review_record, _erase_record, 99),
}
