"""The demonstration's mediations, in every state, through the actions themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from linli.base.accounts.models import Account, GrantRow
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.kernel.scope import Actor

from .actions.steps import take_step
from .mediation.actions import open_mediation, take_mediation_step
from .mediation.models import Mediation

Person = Mapping[str, Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """One dispute: how many days ago it came, and how far it has got."""

    ago: int
    kind: str
    title: str
    facts: str
    parties: tuple[Person, Person]
    until: str
    record: str = ""
    terms: str = ""
    owed: tuple[tuple[int, str, int], ...] = ()  # party, what, days after the agreement


def _person(name: str, number: int, address: str, **more: Any) -> Person:
    return {"name": name, "phone": f"1900000{number}", "address": address} | more


STORIES = (
    Story(
        95,
        "damages",
        "狗咬伤小孩的赔偿",
        "遛狗没拴绳，小孩小腿被咬伤，医药费谁出谈不拢。",
        (_person("周晓梅", 7101, "3号楼2单元"), _person("秦志远", 7102, "5号楼1单元")),
        "confirmed",
        "双方到场，狗主人道歉，对护理费有分歧，最后说定。",
        "一、秦志远赔偿医药费和护理费共2600元。\n二、今后遛狗拴绳。",
        ((1, "支付赔偿款2600元", 7),),
    ),
    Story(
        58,
        "family",
        "三个子女轮流照顾老人",
        "老人今年住院两次，子女对轮流照顾和费用说法不一。",
        (_person("郑桂兰", 7103, "8号楼4单元"), _person("郑建国", 7104, "外区")),
        "failed",
        "老人想留在家里，子女对费用分摊始终谈不拢。",
    ),
    Story(
        41,
        "consumer",
        "干洗店洗坏大衣",
        "大衣洗后褪色，店家只肯退洗衣费。",
        (
            _person("曹丽娟", 7105, "1号楼"),
            _person("净衣干洗店", 7106, "沿街12号", organisation=True),
        ),
        "declined",
    ),
    Story(
        17,
        "neighbours",
        "三楼漏水损坏二楼顶棚",
        "三楼漏水，二楼顶棚和衣柜泡坏，赔多少说不拢。",
        (_person("孙玉芬", 7107, "6号楼2单元201"), _person("马立军", 7108, "6号楼2单元301")),
        "agreed",
        "到现场看了漏点，请物业师傅测了水管，双方同意先修后赔。",
        "一、马立军负责修好卫生间防水。\n二、马立军赔偿损失1800元。\n三、孙玉芬不再追究其他损失。",
        ((1, "修好卫生间防水", 5), (1, "支付赔偿款1800元", 20)),
    ),
    Story(
        9,
        "property",
        "地下车库漏水，业主拒交物业费",
        "车库漏水两年，十几户业主因此不交物业费。",
        (
            _person("高明", 7109, "2号楼"),
            _person("安居物业公司", 7110, "小区西门", organisation=True),
        ),
        "mediating",
        "物业答应一周内拿出维修方案，业主愿意方案公示后补交。",
    ),
    Story(
        1,
        "neighbours",
        "楼上半夜搬动家具",
        "楼上夜里一两点还在搬家具，说过几次没用。",
        (_person("许秀英", 7111, "4号楼1单元"), _person("韩冬", 7112, "4号楼1单元")),
        "registered",
    ),
)


def load_demo_mediations(*, now: datetime) -> int:
    """Load mediations of one community; nothing where there are some or nobody mediates."""
    worker = _someone("community_worker")
    if worker is None or worker.unit is None or Mediation.objects.exists():
        return 0
    place = Area.objects.filter(
        code__startswith=worker.unit.area_code, level="grid", valid_to=None
    ).order_by("code").first() or Area.objects.get(pk=worker.unit.area_id)  # fmt: skip
    head = _someone("subdistrict_dispatcher", place.code[:9])
    for story in STORIES:
        _play(story, actor_of(worker), actor_of(head) if head else None, place, now)
    return len(STORIES)


def _someone(role: str, within: str = "") -> Account | None:
    rows = GrantRow.objects.filter(role=role, area_code__startswith=within, valid_to=None)
    rows = rows.select_related("account__unit").order_by("area_code", "account_id")
    shown = rows.filter(account__username__endswith="-demo").first()
    found = shown or rows.first()
    return found.account if found else None


class Teller:
    """Takes the steps of one mediation, a moment later each time."""

    def __init__(self, made: Mediation, actor: Actor, at: datetime) -> None:
        self.made, self.actor, self.at = made, actor, at

    def step(self, name: str, **data: Any) -> None:
        """Take a step twenty minutes after the one before."""
        self.at += timedelta(minutes=20)
        take_mediation_step(name, self.made.pk, actor=self.actor, now=self.at, data=data)


def _play(
    story: Story, actor: Actor, head: Actor | None, place: Area, now: datetime
) -> None:  # fmt: skip
    start = timezone.localtime(now - story.ago * DAY).replace(hour=9, minute=10)
    data = {"kind": story.kind, "origin": "applied", "facts": story.facts, "title": story.title,
            "channel": "window", "area": place}  # fmt: skip
    first, second = story.parties
    made = open_mediation(
        actor=actor, now=start, key=f"demo-{story.ago}", data=data,
        parties=[dict(first) | {"applicant": True}, second],
    )  # fmt: skip
    teller = Teller(made, actor, start)
    a, b = made.parties.all()
    day = timezone.localdate(start)
    teller.step("consent", party=a.pk, on=day)
    if story.until == "declined":
        teller.step("refuse", party=b.pk, advice=["administrative", "court"], note="店家不愿调解。")
    if story.until in {"declined", "registered"}:
        return
    teller.step("consent", party=b.pk, on=day)
    teller.step("accept", mediator=actor.account_id)
    teller.at += DAY
    teller.step("hold", held_at=f"{timezone.localtime(teller.at):%Y-%m-%dT%H:%M}",
                place="社区调解室", present=[a.pk, b.pk], record=story.record)  # fmt: skip
    if story.until == "failed":
        teller.step("fail", advice=["court"], note="费用分摊分歧太大。")
    if story.until in {"failed", "mediating"}:
        return
    _agree(story, teller, (a.pk, b.pk))
    if head is not None and story.until == "confirmed":
        _after(teller, head)


def _agree(story: Story, teller: Teller, parties: tuple[int, int]) -> None:
    day = timezone.localdate(teller.at)
    teller.step("draft", form="written", matter=story.facts, terms=story.terms)
    for party, what, days in story.owed:
        teller.step("oblige", debtor=parties[party], what=what, due_on=day + days * DAY)
    for party_id in parties:
        teller.step("sign", party=party_id, on=day)
    teller.step("conclude", on=day)
    first = teller.made.obligations.order_by("due_on").first()
    if first is not None:
        teller.at += 4 * DAY
        teller.step("perform", obligation=first.pk, result="performed",
                    on=timezone.localdate(teller.at))  # fmt: skip


def _after(teller: Teller, head: Actor) -> None:
    """The agreement goes to the court; the case is checked by the subdistrict."""
    take_step("close", teller.made.case_id, actor=head, now=teller.at + DAY,
              data={"result": "双方已达成调解协议并履行。"})  # fmt: skip
    teller.step("apply", court="区人民法院", on=timezone.localdate(teller.at), joint="on",
                no_status="on")  # fmt: skip
    teller.at += 10 * DAY
    teller.step("ruling", result="confirmed", ruling="民特第36号")
    teller.step("visit", note="电话回访双方，赔偿款已付清，没有新的矛盾。")
