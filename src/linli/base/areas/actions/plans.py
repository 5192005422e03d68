"""Ask for a layout, compute it, and decide on it: adopted as one act, or rejected with a reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..editing import layout_token
from ..layout.dwellings import Dwelling
from ..layout.proposal import Draft, Infeasible, Proposal, propose
from ..layout.queries import Ground, ground
from ..layout.rules import Place, Wish, faults
from ..models import Area, GridKind, LayoutPlan, Level, PlanState
from .layouts import adopt_layout
from .succession import Act, Heir, demand

AT_ONCE = 300  # so many dwellings are solved within the request (a few seconds), more by a job
SHARES = {"cells": (0, 10), "divide": (10, 80), "borders": (90, 10)}


def ask_for_layout(
    *,
    actor: Actor,
    now: datetime,
    community: Area,
    wish: Wish,
    uploaded: Sequence[Dwelling] | None = None,
    at_once: int = AT_ONCE,
) -> LayoutPlan:
    """Store a request for a layout and return it: solved already, or being solved by a job.

    `uploaded` takes the place of the register's building groups. Raises PermissionDenied, and
    ValidationError with every reason where no layout can be, or one is being computed already.
    """
    demand(actor, "areas.edit", community)
    if community.level != Level.COMMUNITY or not community.boundary:
        raise ValidationError(_("这个社区还没有边界，请先导入社区边界。"))
    rows = None if uploaded is None else [list(asdict(one).values()) for one in uploaded]
    base = ground(community, rows)
    _refuse_early(base, wish)
    try:
        with transaction.atomic():
            plan = LayoutPlan.objects.create(
                area=community, area_code=community.code, token=layout_token(community),
                uploaded=rows, left_out=base.left_out, asked_at=now, asked_by_id=actor.account_id,
                low=wish.low, high=wish.high, count=wish.count, keep_borders=wish.keep_borders,
            )  # fmt: skip
            _record(plan, "propose_layout", actor, now, dwellings=len(base.dwellings))
            if len(base.dwellings) <= at_once:
                if found := solve(plan, base):
                    raise ValidationError(found)
            else:
                from ..jobs import solve_layout

                solve_layout.defer(plan_id=plan.pk)
    except IntegrityError as error:
        raise ValidationError(_("这个社区正在计算一个方案，请等它算完。")) from error
    return plan


def _refuse_early(base: Ground, wish: Wish) -> None:
    """Refuse what cannot be whatever the grids; special grids are looked at by the solver."""
    if not any(one.special for one in base.standing):
        places = [Place(one.label, one.households) for one in base.dwellings]
        found = faults(sum(place.households for place in places), places, wish)
        if found:
            raise ValidationError(found)


def solve(plan: LayoutPlan, base: Ground | None = None) -> list[str]:
    """Compute a proposal and store it; return why there is none (stored too), empty where it is.

    A plan that is not being computed any more is left as it is.
    """
    if plan.state != PlanState.COMPUTING:
        return []
    base = base or ground(plan.area, plan.uploaded)
    wish = Wish(plan.low, plan.high, plan.count, plan.keep_borders)

    def tell(stage: str, share: float) -> None:
        start, part = SHARES[stage]
        LayoutPlan.objects.filter(pk=plan.pk).update(progress=start + int(part * share))

    try:
        found = propose(base.outline, base.standing, base.dwellings, wish, tell=tell)
    except Infeasible as error:
        plan.state, plan.faults = PlanState.FAILED, error.reasons
        plan.save(update_fields=["state", "faults"])
        return error.reasons
    plan.before = _before(base, found)
    plan.after = _after(base, found)
    plan.figures = {**asdict(found.borders), "moved_households": found.moved_households}
    plan.state, plan.progress = PlanState.WAITING, 100
    plan.save(update_fields=["state", "before", "after", "figures", "progress"])
    return []


def _before(base: Ground, found: Proposal) -> list[dict[str, Any]]:
    kept = {draft.same for draft in found.drafts}
    return [
        {
            "name": grid.name,
            "households": households,
            "special": grid.grid_kind == GridKind.SPECIAL,
            "same": number in kept,
            "boundary": grid.boundary,
        }
        for number, (grid, households) in enumerate(zip(base.grids, found.before, strict=True))
    ]


def _after(base: Ground, found: Proposal) -> list[dict[str, Any]]:
    names = _names(base.grids, found.drafts)
    rows = []
    for name, draft in zip(names, found.drafts, strict=True):
        same = None if draft.same is None else base.grids[draft.same]
        rows.append(
            {
                "name": name,
                "households": draft.households,
                "dwellings": len(draft.dwellings),
                "special": draft.fixed,
                "same": same is not None,
                "sources": [base.grids[number].name for number in draft.sources],
                "boundary": json.loads(json.dumps(mapping(draft.shape))),
            }
        )
    return rows


def _names(grids: Sequence[Area], drafts: Sequence[Draft]) -> list[str]:
    """Name each new grid: as the one it equals, else as its largest source, else by number."""
    names = [grids[draft.same].name if draft.same is not None else "" for draft in drafts]
    taken = set(names) - {""}
    for number, draft in enumerate(drafts):
        wished = grids[draft.sources[0]].name if draft.sources else ""
        if not names[number] and wished and wished not in taken:
            names[number] = wished
            taken.add(wished)
    free = (_("第%(n)d网格") % {"n": n} for n in range(1, 2 * len(drafts) + len(grids) + 2))
    for number, name in enumerate(names):
        if not name:
            names[number] = next(one for one in free if one not in taken)
            taken.add(names[number])
    return names


def _decide(plan: LayoutPlan, state: PlanState, actor: Actor, now: datetime) -> LayoutPlan:
    demand(actor, "areas.edit", plan.area)
    locked = LayoutPlan.objects.select_for_update(of=("self",)).select_related("area").get(
        pk=plan.pk
    )  # fmt: skip
    if locked.state != PlanState.WAITING:
        raise ValidationError(_("这个方案已不在“待决定”状态，请刷新后再看。"))
    locked.state, locked.decided_at, locked.decided_by_id = state, now, actor.account_id
    return locked


@transaction.atomic
def reject_plan(*, actor: Actor, now: datetime, plan: LayoutPlan, reason: str) -> LayoutPlan:
    """Reject a waiting proposal; raises PermissionDenied, or ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError(_("请写明不采用的原因。"))
    locked = _decide(plan, PlanState.REJECTED, actor, now)
    locked.reason = reason.strip()[:200]
    locked.save(update_fields=["state", "decided_at", "decided_by_id", "reason"])
    _record(locked, "reject_layout", actor, now, reason=locked.reason)
    return locked


@transaction.atomic
def adopt_plan(*, actor: Actor, now: datetime, plan: LayoutPlan, note: str = "") -> Act:
    """Put a waiting proposal in force as one act that moves people and open work along.

    Raises what adopt_layout raises: nothing is stored then, and the proposal goes on waiting.
    """
    locked = _decide(plan, PlanState.ADOPTED, actor, now)
    heirs = [
        Heir(
            row["name"],
            shape(row["boundary"]),
            grid_kind=GridKind.SPECIAL if row["special"] else GridKind.ORDINARY,
            households=None if locked.uploaded is None else row["households"],
        )
        for row in locked.after
    ]
    act = adopt_layout(
        actor=actor, now=now, community=locked.area, token=locked.token, grids=heirs,
        note=note.strip() or _("布局方案%(n)d") % {"n": locked.pk},
    )  # fmt: skip
    locked.act, locked.reason = act.key, note.strip()[:200]
    locked.save(update_fields=["state", "decided_at", "decided_by_id", "act", "reason"])
    _record(locked, "adopt_layout", actor, now, act=str(act.key), grids=len(heirs))
    return act


def _record(plan: LayoutPlan, verb: str, actor: Actor, now: datetime, **data: Any) -> None:
    ledger.append(
        subject_type="layout_plan",
        subject_id=plan.pk,
        verb=verb,
        actor=actor,
        at=now,
        area_code=plan.area_code,
        data=data,
    )
