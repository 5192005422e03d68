"""The demonstration's knowledge base: useful samples, and what was asked, praised and suggested."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of, holders
from linli.base.areas.models import Area
from linli.kernel.flow import StepRefused
from linli.kernel.scope import ANONYMOUS, Actor
from linli.work.cases.actions import answer_at_once, register_case, take_step
from linli.work.cases.models import Adoption, Category, Channel, Nature

from .actions import mark, remind_of_expiry, write_article
from .actions import take_step as take_article_step
from .models import Article, ArticleState, ArticleVersion

SEED = 20263
TABLE = Path(__file__).parent / "data" / "articles.json"
MATTERS = Path(__file__).parent / "data" / "matters.json"
QUESTIONS, PRAISES, SUGGESTIONS, MARKS = 60, 16, 9, 90
EXPIRED, SOON, IN_REVIEW, DRAFTS = (3, 11, 18), (5, 14), (21, 24), (25,)


@lru_cache(maxsize=2)
def rows(table: Path = TABLE) -> Any:
    """Return the sample articles, or what residents wrote, as they stand in the file."""
    return json.loads(table.read_text(encoding="utf-8"))


def load_demo(*, now: datetime) -> None:
    """Write and publish the samples; answer, praise and suggest over the past weeks."""
    district = Area.objects.filter(level="district", valid_to=None).order_by("code").first()
    if district is None or Article.objects.exists():
        return
    rng = Random(SEED)  # noqa: S311 - invented data, no secret
    approvers = [actor_of(row) for row in holders("district_dispatcher", district.code, now)]
    agents = [actor_of(row) for row in holders("hotline_agent", district.code, now)]
    if not approvers or not agents:
        return
    writers = _writers(district, now) or agents
    for number, row in enumerate(rows()):
        author = writers.get(row["line"], agents[0]) if isinstance(writers, dict) else agents[0]
        _article(number, row, district, author, approvers[0], now)
    _communities(district, now)
    _questions(rng, agents, now)
    _marks(rng, now)
    _said(rng, agents[0], approvers[0], now)
    remind_of_expiry(now=now)


def _writers(district: Area, now: datetime) -> dict[str, Actor]:
    """Return for each business line someone of its department."""
    people = holders("department_handler", district.code, now)
    units = Account.objects.filter(pk__in=[row.pk for row in people]).select_related("unit")
    return {row.unit.line: actor_of(row) for row in units if row.unit}


def _article(
    number: int, row: dict[str, str], area: Area, author: Actor, approver: Actor, now: datetime
) -> None:
    today = timezone.localdate(now)
    ends = today + timedelta(days=200 + 7 * number)
    if number in EXPIRED:
        ends = today - timedelta(days=4 + number)
    elif number in SOON:
        ends = today + timedelta(days=6 + number)
    data: dict[str, Any] = {
        "title": row["title"], "questions": row["questions"], "answer": row["answer"],
        "source": row["source"], "area_code": area,
        "category": Category.objects.filter(code=row["category"]).first(),
        "valid_from": today - timedelta(days=170), "expires_on": ends,
    }  # fmt: skip
    began = now - timedelta(days=160, minutes=number)
    made = write_article(actor=author, now=began, data=data)
    if number in DRAFTS:
        return
    take_article_step("submit", made.pk, actor=author, now=began + timedelta(hours=1))
    if number in IN_REVIEW:
        return
    take_article_step("publish", made.pk, actor=approver, now=began + timedelta(hours=5))
    if number == 0:  # one that was improved since
        later = data | {"answer": data["answer"] + "\n行动不便的，社区工作人员可以上门办理。"}
        at = now - timedelta(days=40)
        newer = write_article(actor=author, now=at, data=later, article_id=made.article_id)
        take_article_step("submit", newer.pk, actor=author, now=at + timedelta(hours=1))
        take_article_step("publish", newer.pk, actor=approver, now=at + timedelta(hours=9))


def _communities(district: Area, now: datetime) -> None:
    """Let two communities say when their own centre is open."""
    today = timezone.localdate(now)
    areas = Area.objects.filter(level="community", valid_to=None, code__startswith=district.code)
    for area in areas.order_by("code")[:2]:
        workers = holders("community_worker", area.code, now)
        bosses = holders("subdistrict_dispatcher", area.code, now)
        if not workers or not bosses:
            continue
        row = rows(MATTERS)["hours"]
        data = row | {
            "title": row["title"].format(place=area.short_name), "area_code": area,
            "category": None, "valid_from": today - timedelta(days=60),
            "expires_on": today + timedelta(days=300),
        }  # fmt: skip
        at = now - timedelta(days=60)
        made = write_article(actor=actor_of(workers[0]), now=at, data=data)
        take_article_step("submit", made.pk, actor=actor_of(workers[0]), now=at)
        take_article_step(
            "publish", made.pk, actor=actor_of(bosses[0]), now=at + timedelta(hours=2)
        )


def _report(rng: Random, key: str, text: str, category: str, area: Area) -> dict[str, Any]:
    found = Category.objects.select_related("parent").filter(code=category).first()
    other = Category.objects.filter(parent__isnull=False).select_related("parent")
    return {
        "intake_key": f"demo-{key}", "channel": Channel.HOTLINE, "title": text[:40], "text": text,
        "category": found or other.order_by("code")[0], "area": area,
        "reporter_phone": f"1900000{rng.randrange(10000):04d}",
    }  # fmt: skip


def _places() -> list[Area]:
    return list(Area.objects.filter(level="community", valid_to=None).order_by("code"))


def _moment(rng: Random, now: datetime, days: int) -> datetime:
    day = timezone.localtime(now - timedelta(days=rng.randint(1, days)))
    return day.replace(hour=rng.randint(9, 16), minute=rng.randint(0, 59))


def _questions(rng: Random, agents: list[Actor], now: datetime) -> None:
    """Answer questions on the hotline; the first articles are asked about most."""
    places = _places()
    found = list(
        ArticleVersion.objects.filter(
            state=ArticleState.PUBLISHED, expires_on__gte=timezone.localdate(now),
            article__area__level="district",
        ).select_related("article", "category").order_by("pk")
    )  # fmt: skip
    for number in range(QUESTIONS if found else 0):
        version = found[min(int(rng.expovariate(0.25)), len(found) - 1)]
        asked = rng.choice([version.title, *version.questions.splitlines()])
        code = version.category.code if version.category else ""
        text = rows(MATTERS)["asking"][number % 3].format(asked=asked)
        report = _report(rng, f"ask-{number}", text, code, rng.choice(places))
        try:
            answer_at_once(
                actor=rng.choice(agents), now=_moment(rng, now, 30),
                article=version.article.number, **report,
            )  # fmt: skip
        except StepRefused:
            continue


def _marks(rng: Random, now: datetime) -> None:
    found = list(
        ArticleVersion.objects.filter(state=ArticleState.PUBLISHED).select_related("article")
    )
    for number in range(MARKS if found else 0):
        version = found[min(int(rng.expovariate(0.2)), len(found) - 1)]
        at = _moment(rng, now, 30)
        mark(version, actor=ANONYMOUS, now=at, key=f"demo{number}", helpful=rng.random() < 0.82)


def _said(rng: Random, agent: Actor, dispatcher: Actor, now: datetime) -> None:
    """Register praise, and suggestions with what was decided about them."""
    places, said = _places(), rows(MATTERS)
    for number in range(PRAISES if places else 0):
        text = said["praise"][number % len(said["praise"])]
        report = _report(rng, f"praise-{number}", text, "1208", rng.choice(places))
        register_case(
            actor=agent, now=_moment(rng, now, 30), **(report | {"nature": Nature.PRAISE})
        )
    for number in range(SUGGESTIONS if places else 0):
        row = said["suggestion"][number % len(said["suggestion"])]
        at = _moment(rng, now, 20)
        report = _report(rng, f"suggest-{number}", row["text"], row["category"], rng.choice(places))
        made = register_case(actor=agent, now=at, **(report | {"nature": Nature.SUGGESTION}))
        decision = Adoption.values[number % 3]
        data = {"result": row[decision], "adoption": decision}
        if number < SUGGESTIONS - 2:
            take_step("settle", made.case.pk, actor=dispatcher, now=at + timedelta(hours=3),
                      data=data)  # fmt: skip
