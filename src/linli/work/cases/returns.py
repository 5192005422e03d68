"""Returns 退单: a unit says "not ours", the dispatcher rules, the district rules a second time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.kernel.flow import Context

from .dispatching import objection
from .models import ReturnRequest

MOST_RETURNS = 2


def guard_ask(context: Context) -> str | None:
    """After two rulings there is no further return; one request waits at a time."""
    case = context.subject
    if case.returns >= MOST_RETURNS:
        return _("本工单已两次裁定，不得再退。")
    if case.return_requests.filter(state="asked").exists():
        return _("已有一份退单申请等待裁定。")
    if context.data["proposed"].pk == case.unit_id:
        return _("建议承办单位不能是本单位。")
    return None


def ask(context: Context) -> None:
    """Record the request; the clock goes on."""
    draft(context).save(force_insert=True)


def draft(context: Context) -> ReturnRequest:
    """Count the return on the case and return the request, not yet saved."""
    case = context.subject
    case.returns += 1
    context.entry |= {"unit": case.unit_id, "proposed": context.data["proposed"].pk}
    return ReturnRequest(
        case=case,
        state="asked",
        area_code=case.area_code,
        asked_by_id=context.actor.account_id or 0,
        from_unit_id=case.unit_id,
        proposed_unit=context.data["proposed"],
        reason=context.data["reason"],
        level="subdistrict" if case.returns == 1 else "district",
        asked_at=context.now,
    )


def waiting(context: Context) -> ReturnRequest | None:
    """Return the request that waits for a ruling."""
    found: ReturnRequest | None = context.subject.return_requests.filter(state="asked").first()
    return found


def guard_decide(context: Context) -> str | None:
    """There must be a request, and a second one is ruled on by the district."""
    request = waiting(context)
    if request is None:
        return _("没有等待裁定的退单申请。")
    if request.level == "district" and not context.actor.roles & {"district_dispatcher"}:
        return _("第二次退单由区级中心裁定。")
    return None


def guard_new_unit(context: Context) -> str | None:
    """The new unit must be another one, and one that may have the case."""
    if context.data["unit"].pk == context.subject.unit_id:
        return _("准予退单须改派给其他单位。")
    return objection(context.subject, context.subject.category, context.data["unit"])


def grant(context: Context) -> None:
    """Move the case to the unit ruled on; its clock goes on."""
    _rule(context, waiting(context))
    move(context)


def move(context: Context) -> None:
    """Give the case to the unit ruled on."""
    case, unit = context.subject, context.data["unit"]
    context.entry |= {"unit": unit.pk, "from_unit": case.unit_id}
    case.unit, case.handler = unit, None
    case.deadline_at = case.due_at


def refuse(context: Context) -> None:
    """Leave the case where it is."""
    _rule(context, waiting(context))
    stay(context)


def stay(context: Context) -> None:
    """Say in the ledger with whom the case stays."""
    context.entry["unit"] = context.subject.unit_id


def _rule(context: Context, request: ReturnRequest | None) -> None:
    if request is not None:
        settle(context, request)
        request.save()


def settle(context: Context, request: ReturnRequest) -> None:
    """Write the ruling of this step into the request, without saving it."""
    request.state = "granted" if context.step.name == "grant_return" else "refused"
    request.ruling = context.data["ruling"]
    request.decided_at = context.now
    request.decided_by_id = context.actor.account_id
    request.version += 1
