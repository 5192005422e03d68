"""Stories on the desk: list, one story, writing, reviewing."""

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
from linli.kernel.ui.templatetags.ui import state_badge

from . import actions, queries
from .actions_columns import keeps_columns
from .flow import STORY_FLOW, may_withdraw
from .forms import FileForm, FilterForm, StoryForm
from .models import Edition

WHY = {"review": gettext_lazy("待您审核"), "draft": gettext_lazy("草稿未提交")}


def _state(row: Edition) -> str:
    now = timezone.now()
    if row.state == "published" and row.shown_from > now:
        return _("定于%(at)s显示") % {"at": f"{timezone.localtime(row.shown_from):%m-%d %H:%M}"}
    if row.state == "published" and row.over(now):
        return _("已转入往期")
    return str(row.get_state_display())


SPEC = Spec(
    key="stories",
    columns=(
        Column("title", gettext_lazy("标题"), lambda row: row.title),
        Column("section", gettext_lazy("栏目"), lambda row: row.section.name),
        Column("area", gettext_lazy("发在哪里"), lambda row: row.story.area.short_name),
        Column("unit", gettext_lazy("发布单位"), lambda row: row.story.unit.name),
        Column("state", gettext_lazy("状态"), _state,
               html=lambda row: state_badge(row.state, _state(row))),
        Column("from", gettext_lazy("显示时间"), lambda row: row.shown_from),
    ),
    orders=(Order("new", gettext_lazy("最近编写"), "id", descending=True),),
    href=lambda row: reverse("publishing:edition", args=[row.pk]),
    shown=("q", "state", "section"),
)  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks, if they write or review stories; raises PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not (actor.can("publishing.write") or actor.can("publishing.approve")):
        raise PermissionDenied
    return actor


def _narrow(rows: QuerySet[Any], data: Mapping[str, Any]) -> QuerySet[Any]:
    rows = queries.found(rows, data["q"])
    if data["state"]:
        rows = rows.filter(state=data["state"])
    return rows.filter(section=data["section"]) if data["section"] else rows


@staff_only
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """List the stories, and above them what waits for the person."""
    actor = actor_of(request)
    rows = queries.visible_editions(actor)
    if request.GET.get("state") not in queries.GONE:
        rows = rows.exclude(state__in=queries.GONE)
    form = FilterForm(request.GET, auto_id="filter_%s")
    waiting = [(WHY[why], row) for why, row in queries.waiting(actor)]
    context = {"waiting": waiting, "may_write": actor.can("publishing.write")}
    context["may_keep"] = keeps_columns(actor)
    return respond(
        request, "publishing/list.html", SPEC, rows,
        filters=FormFilters(form, rows, _narrow), context=context,
    )  # fmt: skip


@staff_only
@require_safe
def story(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show a story: what holds now, what is being written, its files."""
    rows = queries.editions_of(actor_of(request), story_id)
    return show_story(request, rows, rows[0])


@staff_only
@require_safe
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Show one edition of a story."""
    actor = actor_of(request)
    found = queries.get_edition(actor, edition_id)
    rows = queries.editions_of(actor, found.story_id)
    return show_story(request, rows, next(row for row in rows if row.pk == edition_id))


def show_story(
    request: HttpRequest,
    rows: list[Edition],
    shown: Edition,
    *,
    refused: tuple[str, forms.Form | None, str] | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a story on the desk; `refused` is a step that was not taken, with its form and why."""
    actor, now = actor_of(request), timezone.now()
    writes = actor.can("publishing.write", shown.area_code)
    context = {
        "edition": shown,
        "story": shown.story,
        "editions": rows,
        "buildings": queries.buildings_of(shown.story_id),
        "files": queries.files_of(shown.story_id),
        "file_form": (file_form or FileForm()) if writes else None,
        "steps": _steps(shown, actor, refused),
        "reason": refused[2] if refused else "",
        "writes": writes and not any(row.state == "in_review" for row in rows),
        "draft": next((row for row in rows if row.state in ("draft", "in_review")), None),
        "state": _state(shown),
        "public": shown.state == "published" and shown.shown_from <= now,
    }
    return render(request, "publishing/story.html", context, status=status)


def _steps(
    shown: Edition, actor: Actor, refused: tuple[str, forms.Form | None, str] | None
) -> list[dict[str, Any]]:
    found = []
    for step in STORY_FLOW.available(shown, actor):
        if step.name == "publish" and shown.author_id == actor.account_id:
            continue  # a second person publishes
        if step.name == "withdraw" and not may_withdraw(actor, shown):
            continue
        form = step.form() if step.form else None
        if refused is not None and refused[0] == step.name and refused[1] is not None:
            form = refused[1]
        if form is not None:
            form.auto_id = f"id_{step.name}_%s"
        found.append({"name": step.name, "label": step.label, "tone": step.tone, "form": form,
                      "token": uuid.uuid4().hex})  # fmt: skip
    return found


def _form(actor: Actor, *args: Any, **kwargs: Any) -> StoryForm:
    return StoryForm(*args, areas=queries.areas_to_write(actor), **kwargs)


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new story."""
    actor = actor_of(request)
    if not actor.can("publishing.write"):
        raise PermissionDenied
    if request.method == "GET":
        return _write(request, _form(actor))
    return _save(request, actor, _form(actor, request.POST))


@staff_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, story_id: int) -> HttpResponse:
    """Go on with a draft, or begin a new edition; what is published stays as it is."""
    actor = actor_of(request)
    last = queries.editions_of(actor, story_id)[0]
    if not actor.can("publishing.write", last.area_code):
        raise Http404
    if request.method == "POST":
        return _save(request, actor, _form(actor, request.POST), last)
    initial: dict[str, Any] = {
        name: getattr(last, name) for name in ("title", "section", "summary", "body", "pinned")
    }
    initial |= {
        "area": last.area_code,
        "buildings": "\n".join(row.name for row in queries.buildings_of(last.story_id)),
        "shown_until": last.shown_until,
        "shown_from": last.shown_from if last.is_new else None,
    }
    return _write(request, _form(actor, initial=initial), last=last)


def _write(
    request: HttpRequest, form: StoryForm, status: int = 200, last: Edition | None = None
) -> HttpResponse:
    files = queries.files_of(last.story_id) if last else []
    context = {"form": form, "last": last, "pictures": [row for row in files if row.is_picture]}
    return render(request, "publishing/write.html", context, status=status)


def _save(
    request: HttpRequest, actor: Actor, form: StoryForm, last: Edition | None = None
) -> HttpResponse:
    if form.is_valid():
        try:
            made = actions.write_story(
                actor=actor, now=timezone.now(), data=form.cleaned_data,
                story_id=last.story_id if last else None,
            )  # fmt: skip
        except StepRefused as error:
            form.add_error("area", str(error))
        else:
            messages.success(request, _("已保存为草稿。可以加图片；核对无误后提交审核。"))
            return redirect("publishing:edition", edition_id=made.pk)
    return _write(request, form, 422, last)


@staff_only
@require_POST
def step(request: HttpRequest, edition_id: int, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the story again with what was typed."""
    actor = actor_of(request)
    found = queries.get_edition(actor, edition_id)
    if name not in {known.name for known in STORY_FLOW.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        actions.take_step(
            name, found.pk, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None,
        )  # fmt: skip
    except StepRefused as error:
        rows = queries.editions_of(actor, found.story_id)
        fresh = next(row for row in rows if row.pk == edition_id)
        form = error.form if isinstance(error, InvalidStep) else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return show_story(request, rows, fresh, refused=(name, form, str(error)), status=status)
    messages.success(request, _("“%(step)s”已完成。") % {"step": STORY_FLOW.step(name).label})
    return redirect("publishing:edition", edition_id=edition_id)
