"""Residents' own records: what stands there, corrections, who looked; and who decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor
from linli.kernel.secrets.masks import mask_id_number, mask_phone

from ..accounts.access import residents_only, staff_only
from . import actions, forms, queries
from .changes.deciding import unpack
from .changes.flow import AnswerForm
from .erasing.looking import certificate_token, visible_erasures
from .erasing.models import ErasureState
from .lists import FIELD_LABELS, LOOKS, REQUESTS, field_words, grid_name, home_of
from .models import ChangeRequest, RecordLook, RequestState, Resident
from .pages_people import need, put_errors


def _resident(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@residents_only
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Show residents what the register holds of them, and who looked; or link their record."""
    actor = _resident(request)
    row = queries.own_record(actor)
    form = forms.ClaimForm(request.POST or None)
    context: dict[str, Any] = {"row": row, "form": form}
    if row is None and request.method == "POST" and form.is_valid():
        try:
            actions.claim_record(actor=actor, now=timezone.now(), **form.cleaned_data)
        except StepRefused as error:
            form.add_error("last_six", str(error))
        else:
            messages.success(request, _("已找到您的记录。"))
            return redirect("people:own")
    if row is not None:
        asked = queries.visible_requests(actor).order_by("-id")[:10]
        context |= {
            "id_number": mask_id_number(row.id_number),
            "home": home_of(row),
            "grid": grid_name(row.area),
            "tags": [tag for tag in queries.tags_of(row) if tag.ended_on is None],
            "requests": [
                (one, field_words(one.fields), RequestState(one.state).label) for one in asked
            ],
            "consents": queries.consents_of(row),
            "erasures": [
                (one, certificate_token(one), ErasureState(one.state).label)
                for one in visible_erasures(actor).order_by("-id")[:5]
            ],
            "looks": [(look, field_words(look.fields)) for look in queries.looks_at(row)],
        }
    status = 422 if row is None and form.is_bound and form.errors else 200
    return render(request, "people/own.html", context, status=status)


@residents_only
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask that one's own record be corrected."""
    actor = _resident(request)
    row = queries.own_record(actor)
    if row is None:
        return redirect("people:own")
    initial = {"name": row.name, "phone": row.phone, "born_on": row.born_on, "gender": row.gender}
    form = forms.ChangeRequestForm(request.POST or None, initial=initial)
    if row.id_number:
        del form.fields["born_on"], form.fields["gender"]
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.ask_for_change(
                actor=actor, now=timezone.now(), reason=values.pop("reason"), values=values
            )
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("申请已提交，社区会在15天内答复您。"))
            return redirect("people:own")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/ask.html", {"form": form}, status=status)


@residents_only
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one's own request."""
    actor = _resident(request)
    queries.get_request(actor, pk)
    try:
        actions.take_request_step("withdraw", pk, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("申请已撤回。"))
    return redirect("people:own")


@residents_only
@require_safe
def take_away(request: HttpRequest) -> HttpResponse:
    """Hand residents everything the register holds of them, as a file they can read on."""
    actor = _resident(request)
    row = queries.own_record(actor)
    if row is None:
        return redirect("people:own")
    body = json.dumps(_everything(row), ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-record.json"'
    response["Cache-Control"] = "no-store"
    return response


def _everything(row: Resident) -> dict[str, Any]:
    def day(value: Any) -> str:
        return value.isoformat() if value else ""

    return {
        _("姓名"): row.name,
        _("身份证号"): row.id_number,
        _("手机号"): row.phone,
        _("出生日期"): day(row.born_on),
        _("性别"): row.get_gender_display() if row.gender else "",
        _("住址"): home_of(row),
        _("网格"): grid_name(row.area),
        _("来源"): row.source,
        _("登记时间"): day(timezone.localtime(row.recorded_at)),
        _("标签"): [
            {
                _("标签"): tag.get_kind_display(), _("依据"): tag.source,
                _("登记日期"): day(tag.set_on), _("有效期至"): day(tag.expires_on),
                _("结束日期"): day(tag.ended_on),
            }
            for tag in queries.tags_of(row)
        ],
        _("同意与撤回"): [
            {
                _("事项"): str(one.purpose.label), _("依据"): said.basis,
                _("同意时间"): day(said.given_at), _("撤回时间"): day(said.withdrawn_at),
            }
            for one in queries.consents_of(row)
            for said in one.rows
        ],
        _("居住经历"): [
            {
                _("住址"): stay.household.dwelling.address, _("从"): day(stay.from_on),
                _("到"): day(stay.to_on), _("与户主的关系"): stay.get_relation_display(),
            }
            for stay in queries.stays_of(row)
        ],
        _("更正记录"): [
            {
                _("内容"): field_words([one.field]), _("原来"): one.old, _("现在"): one.new,
                _("来源"): one.source, _("时间"): day(timezone.localtime(one.at)),
            }
            for one in queries.changes_of("resident", row.pk, 1000)
        ],
        _("谁看过"): [
            {
                _("时间"): day(timezone.localtime(look.at)),
                _("单位"): str(look.actor.unit or "") if look.actor else "",
                _("看了什么"): field_words(look.fields) or _("打开档案"),
            }
            for look in queries.looks_at(row, 1000)
        ],
    }  # fmt: skip


@staff_only
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the corrections residents ask for."""
    actor = need(request, "people.decide")
    rows = queries.visible_requests(actor).select_related("resident")
    form = forms.RequestFilterForm(request.GET, auto_id="filter_%s")

    def narrow(found: QuerySet[ChangeRequest], clean: Mapping[str, Any]) -> QuerySet[ChangeRequest]:
        return found.filter(state=clean["state"]) if clean["state"] else found

    return respond(
        request, "people/requests.html", REQUESTS, rows, filters=FormFilters(form, rows, narrow)
    )


@staff_only
@require_safe
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what someone asks to have corrected beside what stands."""
    return _request_page(request, need(request, "people.decide"), pk)


def _request_page(
    request: HttpRequest, actor: Actor, pk: int, form: Any = None, status: int = 200
) -> HttpResponse:
    row = queries.get_request(actor, pk)
    person = row.resident
    rows = [
        (FIELD_LABELS[name], _shown(person, name, getattr(person, name)), _shown(person, name, new))
        for name, new in unpack(row).items()
    ]
    context = {
        "row": row,
        "state": RequestState(row.state).label,
        "person": person,
        "rows": rows,
        "fields": field_words(row.fields),
        "open": row.state == RequestState.ASKED,
        "form": form or AnswerForm(),
    }
    return render(request, "people/request.html", context, status=status)


def _shown(person: Resident, name: str, value: Any) -> str:
    if name == "phone":
        return mask_phone(str(value))
    if name == "gender":
        return str(dict(type(person)._meta.get_field("gender").flatchoices).get(value, ""))
    return str(value or "")


@staff_only
@require_POST
def decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve or decline a request."""
    actor = need(request, "people.decide")
    queries.get_request(actor, pk)
    if step not in {"approve", "decline"}:
        step = "decline"
    version = request.POST.get("version", "")
    try:
        actions.take_request_step(
            step, pk, actor=actor, now=timezone.now(), data=request.POST.dict(),
            expected=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except InvalidStep as error:
        return _request_page(request, actor, pk, error.form, 422)
    except StepRefused as error:
        messages.error(request, str(error))
        return redirect("people:request", pk=pk)
    messages.success(request, _("已办理，申请人会收到通知。"))
    return redirect("people:requests")


@staff_only
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked at whose record, for those who watch over it."""
    actor = need(request, "people.looks")
    rows = queries.visible_looks(actor)
    form = forms.LookFilterForm(request.GET, auto_id="filter_%s")

    def narrow(found: QuerySet[RecordLook], clean: Mapping[str, Any]) -> QuerySet[RecordLook]:
        if clean["who"]:
            found = found.filter(actor__name__contains=clean["who"])
        return found.exclude(fields=[]) if clean["revealed"] else found

    return respond(
        request, "people/looks.html", LOOKS, rows, filters=FormFilters(form, rows, narrow),
        export="people.looks",
    )  # fmt: skip
