"""The columns of all sites, on the desk of the district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from .actions_columns import keeps_columns, save_section
from .models import Section


class ColumnForm(forms.Form):
    """A column: its name, its place in the row, and whether it takes stories."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=20,
        error_messages={
            "required": gettext_lazy("请写栏目名称。"),
            "max_length": gettext_lazy("最多20个字。"),
        },
    )  # fmt: skip
    order = forms.IntegerField(
        label=gettext_lazy("排序"), min_value=0, max_value=999,
        help_text=gettext_lazy("数字小的在前"),
        error_messages={
            "required": gettext_lazy("请填数字。"), "invalid": gettext_lazy("请填整数。"),
            "min_value": gettext_lazy("不能小于0。"), "max_value": gettext_lazy("最大999。"),
        },
    )  # fmt: skip
    is_open = forms.BooleanField(label=gettext_lazy("可以发稿"), required=False)

    def __init__(self, *args: Any, section_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_%s_{section_id or 'new'}"
        self.section_id = section_id

    def clean_name(self) -> str:
        """Return the name; two columns of one name would not be told apart."""
        name = str(self.cleaned_data["name"]).strip()
        if Section.objects.filter(name=name).exclude(pk=self.section_id or 0).exists():
            raise forms.ValidationError(_("已经有这个栏目了。"))
        return name


def _keeper(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not keeps_columns(actor):
        raise PermissionDenied
    return actor


@staff_only
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """Show the columns in their order, and add one."""
    actor = _keeper(request)
    form = ColumnForm(request.POST or None, initial={"is_open": True, "order": 100})
    if request.method == "POST" and form.is_valid():
        save_section(actor=actor, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("栏目已加上，所有站点立即可用。"))
        return redirect("publishing:columns")
    return _page(request, form, None)


@staff_only
@require_POST
def column(request: HttpRequest, section_id: int) -> HttpResponse:
    """Change one column."""
    actor = _keeper(request)
    if not Section.objects.filter(pk=section_id).exists():
        raise Http404
    form = ColumnForm(request.POST, section_id=section_id)
    if not form.is_valid():
        return _page(request, ColumnForm(initial={"is_open": True, "order": 100}), form)
    save_section(actor=actor, now=timezone.now(), section_id=section_id, **form.cleaned_data)
    messages.success(request, _("栏目已改好。"))
    return redirect("publishing:columns")


def _page(request: HttpRequest, form: ColumnForm, wrong: ColumnForm | None) -> HttpResponse:
    rows = [
        wrong
        if wrong and wrong.section_id == row.pk
        else ColumnForm(
            section_id=row.pk, initial={"name": row.name, "order": row.order, "is_open": row.open}
        )
        for row in Section.objects.all()
    ]
    status = 422 if form.errors or wrong else 200
    context = {"rows": rows, "form": form}
    return render(request, "publishing/columns.html", context, status=status)
