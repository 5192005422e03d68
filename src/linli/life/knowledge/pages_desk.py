"""The knowledge base on the desk: list, one article, writing, reviewing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import Actor
from linli.kernel.search import search_query
from linli.kernel.ui.templatetags.ui import state_badge
from linli.work.cases.models import Case
from linli.work.cases.queries import get_by_number

from . import actions, queries
from .drafting import draft_from
from .flow import ARTICLE_FLOW, may_withdraw
from .forms import ArticleForm, FilterForm
from .models import ArticleVersion

WHY = {
    "review": gettext_lazy("待您审核"),
    "draft": gettext_lazy("草稿未提交"),
    "soon": gettext_lazy("即将到期，请复核"),
    "past": gettext_lazy("已过期，不再向居民提供"),
}


def _place(version: ArticleVersion) -> str:
    return version.article.area.name


def _expiry(version: ArticleVersion) -> str:
    past = version.state == "published" and version.expires_on < timezone.localdate()
    day = f"{version.expires_on:%Y-%m-%d}"
    return _("%(day)s 已过期") % {"day": day} if past else day


SPEC = Spec(
    key="knowledge",
    columns=(
        Column("title", gettext_lazy("标题"), lambda row: row.title),
        Column("number", gettext_lazy("编号"), lambda row: row.article.number),
        Column("place", gettext_lazy("适用范围"), _place),
        Column(
            "category", gettext_lazy("类别"), lambda row: row.category.name if row.category else ""
        ),
        Column("unit", gettext_lazy("负责单位"), lambda row: row.article.unit.name),
        Column(
            "state", gettext_lazy("状态"), lambda row: row.get_state_display(),
            html=lambda row: state_badge(row.state, row.get_state_display()),
        ),
        Column("expires", gettext_lazy("有效期至"), _expiry),
        Column("used", gettext_lazy("用过"), lambda row: row.article.used),
        Column("helpful", gettext_lazy("有用"), lambda row: row.article.helpful),
        Column("unhelpful", gettext_lazy("没用"), lambda row: row.article.unhelpful),
    ),
    orders=(
        Order("new", gettext_lazy("最近编写"), "id", descending=True),
        Order("expiry", gettext_lazy("最近到期"), "expires_on"),
    ),
    href=lambda row: reverse("knowledge:article", args=[row.article_id]),
    shown=("q", "state", "category", "expiry"),
)  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("knowledge.view"):
        raise PermissionDenied
    return actor


def _narrow(rows: QuerySet[Any], data: Mapping[str, Any]) -> QuerySet[Any]:
    today = timezone.localdate()
    if words := data["q"].strip():
        pk = queries.article_of_number(words)
        rows = rows.filter(article_id=pk) if pk else rows.filter(search=search_query(words))
    if data["state"]:
        rows = rows.filter(state=data["state"])
    if data["category"]:
        rows = rows.filter(category__code=data["category"])
    if data["expiry"] == "soon":
        rows = rows.filter(expires_on__gte=today, expires_on__lte=today + queries.SOON)
    elif data["expiry"] == "past":
        rows = rows.filter(expires_on__lt=today)
    return rows


@staff_only
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """List the articles, and above them what waits for the person."""
    actor, today = _actor(request), timezone.localdate()
    rows = queries.visible_versions(actor).exclude(state__in=("replaced", "withdrawn"))
    if request.GET.get("state") in {"replaced", "withdrawn"}:
        rows = queries.visible_versions(actor)
    form = FilterForm(request.GET, auto_id="filter_%s")
    waiting = [(WHY[why], why, row) for why, row in queries.todo(actor, today)]
    context = {"waiting": waiting, "may_write": actor.can("knowledge.write")}
    return respond(
        request, "knowledge/list.html", SPEC, rows,
        filters=FormFilters(form, rows, _narrow), export="knowledge.approve", context=context,
    )  # fmt: skip


@staff_only
@require_safe
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show an article: what holds now, what is being written, what held before."""
    rows = queries.versions_of(_actor(request), article_id)
    return _render(request, rows, queries.current_of(rows))


@staff_only
@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show one version of an article."""
    actor = _actor(request)
    found = queries.get_version(actor, version_id)
    rows = queries.versions_of(actor, found.article_id)
    return _render(request, rows, next(row for row in rows if row.pk == version_id))


def _render(
    request: HttpRequest,
    rows: list[ArticleVersion],
    shown: ArticleVersion,
    refused: tuple[str, forms.Form | None, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, today = _actor(request), timezone.localdate()
    context = {
        "version": shown,
        "article": shown.article,
        "versions": rows,
        "steps": _steps(shown, actor, refused),
        "reason": refused[2] if refused else "",
        "writes": actor.can("knowledge.write", shown.area_code) and not _waits(rows),
        "draft": next((row for row in rows if row.state in ("draft", "in_review")), None),
        "past": shown.state == "published" and shown.expires_on < today,
        "offered": shown.state == "published" and shown.valid_from <= today <= shown.expires_on,
        "token": uuid.uuid4().hex,
    }
    return render(request, "knowledge/article.html", context, status=status)


def _waits(rows: list[ArticleVersion]) -> bool:
    return any(row.state == "in_review" for row in rows)


def _steps(
    shown: ArticleVersion, actor: Actor, refused: tuple[str, forms.Form | None, str] | None
) -> list[dict[str, Any]]:
    found = []
    for step in ARTICLE_FLOW.available(shown, actor):
        if step.name == "publish" and shown.author_id == actor.account_id:
            continue  # a second person publishes
        if step.name == "withdraw" and not may_withdraw(actor, shown):
            continue
        form = step.form() if step.form else None
        active = refused is not None and refused[0] == step.name
        if active and refused and refused[1] is not None:
            form = refused[1]
        if form is not None:
            form.auto_id = f"id_{step.name}_%s"
        found.append({"name": step.name, "label": step.label, "tone": step.tone, "form": form,
                      "active": active, "token": uuid.uuid4().hex})  # fmt: skip
    return found


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new article, perhaps from what a closed case asked and was answered."""
    actor = _actor(request)
    if not actor.can("knowledge.write"):
        raise PermissionDenied
    case = _case(request, actor)
    if request.method == "GET":
        initial = draft_from(case) if case else {"area_code": _own_area(actor)}
        return _write(request, ArticleForm(initial=initial), case=case)
    return _save(request, ArticleForm(request.POST), case=case)


def _own_area(actor: Actor) -> str:
    codes = [code for code in actor.areas("knowledge.write") if len(code) <= 12]
    return codes[0] if codes else ""


def _case(request: HttpRequest, actor: Actor) -> Case | None:
    number = request.GET.get("case_number", "") or request.POST.get("case_number", "")
    if not number:
        return None
    found = get_by_number(actor, number)
    if found.state != "closed" or found.protected:
        raise Http404
    return found


@staff_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, article_id: int) -> HttpResponse:
    """Go on with a draft, or begin a new version; what is published stays as it is."""
    actor = _actor(request)
    rows = queries.versions_of(actor, article_id)
    last = rows[0]
    if not actor.can("knowledge.write", last.area_code):
        raise Http404
    if request.method == "POST":
        return _save(request, ArticleForm(request.POST), article_id=article_id, last=last)
    initial: dict[str, Any] = {
        name: getattr(last, name)
        for name in ("title", "questions", "answer", "source", "valid_from", "expires_on")
    }
    initial |= {
        "category": last.category.code if last.category else "", "area_code": last.area_code,
    }  # fmt: skip
    if not last.is_new:
        for name in ("valid_from", "expires_on"):
            del initial[name]
    return _write(request, ArticleForm(initial=initial), last=last)


def _write(request: HttpRequest, form: ArticleForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "knowledge/write.html", {"form": form} | more, status=status)


def _save(
    request: HttpRequest,
    form: ArticleForm,
    *,
    article_id: int | None = None,
    case: Case | None = None,
    last: ArticleVersion | None = None,
) -> HttpResponse:
    if form.is_valid():
        try:
            made = actions.write_article(
                actor=_actor(request), now=timezone.now(), data=form.cleaned_data,
                article_id=article_id, from_case=case,
            )  # fmt: skip
        except StepRefused as error:
            form.add_error("area_code", str(error))
        else:
            messages.success(request, _("已保存为草稿。核对无误后提交审核。"))
            return redirect("knowledge:version", version_id=made.pk)
    return _write(request, form, 422, case=case, last=last)


@staff_only
@require_POST
def step(request: HttpRequest, version_id: int, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the article again with what was typed."""
    actor = _actor(request)
    found = queries.get_version(actor, version_id)
    if name not in {known.name for known in ARTICLE_FLOW.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        actions.take_step(
            name, found.pk, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None,
        )  # fmt: skip
    except StepRefused as error:
        rows = queries.versions_of(actor, found.article_id)
        fresh = next(row for row in rows if row.pk == version_id)
        form = error.form if isinstance(error, InvalidStep) else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return _render(request, rows, fresh, (name, form, str(error)), status)
    messages.success(request, _("“%(step)s”已完成。") % {"step": ARTICLE_FLOW.step(name).label})
    return redirect("knowledge:version", version_id=version_id)


@staff_only
@require_POST
def mark(request: HttpRequest, article_id: int) -> HttpResponse:
    """Keep whether the article helped a member of staff."""
    actor, today = _actor(request), timezone.localdate()
    queries.versions_of(actor, article_id)
    found = queries.get_offered(article_id, today)
    helpful = request.POST.get("helpful") == "1"
    key = f"a{actor.account_id}"
    actions.mark(found, actor=actor, now=timezone.now(), key=key, helpful=helpful)
    messages.success(request, _("谢谢，已记下。"))
    return redirect("knowledge:article", article_id=article_id)
