"""Check a ledger, and take its good rows over in one transaction; undo it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.bulk import CopyBehind, take_ids
from linli.kernel.flow import GuardFailed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor

from ...areas.models import Area
from ...areas.queries import in_force
from ..addresses import address_key
from ..changes.recording import change, lock
from ..ledgers import homes as places
from ..ledgers import packing
from ..ledgers.checking import Checker, Place, Row, Seen
from ..ledgers.matching import Matched, match, newest
from ..ledgers.models import ImportFault, ImportState, LedgerImport, LikelySame
from ..ledgers.packing import Packed, packed
from ..ledgers.reading import Unreadable
from ..models import CareTag, Dwelling, Household, Member, Resident
from .ledgers import SUBJECT, rows_of
from .residents import EDITABLE, index_record, require, values_of

MOST_FAULTS = 200_000  # cells named; a file with more has the wrong columns


@dataclass
class Tally:
    """What a pass over a file found and did."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[ImportFault] = field(default_factory=list)
    likely: list[LikelySame] = field(default_factory=list)


def checker_for(row: LedgerImport, now: datetime) -> Checker:
    """Return what turns the file's cells into values."""
    grids: dict[str, Place] = {}
    below = in_force().filter(code__startswith=row.area_code, level="grid").select_related("parent")
    for area in below:
        place = Place(area.pk, area.code)
        grids[area.code] = place
        whole = address_key(area.full_name)
        grids[whole] = place
        grids.setdefault(address_key(area.name), place)
    return Checker(row.mapping, timezone.localdate(now), grids)


@contextmanager
def _progress(ledger_id: int) -> Iterator[Callable[[int], None]]:
    """Give what shows how far a pass is while its transaction is still open.

    It writes over a connection of its own, opened once: that takes longer than a few thousand rows.
    """
    beside = connections["default"].copy()

    def show(done: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE people_ledger_import SET progress = %s WHERE id = %s", [done, ledger_id]
            )

    try:
        yield show
    finally:
        beside.close()


def check_file(ledger_id: int, *, now: datetime) -> None:
    """Check an uploaded file without writing to the registers; its state says when it is done."""
    row = LedgerImport.objects.select_related("area").get(pk=ledger_id)
    if row.state != ImportState.CHECKING:
        return
    row.faults.all().delete()
    row.likely.all().delete()
    tally = Tally()
    try:
        for matched in _passes(row, tally, now):
            for one in matched:
                _count(tally, row, one)
            LedgerImport.objects.filter(pk=row.pk).update(progress=tally.counts["total"])
            _keep(tally)
    except Unreadable as error:
        _end(row, ImportState.FAILED, tally, now, fault=str(error))
        return
    except Exception:
        broken = _("检查中途出错。请重试；仍然出错时请联系管理员。")
        _end(row, ImportState.FAILED, Tally(), now, fault=broken)
        raise
    good = sum(tally.counts[name] for name in ("new", "same", "likely"))
    tally.counts["good"] = good
    _end(row, ImportState.CHECKED, tally, now)


def _end(
    row: LedgerImport, state: str, tally: Tally, now: datetime, *, fault: str = "", **more: Any
) -> None:
    row.state, row.counts, row.fault = state, dict(tally.counts), fault[:200]
    row.progress = tally.counts["total"]
    row.ended_at = now
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    ledger.append(
        subject_type=SUBJECT, subject_id=row.pk, verb=state, actor=SYSTEM, at=now,
        area_code=row.area_code, data={"counts": row.counts},
    )  # fmt: skip


def _passes(
    row: LedgerImport, tally: Tally, now: datetime, ready: Callable[[], None] | None = None
) -> Iterator[list[Matched[Packed]]]:
    """Yield chunks of the file: the good lines, and how each matches the register.

    Those who write give `ready`, which is called before the database is asked.
    """
    checker, seen = checker_for(row, now), Seen()
    number, upto = row.mapping.get("id_number", 0), newest()
    for chunk in packed(checker, rows_of(row), sealed=ready is not None):
        for one in chunk:
            seen.twice(one, number)
        tally.counts["total"] += len(chunk)
        if upto and ready:
            ready()
        matched = match([one for one in chunk if not one.faults], row.area_code, upto)
        for found in matched:
            if found.elsewhere:
                reason = _("这个身份证号已在其他区域登记，请办理迁入")
                found.row.faults.append((number, reason))
        for one in chunk:
            if one.faults:
                tally.counts["bad"] += 1
                _name_faults(tally, row, one)
        yield [found for found in matched if not found.row.faults]


def _name_faults(tally: Tally, row: LedgerImport, bad: Packed) -> None:
    tally.faults += [
        ImportFault(ledger=row, line=bad.line, column=column, reason=reason[:120])
        for column, reason in bad.faults
    ]


def _count(tally: Tally, row: LedgerImport, one: Matched[Packed]) -> None:
    if one.same:
        tally.counts["same"] += 1
    elif one.likely:
        tally.counts["likely"] += 1
        values, home = one.row.full().values, one.row.home
        told = [values["name"], str(values.get("born_on", "")), home.address if home else ""]
        tally.likely.append(
            LikelySame(
                ledger=row, line=one.row.line, resident_id=one.likely.pk,
                shown=" ".join(part for part in told if part),
            )
        )  # fmt: skip
    else:
        tally.counts["new"] += 1


def _keep(tally: Tally) -> None:
    named = tally.counts["faults"]
    ImportFault.objects.bulk_create(tally.faults[: max(0, MOST_FAULTS - named)])
    LikelySame.objects.bulk_create(tally.likely)
    tally.counts["faults"] += len(tally.faults)
    tally.faults, tally.likely = [], []


def take_over(ledger_id: int, *, now: datetime) -> None:
    """Import the good rows of a checked file: all of them, or none where something breaks.

    Lines that may be someone known and were not decided stay out, and so do bad ones.
    """
    row = LedgerImport.objects.select_related("area").get(pk=ledger_id)
    if row.state != ImportState.IMPORTING:
        return
    actor = Actor(kind="staff", account_id=row.by_id) if row.by_id else SYSTEM
    tally = Tally()
    try:
        with transaction.atomic():
            _take(row, tally, actor, now)
            # Where rows stayed out, the file is kept for some days, so that they can be mended.
            kept = row.body if tally.counts["bad"] or tally.counts["left"] else b""
            _end(row, ImportState.DONE, tally, now, body=kept)
    except Unreadable as error:
        _end(row, ImportState.FAILED, Tally(), now, fault=str(error))
    except Exception:
        broken = _("导入中途出错，一行也没有写入。请重试；仍然出错时请联系管理员。")
        _end(row, ImportState.FAILED, Tally(), now, fault=broken)
        raise


def _take(row: LedgerImport, tally: Tally, actor: Actor, now: datetime) -> None:
    decided = {found.line: found for found in row.likely.all()}
    homes = places.Homes(row.area, row.source, actor, now)
    homes.load()
    with (
        _progress(row.pk) as show_progress,
        CopyBehind("people_resident") as writer,
    ):
        for matched in _passes(row, tally, now, writer.wait):
            tally.faults = []  # named by the check already
            fresh, known = _sorted_out(matched, decided, tally)
            if known or homes.lacks(one.row for one in matched):
                writer.wait()
            homes.register(one.row for one in matched if not one.likely or one.row.line in decided)
            tally.counts.update(_refresh_all(row, known, homes, actor, now))
            _write(row, fresh, homes, writer, now)
            tally.counts["new"] += len(fresh)
            show_progress(tally.counts["total"])
    tally.counts["homes"] = homes.made


def _sorted_out(
    matched: list[Matched[Packed]], decided: dict[int, LikelySame], tally: Tally
) -> tuple[list[Packed], list[tuple[int, Row]]]:
    """Return the new lines, and those of someone known with their key; count what is left."""
    fresh: list[Packed] = []
    known: list[tuple[int, Row]] = []
    for one in matched:
        answer = decided.get(one.row.line)
        if one.same:
            known.append((one.same.pk, one.row.full()))
        elif one.likely and (answer is None or answer.same is None):
            tally.counts["left"] += 1
        elif one.likely and answer is not None and answer.same:
            known.append((answer.resident_id, one.row.full()))
        else:
            fresh.append(one.row)
    return fresh, known


RESIDENT_COLUMNS = (
    *packing.COLUMNS, "dwelling_id", "area_id", "area_code", "state", "state_on", "sources",
    "source", "recorded_at", "version", "taken_over_id",
)  # fmt: skip


def _write(
    row: LedgerImport, fresh: list[Packed], homes: places.Homes, writer: CopyBehind, now: datetime
) -> None:
    """Write new residents by COPY, and what hangs on them."""
    if not fresh:
        return
    stamp, day = now.isoformat(), timezone.localdate(now).isoformat()
    source = row.source.replace("\\", "").replace("\t", " ").replace("\n", " ")
    tail = f"here\t{day}\t{{}}\t{source}\t{stamp}\t1\t{row.pk}\n"
    lines = []
    for one in fresh:
        dwelling, area_id, code = _place(row.area, one, homes)
        lines.append(f"{one.columns}\t{dwelling}\t{area_id}\t{code}\t{tail}")
    tagged = [n for n, one in enumerate(fresh) if one.values.get("tags")]
    if not tagged and not any(one.home and one.values.get("relation") for one in fresh):
        writer.write(RESIDENT_COLUMNS, "".join(lines))  # the database numbers them itself
        return
    writer.wait()
    keys = take_ids(Resident, len(fresh))
    block = "".join(f"{key}\t{line}" for key, line in zip(keys, lines, strict=True))
    writer.write(("id", *RESIDENT_COLUMNS), block)
    writer.wait()
    _tag(row, [(keys[n], fresh[n]) for n in tagged], homes, now)
    homes.settle(zip(keys, fresh, strict=True), timezone.localdate(now))


def _place(area: Area, row: Packed, homes: places.Homes) -> tuple[str, int, str]:
    home = homes.of(row)
    if home:
        return str(home.pk), home.area_id, home.area_code
    grid = row.values.get("grid")
    return ("\\N", grid.pk, grid.code) if grid else ("\\N", area.pk, area.code)


def _tag(
    row: LedgerImport, people: list[tuple[int, Packed]], homes: places.Homes, now: datetime
) -> None:
    CareTag.objects.bulk_create(
        CareTag(
            resident_id=key, area_code=_place(row.area, one, homes)[2], kind=kind,
            source=row.source, set_on=timezone.localdate(now), by_id=row.by_id,
        )
        for key, one in people
        for kind in one.values["tags"]
    )  # fmt: skip


def _refresh_all(
    row: LedgerImport, known: list[tuple[int, Row]], homes: places.Homes, actor: Actor,
    now: datetime,
) -> Counter[str]:  # fmt: skip
    """Correct those who differ; who does not is read in one query and left alone."""
    people = Resident.objects.in_bulk([pk for pk, _new in known])
    counts: Counter[str] = Counter()
    for pk, new in known:
        home, person = homes.of(new), people[pk]
        differs = any(
            new.values.get(name) and new.values[name] != getattr(person, name) for name in EDITABLE
        )
        moved = home is not None and home.pk != person.dwelling_id
        if differs or moved or new.values.get("tags"):
            counts[_refresh(row, pk, new, homes, actor, now)] += 1
        else:
            counts["same"] += 1
    return counts


def _refresh(
    row: LedgerImport, known: int, new: Row, homes: places.Homes, actor: Actor, now: datetime
) -> str:
    """Fill in and correct what a ledger knows better of someone who stands; blanks say nothing."""
    person: Resident = lock(Resident, known, None, "resident")
    values = {name: new.values[name] for name in EDITABLE if new.values.get(name)}
    home = homes.of(new)
    if home and home.pk != person.dwelling_id:
        values |= {
            "dwelling": Dwelling.objects.get(pk=home.pk), "area": Area.objects.get(pk=home.area_id),
            "area_code": home.area_code,
        }  # fmt: skip
    index_record(person, values_of(person, values))
    changed = change(
        person, "resident", values, source=row.source, actor=actor, now=now, verb="import",
        data={"import": row.pk},
    )  # fmt: skip
    for kind in new.values.get("tags", ()):
        _made = CareTag.objects.get_or_create(
            resident=person, kind=kind, ended_on=None,
            defaults={
                "area_code": person.area_code, "source": row.source, "by_id": row.by_id,
                "set_on": timezone.localdate(now),
            },
        )  # fmt: skip
    return "changed" if changed else "same"


@transaction.atomic
def undo_import(ledger_id: int, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Take back the residents an import brought, as long as nobody touched them since.

    What it corrected in others stays, with what stood before in the record of corrections.
    Returns how many were taken back and how many were kept. Raises as the others do.
    """
    from ..queries import get_ledger

    seen = get_ledger(actor, ledger_id)
    require(actor, "people.import", seen.area_code)
    row = LedgerImport.objects.select_for_update(of=("self",)).get(pk=ledger_id)
    if row.state != ImportState.DONE:
        raise GuardFailed(_("只有已导入的才能撤销。"))
    brought = Resident.objects.filter(taken_over=row)
    untouched = brought.filter(
        version=1, account=None, looks__isnull=True, tenures__isnull=True, requests__isnull=True
    )
    keys = list(untouched.values_list("pk", flat=True))
    kept = brought.count() - len(keys)
    CareTag.objects.filter(resident__in=keys).delete()
    stays = Member.objects.filter(resident__in=keys)
    homes = list(stays.values_list("household_id", flat=True))
    stays.delete()
    Household.objects.filter(pk__in=homes, members__isnull=True).delete()
    Resident.objects.filter(pk__in=keys).delete()
    row.state = ImportState.UNDONE
    row.counts = row.counts | {"undone": len(keys), "kept": kept}
    row.save()
    ledger.append(
        subject_type=SUBJECT, subject_id=row.pk, verb="undo", actor=actor, at=now,
        area_code=row.area_code, data={"undone": len(keys), "kept": kept},
    )  # fmt: skip
    return {"undone": len(keys), "kept": kept}
