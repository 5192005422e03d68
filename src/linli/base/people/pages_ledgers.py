"""Taking ledgers over, page by page: upload, columns, check, decisions, result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import StepRefused
from linli.kernel.listing.respond import respond

from ..accounts.access import staff_only
from ..areas.fields import AreaField
from . import actions, queries
from .actions.ledgers import book_of, head_of, rows_of
from .ledgers.cleaning import text_of
from .ledgers.columns import FIELDS, find_head
from .ledgers.mending import workbook
from .ledgers.reading import LARGEST, Unreadable
from .lists import IMPORTS
from .models import ImportState, LedgerImport, LikelySame
from .pages_people import need

SHOWN_FAULTS, SHOWN_LIKELY, SAMPLE = 200, 50, 6
RUNNING = (ImportState.CHECKING, ImportState.IMPORTING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """A ledger and where its people live."""

    area = AreaField(
        label=gettext_lazy("哪个社区的台账"),
        help_text=gettext_lazy("填社区的编码、名称或拼音首字母。"),
        error_messages={"required": gettext_lazy("请填写这一项。")},
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=40,
        help_text=gettext_lazy("例如：2026年春季入户登记。会记在每个人的档案里。"),
        error_messages={"required": gettext_lazy("请填写这一项。")},
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("台账文件"),
        help_text=gettext_lazy("Excel（.xlsx、.xls）或CSV，表头在前12行内。"),
        error_messages={
            "required": gettext_lazy("请选择文件。"), "empty": gettext_lazy("文件是空的。")
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Return the file, if it is not too large."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST:
            raise ValidationError(_("文件超过200 MB，请拆成几份再导入。"))
        return found


@require_http_methods(["GET", "POST"])
@staff_only
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, and begin a new one."""
    actor = need(request, "people.import")
    widest = next(iter(actor.areas("people.import")), "")
    initial = {"area": widest if len(widest) == 12 else ""}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            row = actions.upload_ledger(
                actor=actor, now=timezone.now(), area=clean["area"], source=clean["source"],
                file_name=clean["file"].name, body=clean["file"].read(),
            )  # fmt: skip
        except Unreadable as error:
            form.add_error("file", str(error))
        except StepRefused as error:
            form.add_error("area", str(error))
        else:
            return redirect("people:ledger_columns", pk=row.pk)
    answer = respond(
        request, "people/imports.html", IMPORTS, queries.visible_ledgers(actor),
        context={"form": form},
    )  # fmt: skip
    if form.is_bound and form.errors:
        answer.status_code = 422
    return answer


@require_http_methods(["GET", "POST"])
@staff_only
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Match columns with what they hold, beside the first rows of the file."""
    actor = need(request, "people.import")
    row = queries.get_ledger(actor, pk)
    if row.state in {*RUNNING, ImportState.DONE, ImportState.UNDONE}:
        return redirect("people:ledger", pk=pk)
    try:
        book = book_of(row)
        sheet = _sheet(request, row, book.sheets)
        top = head_of(book, sheet)
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect("people:imports")
    head_row = _number(request, "head_row", row.head_row if sheet == row.sheet else find_head(top))
    fault = ""
    if request.method == "POST" and "check" in request.POST:
        try:
            actions.set_columns(
                pk, actor=actor, now=timezone.now(), sheet=sheet, head_row=head_row,
                mapping=_chosen(request),
            )  # fmt: skip
        except ValidationError as error:
            fault = " ".join(error.messages)
        except StepRefused as error:
            fault = str(error)
        else:
            return redirect("people:ledger", pk=pk)
    context = {
        "row": row, "sheets": book.sheets, "sheet": sheet, "head_row": head_row, "fault": fault,
        "columns": _columns(request, row, top, head_row), "fields": FIELDS.items(),
        "head_rows": range(min(12, len(top))),
    }  # fmt: skip
    return render(request, "people/ledger_columns.html", context, status=422 if fault else 200)


def _sheet(request: HttpRequest, row: LedgerImport, sheets: tuple[str, ...]) -> str:
    asked = request.POST.get("sheet") or request.GET.get("sheet") or row.sheet
    return asked if asked in sheets else sheets[0]


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.POST.get(name) or request.GET.get(name) or ""
    return min(int(text), 50) if text.isdecimal() and len(text) < 4 else usual


def _chosen(request: HttpRequest) -> dict[str, int]:
    """Return field -> column of the posted choices; raises ValidationError for one chosen twice."""
    found: dict[str, int] = {}
    for key, field in request.POST.items():
        if not key.startswith("column-") or field not in FIELDS:
            continue
        if field in found:
            raise ValidationError(_("“%(name)s”选了两列，请只留一列。") % {"name": FIELDS[field]})
        found[field] = int(key.removeprefix("column-"))
    return found


def _columns(
    request: HttpRequest, row: LedgerImport, top: list[list[Any]], head_row: int
) -> list[dict[str, Any]]:
    head = top[head_row] if head_row < len(top) else []
    by_column = {column: field for field, column in row.mapping.items()}
    posted = "check" in request.POST
    below = top[head_row + 1 : head_row + 1 + SAMPLE]
    return [
        {
            "number": number,
            "head": head[number] or "",
            "chosen": request.POST.get(f"column-{number}", "") if posted else by_column.get(number),
            "sample": [text_of(line[number]) for line in below if number < len(line)],
        }
        for number in range(len(head))
    ]


@staff_only
@require_safe
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the check found, or what became of an import."""
    actor = need(request, "people.import")
    return _ledger_page(request, queries.get_ledger(actor, pk))


def _ledger_page(request: HttpRequest, row: LedgerImport, status: int = 200) -> HttpResponse:
    likely = LikelySame.objects.filter(ledger=row).select_related("resident").order_by("line")
    faults = list(row.faults.order_by("line", "column")[: SHOWN_FAULTS + 1])
    context = {
        "row": row,
        "running": row.state in RUNNING,
        "faults": faults[:SHOWN_FAULTS],
        "more_faults": len(faults) > SHOWN_FAULTS,
        "labels": {column: FIELDS[field] for field, column in row.mapping.items()},
        "likely": likely[:SHOWN_LIKELY] if row.state == ImportState.CHECKED else [],
        "has_file": row.state in {ImportState.CHECKED, ImportState.FAILED, ImportState.DONE},
    }
    return render(request, "people/ledger.html", context, status=status)


@staff_only
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a check or import is, as a fragment; when it is over the page loads anew."""
    actor = need(request, "people.import")
    row = queries.get_ledger(actor, pk)
    response = render(request, "people/ledger_progress.html", {"row": row})
    if row.state not in RUNNING:
        response["HX-Refresh"] = "true"
    return response


@staff_only
@require_POST
def decide_likely(request: HttpRequest, pk: int, likely_id: int) -> HttpResponse:
    """Say whether a line is someone known."""
    actor = need(request, "people.import")
    queries.get_ledger(actor, pk)
    get_object_or_404(LikelySame, pk=likely_id, ledger_id=pk)
    same = request.POST.get("same") == "1"
    try:
        actions.decide_likely(pk, likely_id, same=same, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    return redirect("people:ledger", pk=pk)


@staff_only
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the good rows."""
    actor = need(request, "people.import")
    try:
        actions.start_take_over(pk, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    return redirect("people:ledger", pk=pk)


@staff_only
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    actor = need(request, "people.import")
    try:
        done = actions.undo_import(pk, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        told = _("已撤销%(undone)d人；%(kept)d人导入后又有变化，保留。")
        messages.success(request, told % done)
    return redirect("people:ledger", pk=pk)


@staff_only
@require_safe
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the bad rows back as a workbook."""
    actor = need(request, "people.import")
    row = queries.get_ledger(actor, pk)
    try:
        book = book_of(row)
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect("people:ledger", pk=pk)
    top = head_of(book, row.sheet, row.head_row + 1)
    body = workbook(top[row.head_row], rows_of(row), row.faults.order_by("line"))
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="to-mend-{row.pk}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
