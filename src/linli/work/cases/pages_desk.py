"""Cases on the desk: the work list, one case, its steps, registering for someone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.scope import Actor

from .actions import (
    Registered,
    answer_at_once,
    may_look,
    register_case,
    reveal_contact,
    settle_on_spot,
)
from .actions.attempts import StepResult, post_step
from .attachments import clean_files
from .intake import StaffIntakeForm
from .mediation.queries import mediations_of
from .models import Case, Nature
from .natures.queries import looks_at
from .queries import (
    get_attachment,
    get_by_number,
    statistics_hint,
    step_rows,
    visible_cases,
    work_list,
)
from .suggest.lessons import keep_overrides
from .tasks.opening import openings
from .tasks.queries import tasks_of
from .tasks.timeline import task_items
from .timeline import timeline
from .together.acts import acts_of

TABS = {
    "mine": gettext_lazy("待我办理"),
    "unit": gettext_lazy("本单位在办"),
    "area": gettext_lazy("辖区在办"),
}
PAGE = 50
# Natures that are not ticked off as settled, with what to do instead.
SETTLED_ELSEWHERE = {
    Nature.SUGGESTION: gettext_lazy("建议要写明是否采纳：请先登记，再到工单页办结。"),
    Nature.PRAISE: gettext_lazy("表扬登记后自动致谢办结，不用勾选当场办结。"),
}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, ordered by deadline."""
    actor, now = _actor(request), timezone.now()
    which = request.GET.get("which", "mine")
    which = which if which in TABS else "mine"
    rows = work_list(actor, which, PAGE + 1)
    return render(
        request,
        "cases/todo.html",
        {
            "may_register": actor.can("cases.register"),
            "rows": rows[:PAGE],
            "more": len(rows) > PAGE,
            "which": which,
            "tabs": TABS,
            "now": now,
            "acts": acts_of(actor),
            "counts": statistics_hint(actor, now),
        },
    )


@staff_only
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its story and what can be done now."""
    case = get_by_number(_actor(request), number)
    return _render_detail(request, case)


@staff_only
@require_POST
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the case again with what was typed."""
    case = get_by_number(_actor(request), number)
    result = post_step(request, case, name)
    if result.done:
        messages.success(request, _("“%(step)s”已完成。") % {"step": result.label})
        return redirect("cases:detail", number=number)
    fresh = get_by_number(_actor(request), number)
    return _render_detail(request, fresh, result, status=409 if result.overtaken else 422)


def _render_detail(
    request: HttpRequest, case: Case, result: StepResult | None = None, status: int = 200
) -> HttpResponse:
    actor, now = _actor(request), timezone.now()
    forms = step_rows(case, actor, result)
    subtasks = tasks_of(case)
    context = {
        "case": case,
        "items": sorted([*timeline(case), *task_items(subtasks)], key=lambda item: item.at),
        "subtasks": subtasks,
        "openings": openings(actor, case, {task.kind for task in subtasks if task.is_open}),
        "steps": forms,
        "result": result,
        "lost": result if result and not any(row["active"] for row in forms) else None,
        "may_look": may_look(actor, case),
        "looks": looks_at(actor, case),
        "mediations": mediations_of(actor, case) if case.nature == Nature.DISPUTE else [],
        "may_mediate": _may_mediate(actor, case),
        "now": now,
    }
    return render(request, "cases/detail.html", context, status=status)


def _may_mediate(actor: Actor, case: Case) -> bool:
    dispute = case.nature == Nature.DISPUTE and case.is_open
    return dispute and actor.can("cases.mediate", case.area_code)


@staff_only
@require_POST
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show who reported the case, once, and record who looked."""
    case = get_by_number(_actor(request), number)
    try:
        found = reveal_contact(
            case.pk,
            actor=_actor(request),
            now=timezone.now(),
            reason=request.POST.get("reason", ""),
        )
    except StepRefused as error:
        return render(
            request, "cases/parts/contact.html", {"case": case, "error": str(error)}, status=422
        )
    return render(request, "cases/parts/contact.html", {"case": case, "contact": found})


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a case for a caller, a visitor or from a patrol; perhaps settled on the spot."""
    actor = _actor(request)
    if not actor.can("cases.register"):
        raise PermissionDenied
    if request.method == "GET":
        form = StaffIntakeForm(
            initial={"token": uuid.uuid4().hex, "area_code": request.GET.get("area", "")}
        )
        return render(request, "cases/new.html", {"form": form})
    form = StaffIntakeForm(request.POST)
    done = _register(request, actor, form) if form.is_valid() else None
    if done is None:
        return render(request, "cases/new.html", {"form": form}, status=422)
    case = done.case
    said = (
        _("已答复并办结，编号%(number)s。")
        if request.POST.get("answer")
        else _("已登记，编号%(number)s。")
    )
    messages.success(request, said % {"number": case.number})
    if case.protected and done.tracking_code:
        # The text to a protected reporter's phone names neither, so the clerk has to.
        messages.warning(
            request,
            _("反映人身份受保护，短信不发编号。请当面告诉反映人查询码：%(code)s（只显示这一次）")
            % {"code": done.tracking_code},
        )
    if visible_cases(actor).filter(pk=case.pk).exists():
        return redirect("cases:detail", number=case.number)
    # Who only registers, as a window clerk, does not see cases; the code is for the visitor.
    if done.tracking_code and not case.protected:
        messages.info(request, _("查询码：%(code)s，请抄给反映人。") % {"code": done.tracking_code})
    return redirect("cases:new")


def _register(request: HttpRequest, actor: Actor, form: StaffIntakeForm) -> Registered | None:
    data = form.cleaned_data
    result = request.POST.get("result", "").strip()
    try:
        files = clean_files(request.FILES.getlist("files"))
        after = clean_files(request.FILES.getlist("after"))
    except ValidationError as error:
        form.add_error(None, error)
        return None
    area = data["area_code"]
    if not actor.can("cases.register", area.code):
        form.add_error("area_code", _("该区域不在您的权限范围内。"))
        return None
    report: dict[str, Any] = {
        "intake_key": data["token"],
        "area": area,
        "files": files,
        **{
            name: data[name]
            for name in (
                "channel", "nature", "category", "title", "text", "address", "lon", "lat",
                "reporter_name", "reporter_phone", "protected",
            )
        },
    }  # fmt: skip
    report["unit"] = data["praised"]
    if request.POST.get("answer"):
        return _answer(request, actor, form, report)
    now = timezone.now()
    if request.POST.get("settle"):
        return _settle(actor, form, now, result, report | {"after": after})
    done = register_case(actor=actor, now=now, **report)
    if not done.repeated:
        keep_overrides(done.case, actor=actor, now=now)
    return done


def _settle(
    actor: Actor, form: StaffIntakeForm, now: datetime, result: str, report: dict[str, Any]
) -> Registered | None:
    """Register and close what was put right; where that cannot be, say so at its field."""
    nature = form.cleaned_data["nature"]
    if nature in SETTLED_ELSEWHERE:
        form.add_error("nature", SETTLED_ELSEWHERE[nature])
    elif not actor.can("cases.settle", report["area"].code):
        form.add_error(None, _("您不能当场办结，请去掉勾选，只登记。"))
    elif not result:
        form.add_error(None, _("当场办结需要填写处理结果。"))
    else:
        return settle_on_spot(actor=actor, now=now, result=result, **report)
    return None


def _answer(
    request: HttpRequest, actor: Actor, form: StaffIntakeForm, report: dict[str, Any]
) -> Registered | None:
    """Answer with an article; where it is refused, say so on the form as it was typed."""
    article = request.POST["answer"][:16]
    try:
        return answer_at_once(actor=actor, now=timezone.now(), article=article, **report)
    except InvalidStep as error:
        problems = [str(text) for rows in error.form.errors.values() for text in rows]
        form.add_error(None, " ".join(problems))
    except StepRefused as error:
        form.add_error(None, str(error))
    return None


@require_safe
def attachment(request: HttpRequest, attachment_id: int, small: bool = False) -> FileResponse:
    """Send a file of a case the person may see."""
    found = get_attachment(_actor(request), attachment_id)
    source = found.thumbnail if small and found.thumbnail else found.file
    response = FileResponse(
        source.open("rb"),
        content_type="image/jpeg" if source == found.thumbnail else found.mime,
        filename=found.name,
        as_attachment=found.mime == "application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
