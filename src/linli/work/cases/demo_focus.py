"""Work that waits for the named log-ins of the demonstration, some of it due today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from linli.kernel.scope import Actor

from .actions.bulk import Plan, Stored
from .demo_cast import Cast, Place
from .demo_report import Reporter
from .demo_story import Story
from .limits import limit_for
from .models import Category

# What each role finds in its list: how far the cases have come, and days until they are due.
WORK: dict[str, tuple[tuple[str, int], ...]] = {
    "grid_worker": (("dispatched", 0), ("dispatched", 0), ("in_hand", 0), ("dispatched", 2),
                    ("in_hand", 1), ("dispatched", -1), ("in_hand", 3)),
    "community_worker": (("done", 0), ("done", 0), ("done", 1), ("done", 2), ("dispatched", 0),
                         ("dispatched", 2), ("in_hand", -1)),
    "subdistrict_dispatcher": (("registered", 9), ("registered", 9), ("registered", 9),
                               ("registered", 9), ("accepted", 9), ("accepted", 9), ("asked", 1),
                               ("asked", 2), ("in_hand", 0), ("in_hand", -1)),
    "department_handler": (("dispatched", 0), ("dispatched", 1), ("dispatched", 3),
                           ("in_hand", 0), ("in_hand", 2), ("in_hand", -1)),
}  # fmt: skip


# What the named resident has reported: category, days ago, how far it has come.
OWN = (("0201", 0.02, "registered"), ("1301", 1, "in_hand"), ("0101", 3, "done"),
       ("0504", 11, "close"), ("0701", 33, "rate"))  # fmt: skip


class Focus:
    """Plans open cases for each named log-in."""

    def __init__(
        self, rng: Random, cast: Cast, reporter: Reporter, photos: list[Stored], now: datetime
    ) -> None:
        self.rng, self.cast, self.reporter = rng, cast, reporter
        self.photos, self.now = photos, now

    def plans(self) -> list[Plan]:
        """Return all plans."""
        found = []
        for actor, _account in self.cast.focus:
            for role, wanted in WORK.items():
                if role in actor.roles:
                    found += [
                        plan
                        for state, days in wanted
                        for plan in self._plan(actor, role, state, days)
                    ]
        return found

    def of_resident(self, name: str) -> Iterator[Plan]:
        """Plan what the resident of this name has reported, from just now to long settled."""
        found = (
            (place, account)
            for place in self.cast.places
            for account in place.residents
            if account.name == name
        )
        place, account = next(found, (None, None))
        if place is None or account is None:
            return
        for code, days, upto in OWN:
            category = self.reporter.by_code.get(code)
            if category is None:
                continue
            at = self.now - timedelta(days=days)
            plan = self.reporter.make(at, place, category, "website")
            plan.actor = Actor(kind="resident", account_id=account.pk, name=account.name)
            plan.report.pop("reporter_name", None)
            plan.report.pop("reporter_phone", None)
            story = Story(self.rng, self.cast, plan, place, self.photos)
            if upto != "registered" and story.hand_out() and story.take_up() and upto != "in_hand":
                story.report_done(story.later(90))
                if upto != "done":
                    story.close()
                if upto == "rate":
                    after = story.at + timedelta(hours=3)
                    story.act("rate", plan.actor, after, rating=5, solved="yes", note="谢谢社区")
            plan.acts = [act for act in plan.acts if act.at <= self.now]
            yield plan

    def _plan(self, actor: Actor, role: str, state: str, days: int) -> Iterator[Plan]:
        code = next(grant.area_code for grant in actor.grants if grant.role == role)
        places = [place for place in self.cast.places if place.area.code.startswith(code)]
        fitting = self._categories(actor, role, places[0]) if places else []
        if not fitting:
            return
        place, category = self.rng.choice(places), self.rng.choice(fitting)
        at = self._start(category, place, days)
        plan = self.reporter.make(at, place, category, self.rng.choice(("website", "hotline")))
        story = Story(self.rng, self.cast, plan, place, self.photos)
        self._tell(story, actor, role, state)
        plan.acts = [act for act in plan.acts if act.at <= self.now]
        yield plan

    def _categories(self, actor: Actor, role: str, place: Place) -> list[Category]:
        """Return categories whose rule leads to the log-in's own unit, ordinary ones first."""
        leaves = self.reporter.leaves
        if role == "subdistrict_dispatcher":
            return [c for c in leaves if not self.cast.unit_for(c, place, self.now)[1]]
        fitting = [
            c for c in leaves if self.cast.unit_for(c, place, self.now)[0].pk in actor.unit_ids
        ]
        return [c for c in fitting if c.urgency in {"ordinary", "urgent"}] or fitting

    def _start(self, category: Category, place: Place, days: int) -> datetime:
        """Return when a case was reported that is due `days` from today (9: it came just now)."""
        if days == 9:
            return self.now - timedelta(minutes=self.rng.randint(3, 55))
        wanted = timezone.localtime(self.now).date() + timedelta(days=days)
        limit = limit_for(category.urgency, self.now, category.pk)
        best = self.now - timedelta(days=3)
        for back in range(1, 35):
            start = timezone.localtime(self.now - timedelta(days=back)).replace(
                hour=9, minute=self.rng.randint(0, 40), second=self.rng.randint(0, 59),
                microsecond=0,
            )  # fmt: skip
            due = timezone.localtime(limit.due(start + timedelta(minutes=20), place.area.code))
            if due.date() <= wanted:
                return start
            best = start
        return best

    def _tell(self, story: Story, actor: Actor, role: str, state: str) -> None:
        if state == "registered":
            return
        if state == "accepted":
            story.act("accept", actor, story.plan.at + timedelta(minutes=2))
            return
        story.hand_out()
        if state == "dispatched" or not story.take_up():
            return
        if role != "subdistrict_dispatcher" and state == "in_hand":
            last = [act for act in story.plan.acts if act.step == "sign_in"][-1]
            if any(actor.account_id == person.account_id for person in
                   self.cast.workers(story.unit)):  # fmt: skip
                last.actor = story.handler = actor
        if state == "asked" and story.handler is not None:
            other = story.place.units["subdistrict"]
            if other.pk != story.unit.pk:
                story.act("ask_return", story.handler, story.later(40), proposed=other,
                          reason="经现场核实，权属不在本单位，请改派")  # fmt: skip
        if state == "done":
            story.report_done(story.later(120))
