"""Open data for everybody: the months, and a month's masked cases as CSV or JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import open_data
from .limits import TooMany, admit


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the months, the columns and the interfaces."""
    context = {"months": open_data.months(timezone.now()), "columns": open_data.COLUMNS}
    return render(request, "api/open_data.html", context)


@require_safe
def month(request: HttpRequest, year: int, month: int, kind: str) -> HttpResponse:
    """Give a month's rows out; 404 for one that has not ended or has nothing, 429 too often."""
    now = timezone.now()
    try:
        admit(request, "", now=now)
    except TooMany as busy:
        told = _("请求太频繁，请稍后再试。")
        answer = HttpResponse(told, status=429, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = str(busy.seconds)
        return answer
    if (year, month) not in open_data.months(now, 120):
        raise Http404
    rows = open_data.rows_of(year, month)
    if kind == "json":
        return JsonResponse({"cases": list(rows)}, json_dumps_params={"ensure_ascii": False})
    answer = HttpResponse(open_data.as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{year}-{month:02d}.csv"'
    return answer
