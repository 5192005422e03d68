"""What becomes of the demonstration's cases after they were reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from linli.base.accounts.models import Unit
from linli.kernel.scope import SYSTEM, Actor

from . import demo_texts as texts
from . import demo_times as times
from .actions.bulk import Act, Plan, Stored
from .demo_cast import Cast, Place
from .demo_report import shortly
from .limits import limit_for
from .models import Adoption, Category, Nature


class Story:
    """Tells the story of one reported case; stop it anywhere and the case is open there."""

    def __init__(self, rng: Random, cast: Cast, plan: Plan, place: Place, photos: list[Stored]):
        self.rng, self.cast, self.plan, self.place, self.photos = rng, cast, plan, place, photos
        self.category: Category = plan.report["category"]
        self.code = place.area.code
        self.at: datetime = plan.at
        self.dispatched: datetime = plan.at
        self.unit: Unit = place.units["subdistrict"]
        self.handler: Actor | None = None
        self.returned = False

    def act(self, step: str, actor: Actor, at: datetime, **more: Any) -> None:
        """Add a step."""
        photos, key = more.pop("photos", ()), more.pop("key", None)
        self.plan.acts.append(Act(step, actor, at, more, photos, key))
        self.at = at

    def later(self, minutes: float) -> datetime:
        """Return a moment so many minutes of service time later, slower where people are."""
        return times.after_work(
            self.rng, self.at, minutes * (2.2 - 1.4 * self.place.diligence), self.code
        )

    def tell(self) -> None:
        """Tell the whole story, from acceptance to rating."""
        if (self.plan.report.get("nature") or self.category.nature) == Nature.PRAISE:
            self.act("thank", SYSTEM, self.plan.at)
            return
        if self._settled_at_once() or self._declined():
            return
        if not self.hand_out() or not self.take_up():
            return
        if self.rng.random() < 0.035 and not self._return():
            return
        self.carry_out()
        self._judge()

    def _settled_at_once(self) -> bool:
        rng, channel = self.rng, self.plan.report["channel"]
        if channel == "patrol" and rng.random() < 0.6:
            self.act("settle", self.plan.actor, self.plan.at, result="巡查发现，已当场处理完毕")
            return True
        question = self.category.nature == "consultation" and channel == "hotline"
        if question and self.plan.actor.can("cases.settle", self.code) and rng.random() < 0.55:
            at = self.plan.at + timedelta(seconds=rng.randint(90, 600))
            self.act("settle", self.plan.actor, at, result=texts.answer(rng, self.category.code))
            return True
        return False

    def _declined(self) -> bool:
        rng = self.rng
        _, automatic = self.cast.unit_for(self.category, self.place, self.plan.at)
        if automatic or rng.random() > 0.022:
            return False
        reason = rng.choice(list(texts.DECLINED))
        self.act("decline", self.dispatcher(), self.later(14), reason=reason,
                 note=texts.DECLINED[reason])  # fmt: skip
        return True

    def dispatcher(self) -> Actor:
        """Return someone who dispatches for this place."""
        return self.rng.choice(self.place.staff["dispatchers"])

    def accept(self) -> None:
        """Take the case on by hand."""
        slow = 6.0 if self.rng.random() < 0.12 * (1.4 - self.place.diligence) * 2 else 1.0
        self.act("accept", self.dispatcher(), self.later(11 * slow))

    def hand_out(self) -> bool:
        """Accept and dispatch; False where nobody could do it."""
        self.unit, automatic = self.cast.unit_for(self.category, self.place, self.plan.at)
        if automatic:
            at = shortly(self.rng, self.plan.at)
            self.act("accept", SYSTEM, at, key="triage")
            self.act("dispatch", SYSTEM, at, unit=self.unit)
        else:
            self.accept()
            self.act("dispatch", self.plan.acts[-1].actor, self.later(6), unit=self.unit)
        self.dispatched = self.at
        return True

    def take_up(self) -> bool:
        """Sign in and perhaps call the reporter; False where the unit has nobody."""
        people = self.cast.workers(self.unit)
        if not people:
            return False
        self.handler = self.rng.choice(people)
        self.act("sign_in", self.handler, self.later(70))
        asked = self.plan.actor.kind == "resident" or self.plan.report.get("reporter_phone")
        called = any(act.step == "contact" for act in self.plan.acts)
        if asked and not called and not self.protected() and self.rng.random() < 0.86:
            note = self.rng.choice(texts.CONTACTED)
            self.act("contact", self.handler, self.later(90), note=note)
        return True

    def protected(self) -> bool:
        """Tell whether nobody may contact the reporter."""
        nature = self.plan.report.get("nature") or self.category.nature
        return nature == Nature.REPORT or bool(self.plan.report.get("protected"))

    def due(self) -> datetime:
        """Return when handling ends."""
        urgency = self.plan.report.get("urgency") or self.category.urgency
        limit = limit_for(urgency, self.dispatched, self.category.pk)
        return limit.due(self.dispatched, self.code)

    def _return(self) -> bool:
        """Ask to give the case back; True where the story goes on with someone."""
        proposed = self.place.units["subdistrict"]
        if proposed.pk == self.unit.pk or self.handler is None:
            return True
        rng = self.rng
        self.act("ask_return", self.handler, self.later(60), proposed=proposed,
                 reason=rng.choice(texts.RETURN_REASONS))  # fmt: skip
        if rng.random() < 0.6:
            self.act("grant_return", self.dispatcher(), self.later(120), unit=proposed,
                     ruling=rng.choice(texts.RULING_GRANTED))  # fmt: skip
            self.unit = proposed
            return self.take_up()
        self.act("refuse_return", self.dispatcher(), self.later(120),
                 ruling=rng.choice(texts.RULING_REFUSED))  # fmt: skip
        return True

    def carry_out(self) -> None:
        """Handle, report done, perhaps be sent back once, and be closed."""
        rng, diligence = self.rng, self.place.diligence
        if rng.random() < 0.004 + 0.02 * (1 - diligence):
            return  # left lying: it is overdue one day
        late = rng.random() > diligence + 0.015
        share = rng.uniform(1.05, 1.7) if late else rng.betavariate(2, 3.2) * 0.9 + 0.03
        done = times.share_of(self.dispatched, self.due(), share, self.code)
        self.report_done(max(done, self.at + timedelta(minutes=rng.randint(4, 40))))
        if rng.random() < 0.03 + 0.12 * (1 - diligence):
            self.act(
                "send_back", self._checker(), self.later(100), note=rng.choice(texts.SENT_BACK)
            )
            self.report_done(self.later(200))
        self.close()

    def close(self) -> None:
        """Check what was reported done, and answer the reporter."""
        answer = texts.answer(self.rng, self.category.code)
        self.act("close", self._checker(), self.later(100), result=answer, **self._adoption())

    def report_done(self, at: datetime) -> None:
        """Report the case done, with a photo where the category needs one."""
        assert self.handler is not None  # noqa: S101 - someone signed it in
        need = self.category.needs_photo or self.rng.random() < 0.1
        self.act(
            "report_done",
            self.handler,
            at,
            result=texts.answer(self.rng, self.category.code),
            photos=[self.rng.choice(self.photos)] if need and self.photos else (),
        )

    def _checker(self) -> Actor:
        people = [
            actor
            for actor in (*self.place.staff["checkers"], *self.place.staff["dispatchers"])
            if self.handler is None or actor.account_id != self.handler.account_id
        ] or [a for a in self.cast.district if a is not self.handler]
        return people[0] if people else SYSTEM

    def _adoption(self) -> dict[str, str]:
        """Return whether a suggestion is taken up; nothing for other natures."""
        if (self.plan.report.get("nature") or self.category.nature) != Nature.SUGGESTION:
            return {}
        decisions = (*Adoption.values, Adoption.ADOPTED.value)
        return {"adoption": decisions[self.dispatched.minute % len(decisions)]}

    def _judge(self) -> None:
        """Let the reporter rate, or be called back."""
        rng = self.rng
        if not self.plan.acts or self.plan.acts[-1].step != "close":
            return
        closed = self.at
        good = self.place.diligence - (0.3 if closed > self.due() else 0.0)
        rating = rng.choices((5, 4, 3, 2, 1), (good * 9, good * 5, 1.6, 1.1, 0.8))[0]
        solved = "yes" if rating >= 3 or rng.random() < 0.2 else "no"
        after = closed + timedelta(minutes=rng.randint(30, 2600))
        if self.plan.actor.kind == "resident" and rng.random() < 0.5:
            words = rng.choice(texts.RATED_WELL if rating >= 3 else texts.RATED_LOW)
            self.act("rate", self.plan.actor, after, rating=rating, solved=solved, note=words)
        elif self.plan.report.get("reporter_phone") and self.cast.agents and rng.random() < 0.4:
            if self.protected():
                return
            agent = rng.choice(self.cast.agents)
            if rng.random() < 0.18:
                self.act("call_back", agent, after, reached="no", note="无人接听")
            else:
                self.act("call_back", agent, after, reached="yes", solved=solved, rating=rating,
                         note="已回访")  # fmt: skip
