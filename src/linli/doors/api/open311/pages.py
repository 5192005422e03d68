"""The addresses of GeoReport v2: discovery, services, requests, tokens.

Source: the Open311 GeoReport v2 specification, with its rules for formats, errors, the 90 days and
1,000 requests of a list, and `jurisdiction_id`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.base.areas.queries import district
from linli.work.cases.models import Case, Category
from linli.work.cases.queries import cases_by_key, id_from_number

from .. import queries
from ..limits import TooMany, admit
from ..models import ApiKey
from ..receiving import Refused, category_of, intake_key, receive
from .asking import read_report
from .description import describe
from .replies import Fault, reply, reply_fault, reply_one
from .rows import ENDED, definition_row, request_row, service_row

SPAN, MOST = timedelta(days=90), 1000
View = Callable[..., HttpResponse]


def door(*methods: str) -> Callable[[View], View]:
    """Check method, jurisdiction, key and rate before a page of the interface, and tell faults."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, kind: str, **arguments: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    fault = Fault(
                        405, _("这个地址不接受 %(method)s。") % {"method": request.method}
                    )
                    answer = reply_fault(kind, fault)
                    answer["Allow"] = ", ".join(methods)
                    return answer
                return view(request, kind, _admitted(request), **arguments)
            except Fault as fault:
                return reply_fault(kind, fault)
            except Http404:
                return reply_fault(kind, Fault(404, _("没有找到。")))
            except TooMany as busy:
                answer = reply_fault(kind, Fault(429, _("请求太频繁，请稍后再试。")))
                answer["Retry-After"] = str(busy.seconds)
                return answer

        return guarded

    return wrap


def _said(request: HttpRequest, name: str) -> str:
    found = request.POST.get(name) or request.GET.get(name) or ""
    if "\x00" in found:
        raise Fault(400, _("%(name)s 里有不能用的字符。") % {"name": name})
    return found.strip()


def _admitted(request: HttpRequest) -> ApiKey | None:
    text = _said(request, "api_key")
    key = admit(request, text, now=timezone.now())
    if text and key is None:
        raise Fault(403, _("api_key 不对，或已失效。"))
    wanted, top = _said(request, "jurisdiction_id"), district()
    if wanted and (top is None or wanted != top.code):
        raise Fault(404, _("没有这个 jurisdiction_id。"))
    return key


@door("GET", "HEAD")
def discovery(request: HttpRequest, kind: str, key: ApiKey | None) -> HttpResponse:
    """Say where the interface is and what it speaks."""
    del key
    top = district()
    base = request.build_absolute_uri("/open311/v2")
    row = {
        "changeset": "2026-11-01T00:00:00+08:00",
        "contact": request.build_absolute_uri(reverse("website:help")),
        "key_service": request.build_absolute_uri(reverse("website:help")),
        "jurisdiction_id": top.code if top else "",
        "endpoints": [{
            "specification": "http://wiki.open311.org/GeoReport_v2", "url": base,
            "changeset": "2026-11-01T00:00:00+08:00", "type": "production",
            "formats": ["text/xml", "application/json"],
        }],
    }  # fmt: skip
    return reply_one(kind, "discovery", row)


@door("GET", "HEAD")
def services(request: HttpRequest, kind: str, key: ApiKey | None) -> HttpResponse:
    """List what can be reported."""
    del request, key
    rows = Category.objects.filter(parent__isnull=False, valid_to=None).select_related("parent")
    return reply(kind, "services", "service", [service_row(row) for row in rows])


@door("GET", "HEAD")
def definition(request: HttpRequest, kind: str, key: ApiKey | None, code: str) -> HttpResponse:
    """Say what may be told besides with a report of one service."""
    del request, key
    category = category_of(code)
    if category is None:
        raise Fault(404, _("没有这个 service_code。"))
    return reply_one(kind, "service_definition", definition_row(category))


@door("GET", "HEAD", "POST")
def requests(request: HttpRequest, kind: str, key: ApiKey | None) -> HttpResponse:
    """List matters, or register one."""
    if request.method == "POST":
        return _post(request, kind, key)
    rows = _narrowed(request, _readable(key))
    found = [request_row(case, key) for case in rows]
    return reply(kind, "service_requests", "request", found)


def _readable(key: ApiKey | None) -> QuerySet[Case]:
    return queries.cases_for(None if key is None or not key.may_read else key)


def _narrowed(request: HttpRequest, rows: QuerySet[Case]) -> QuerySet[Case]:
    ids = _said(request, "service_request_id")
    if ids:
        wanted = [_id(number) for number in ids.split(",")[:100]]
        return rows.filter(pk__in=wanted).order_by("-pk")
    start, end = _moment(request, "start_date"), _moment(request, "end_date")
    end = end or (start + SPAN if start else timezone.now())
    start = max(start or end - SPAN, end - SPAN)
    rows = rows.filter(created_at__gte=start, created_at__lte=end)
    if codes := _said(request, "service_code"):
        rows = rows.filter(category__code__in=codes.split(","))
    if since := _moment(request, "updated_after"):
        rows = queries.changed_since(rows, since, "")
    rows = _of_status(rows, {part for part in _said(request, "status").split(",") if part})
    size = min(_number(request, "page_size", 100), MOST)
    first = (_number(request, "page", 1) - 1) * size
    return rows.order_by("-pk")[first : max(first, min(first + size, MOST))]


def _of_status(rows: QuerySet[Case], wanted: set[str]) -> QuerySet[Case]:
    if not wanted <= {"open", "closed"}:
        raise Fault(400, _("status 只能是 open 或 closed。"))
    if len(wanted) != 1:
        return rows
    return rows.filter(state__in=ENDED) if "closed" in wanted else rows.exclude(state__in=ENDED)


def _id(number: str) -> int:
    try:
        return id_from_number(number)
    except Http404:
        raise Fault(404, _("没有这个 service_request_id。")) from None


def _moment(request: HttpRequest, name: str) -> datetime | None:
    raw = _said(request, name).replace(" ", "+")
    if not raw:
        return None
    try:
        found = parse_datetime(raw)
        if found is None:
            raise ValueError
        found = found if timezone.is_aware(found) else timezone.make_aware(found)
        return min(max(found, EARLIEST), LATEST)
    except (ValueError, OverflowError):
        told = _("%(name)s 要写成 2026-11-01T00:00:00Z 这样。") % {"name": name}
        raise Fault(400, told) from None


EARLIEST = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
LATEST = datetime(2200, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def _number(request: HttpRequest, name: str, default: int) -> int:
    raw = _said(request, name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:6]) <= MOST or len(raw) > 6:
        raise Fault(400, _("%(name)s 要是1到1000的整数。") % {"name": name})
    return int(raw)


def _post(request: HttpRequest, kind: str, key: ApiKey | None) -> HttpResponse:
    if key is None or not key.may_report:
        raise Fault(403, _("登记要有可以登记的 api_key。"))
    once = request.headers.get("Idempotency-Key", "").strip()[:80] or uuid.uuid4().hex
    try:
        report = read_report(lambda name: _said(request, name))
        done = receive(key, report, once=once, now=timezone.now())
    except Refused as problem:
        status = 400 if problem.status == 422 else problem.status
        names = {"category": "service_code", "area_code": "address_id", "address": "address_string"}
        field = names.get(problem.field, problem.field)
        raise Fault(status, f"{field}：{problem.message}") from problem
    notice = _("已登记。")
    if done.tracking_code:
        notice += _("查询码：%(code)s，请保存好。") % {"code": done.tracking_code}
    row = {"service_request_id": done.case.number, "service_notice": notice, "account_id": None}
    return reply(kind, "service_requests", "request", [row], 200 if done.repeated else 201)


@door("GET", "HEAD")
def one_request(request: HttpRequest, kind: str, key: ApiKey | None, number: str) -> HttpResponse:
    """Tell of one matter; several numbers may stand with commas between."""
    del request
    wanted = [_id(part) for part in number.split(",")[:100]]
    rows = {row.number: row for row in _readable(key).filter(pk__in=wanted)}
    found = [rows[part] for part in number.split(",") if part in rows]
    if not found:
        raise Fault(404, _("没有这个 service_request_id。"))
    rows_shown = [request_row(case, key) for case in found]
    return reply(kind, "service_requests", "request", rows_shown)


@door("GET", "HEAD")
def token(request: HttpRequest, kind: str, key: ApiKey | None, once: str) -> HttpResponse:
    """Tell which matter came of a report: its token is the Idempotency-Key that was sent along."""
    del request
    if key is None:
        raise Fault(403, _("查询 token 要有 api_key。"))
    wanted = intake_key(key, once)
    case = cases_by_key([wanted]).get(wanted)
    if case is None:
        raise Fault(404, _("没有这个 token。"))
    row = {"service_request_id": case.number, "token": once}
    return reply(kind, "service_requests", "request", [row])


def description(request: HttpRequest) -> HttpResponse:
    """Return the interface's description in OpenAPI 3."""
    return describe(request)
