"""Take a ledger over: upload, match columns, check, decide, import, undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.secrets.cipher import seal_bytes, unseal_bytes

from ...areas.models import Area
from ..ledgers.checking import lines
from ..ledgers.columns import FIELDS, NEEDED, find_head, guess, signature, still_fits
from ..ledgers.models import ImportState, LedgerColumns, LedgerImport, LikelySame
from ..ledgers.reading import Book, Unreadable, open_book
from ..queries import get_ledger
from .residents import require

SUBJECT = "people.import"
SAMPLE = 6  # rows shown beside the columns


def upload_ledger(
    *, actor: Actor, now: datetime, area: Area, file_name: str, source: str, body: bytes
) -> LedgerImport:
    """Keep a file, sealed, with its columns guessed or remembered.

    Raises NotAllowed, and Unreadable where the file cannot be opened; then nothing is kept.
    """
    require(actor, "people.import", area.code)
    book = open_book(body)
    row = LedgerImport(
        area=area, area_code=area.code, file_name=file_name[-120:], source=source[:40],
        body=seal_bytes(body), state=ImportState.UPLOADED, by_id=actor.account_id, at=now,
    )  # fmt: skip
    _choose_sheet(row, book, "")
    with transaction.atomic():
        row.save()
        _note(row, "upload", actor, now)
    return row


def _choose_sheet(row: LedgerImport, book: Book, sheet: str) -> None:
    row.sheet = sheet if sheet in book.sheets else book.sheets[0]
    top = head_of(book, row.sheet)
    row.head_row = find_head(top)
    head = top[row.head_row] if top else []
    kept = LedgerColumns.objects.filter(signature=signature(head)).first()
    if kept and still_fits(kept.mapping, len(head)):
        row.mapping = kept.mapping
    else:
        row.mapping = guess(head)


def head_of(book: Book, sheet: str, count: int = 20) -> list[list[Any]]:
    """Return the first rows of a sheet."""
    found = []
    for number, cells in enumerate(book.rows(sheet)):
        if number >= count:
            break
        found.append(cells)
    return found


def book_of(row: LedgerImport) -> Book:
    """Return the uploaded file, opened; raises Unreadable where it is no longer kept."""
    if not row.body:
        raise Unreadable(_("文件已按规定删除，请重新上传。"))
    return open_book(unseal_bytes(bytes(row.body)))


def _note(row: LedgerImport, verb: str, actor: Actor, now: datetime, **data: Any) -> None:
    ledger.append(
        subject_type=SUBJECT, subject_id=row.pk, verb=verb, actor=actor, at=now,
        area_code=row.area_code, data=data,
    )  # fmt: skip


def _locked(ledger_id: int, actor: Actor, *states: str) -> LedgerImport:
    seen = get_ledger(actor, ledger_id)
    require(actor, "people.import", seen.area_code)
    row = LedgerImport.objects.select_for_update(of=("self",)).get(pk=ledger_id)
    if row.state not in states:
        raise GuardFailed(_("这次导入现在是“%(state)s”。") % {"state": row.get_state_display()})
    return row


@transaction.atomic
def set_columns(
    ledger_id: int,
    *,
    actor: Actor,
    now: datetime,
    sheet: str,
    head_row: int,
    mapping: Mapping[str, int],
) -> LedgerImport:
    """Say which column holds what, remember it, and have the file checked.

    Raises Http404, NotAllowed, GuardFailed, ValidationError where a needed field has no column
    or a column serves two fields.
    """
    row = _locked(ledger_id, actor, ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    chosen = {name: column for name, column in mapping.items() if name in FIELDS}
    missing = [str(FIELDS[name]) for name in NEEDED if name not in chosen]
    if missing:
        raise ValidationError(_("请指出哪一列是%(names)s。") % {"names": _("、").join(missing)})
    if len(set(chosen.values())) < len(chosen):
        raise ValidationError(_("同一列不能对应两项内容。"))
    row.sheet, row.head_row, row.mapping = sheet[:80], head_row, chosen
    row.state, row.progress, row.fault, row.counts = ImportState.CHECKING, 0, "", {}
    row.save()
    top = head_of(book_of(row), row.sheet, head_row + 1)
    if len(top) > head_row:
        LedgerColumns.objects.update_or_create(
            signature=signature(top[head_row]), defaults={"mapping": chosen, "used_at": now}
        )
    _note(row, "columns", actor, now, fields=sorted(chosen))
    from ..jobs import check_ledger

    check_ledger.defer(ledger_id=row.pk)
    return row


@transaction.atomic
def decide_likely(
    ledger_id: int, likely_id: int, *, same: bool, actor: Actor, now: datetime
) -> None:
    """Say whether a line is someone who stands in the register; raises as the others do."""
    row = _locked(ledger_id, actor, ImportState.CHECKED)
    found = LikelySame.objects.filter(pk=likely_id, ledger=row)
    if found.update(same=same):
        _note(row, "decide", actor, now, likely=likely_id, same=same)


@transaction.atomic
def start_take_over(ledger_id: int, *, actor: Actor, now: datetime) -> LedgerImport:
    """Have the good rows of a checked file imported; the bad ones stay out."""
    row = _locked(ledger_id, actor, ImportState.CHECKED)
    if not row.counts.get("good"):
        raise GuardFailed(_("没有可以导入的行。"))
    row.state, row.progress = ImportState.IMPORTING, 0
    row.save()
    _note(row, "start", actor, now)
    from ..jobs import take_ledger_over

    take_ledger_over.defer(ledger_id=row.pk)
    return row


def rows_of(row: LedgerImport) -> Any:
    """Yield (line, cells) of the rows below the head."""
    return lines(book_of(row).rows(row.sheet), row.head_row)
