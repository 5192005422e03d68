"""Follow a report that was made without log-in, by its number and tracking code."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import InvalidStep, StepRefused
from linli.work.cases.actions import TooManyTries, rate_tracked, try_code
from linli.work.cases.models import Case
from linli.work.cases.queries import case_by_tracking, get_tracked_attachment, lead_of, timeline_of

from .rating import rate_form


@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; ten wrong tries in ten minutes make it wait."""
    number = request.POST.get("number") or request.GET.get("number", "")
    context = {"number": number}
    if request.method == "GET":
        return render(request, "website/track.html", context)
    code, sender = request.POST.get("code", ""), request.META.get("REMOTE_ADDR", "")
    try:
        case = try_code(lambda: case_by_tracking(number, code), sender=sender)
    except TooManyTries:
        problem = _("试的次数太多，请10分钟后再试，或拨打社区电话。")
        return render(request, "website/track.html", context | {"problem": problem}, status=429)
    if case is None:
        problem = _("编号或查询码不对，请核对登记时给您的短信或页面。")
        return render(request, "website/track.html", context | {"problem": problem}, status=422)
    seen = [*request.session.get("tracked", [])[-9:], case.pk]
    request.session["tracked"] = seen
    return redirect("website:tracked", number=case.number)


def _tracked(request: HttpRequest, number: str) -> Case:
    for case in Case.objects.select_related("category", "area", "unit").filter(
        pk__in=request.session.get("tracked", [])
    ):
        if case.number == number:
            return case
    raise Http404


@never_cache
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """Show the story of a tracked report."""
    if not request.session.get("tracked"):
        return redirect(f"/track/?number={number}")
    case = _tracked(request, number)
    return _show(request, case, rate_form(case))


def _show(
    request: HttpRequest, case: Case, form: object, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "case": case,
        "lead": lead_of(case),
        "items": timeline_of(case, public=True),
        "form": form,
        "problem": problem,
        "now": timezone.now(),
        "file_url": "website:tracked_file",
        "thumb_url": "website:tracked_thumbnail",
        "rate_url": "website:tracked_rate",
        "token": uuid.uuid4().hex,
    }
    return render(request, "website/case.html", context, status=status)


@require_POST
def tracked_rate(request: HttpRequest, number: str) -> HttpResponse:
    """Rate a tracked report."""
    case = _tracked(request, number)
    key = request.POST.get("token") or None
    try:
        actor = request.actor  # type: ignore[attr-defined]
        rate_tracked(case, now=timezone.now(), data=request.POST, key=key, actor=actor)
    except InvalidStep as error:
        return _show(request, case, error.form, str(error), 422)
    except StepRefused as error:
        return _show(request, case, rate_form(case, request.POST), str(error), 409)
    return redirect("website:tracked", number=number)


@require_safe
def tracked_file(request: HttpRequest, attachment_id: int, small: bool = False) -> FileResponse:
    """Send a file of a tracked report."""
    found = get_tracked_attachment(request.session.get("tracked", []), attachment_id)
    source = found.thumbnail if small and found.thumbnail else found.file
    mime = "image/jpeg" if small else found.mime
    response = FileResponse(source.open("rb"), content_type=mime, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
