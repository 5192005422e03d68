"""The asker's own workbook: upload it, see what may be named in it, take it away filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import StepRefused

from ..accounts.access import staff_only
from . import queries
from .actions import drop_template, export_part, export_sheet, save_template
from .layouts import LARGEST, Unusable, starter
from .models import Template
from .pages import SEEN, actor_with
from .templating import asked_of, names_of

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TemplateForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label=gettext_lazy("模板文件"),
        help_text=gettext_lazy("Excel工作簿（.xlsx），不超过2 MB。"),
        error_messages={
            "required": gettext_lazy("请选择文件。"), "empty": gettext_lazy("文件是空的。")
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Return the file, if it is not too large to be read at all."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST:
            raise ValidationError(_("模板超过2 MB，请删去图片和多余的行再上传。"))
        return found


@staff_only
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Upload a template, beside the names that may stand in it."""
    actor = actor_with(request, "sheets.ask")
    sheet = queries.get_sheet(actor, sheet_id)
    if not queries.is_asker(actor, sheet):
        raise PermissionDenied
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            save_template(
                sheet_id, actor=actor, now=timezone.now(), file_name=file.name, body=file.read()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("模板已保存，以后可以按它导出。"))
            return redirect("sheets:template", sheet_id=sheet_id)
    columns = asked_of(sheet)
    context = {
        "sheet": sheet, "form": form, "names": names_of(columns),
        "template": Template.objects.filter(sheet=sheet).only("file_name", "at").first(),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sheets/template.html", context, status=status)


@staff_only
@require_safe
def start(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Hand a small template over to begin with."""
    actor = actor_with(request, "sheets.ask")
    sheet = queries.get_sheet(actor, sheet_id)
    columns = asked_of(sheet)
    body = starter(names_of(columns), [column.title for column in columns])
    return _file(f"template-{sheet_id}.xlsx", body)


@staff_only
@require_POST
def drop(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Take the template away."""
    actor = actor_with(request, "sheets.ask")
    try:
        drop_template(sheet_id, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("模板已删去。"))
    return redirect("sheets:template", sheet_id=sheet_id)


@staff_only
@require_safe
def filled(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Hand all answers over in the asker's layout."""
    actor = actor_with(request, *SEEN)
    return _answer(request, lambda now: export_sheet(sheet_id, actor=actor, now=now))


@staff_only
@require_safe
def filled_part(request: HttpRequest, part_id: int) -> HttpResponse:
    """Hand a community's own answer over in the asker's layout."""
    actor = actor_with(request, "sheets.fill")
    return _answer(request, lambda now: export_part(part_id, actor=actor, now=now))


def _answer(request: HttpRequest, made: Callable[[datetime], tuple[str, bytes]]) -> HttpResponse:
    try:
        name, body = made(timezone.now())
    except StepRefused as error:
        raise PermissionDenied(str(error)) from error
    except Unusable as error:
        messages.error(request, str(error))
        return redirect("sheets:sheets" if request.actor.can("sheets.ask") else "sheets:tasks")  # type: ignore[attr-defined]
    return _file(name, body)


def _file(name: str, body: bytes) -> HttpResponse:
    answer = HttpResponse(body, content_type=KIND)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
