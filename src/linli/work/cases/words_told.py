"""What reporters said in their own words, and sent along; who is a party of a mediation."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.base.people.models import Resident
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import within

from .mediation.models import Mediation, Party
from .models import Attachment, Case, CaseNote

FIRST = 1  # the ledger number of the report itself
COMMUNITY = 12  # digits of its code


def told(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Narrow cases to those whose words can go: not files of mediation, which the law keeps."""
    filed = Mediation.objects.filter(case=OuterRef("pk"))
    said = ~Q(text="") | ~Q(address="") | Exists(Attachment.objects.filter(case=OuterRef("pk")))
    return cases.filter(said).exclude(Exists(filed))


def forget_words(cases: QuerySet[Case]) -> int:
    """Take away text, address, and what the reporter wrote and sent later; return how many cases.

    What was done about it, and when, stays: number, category, place to the community, steps.
    Files leave the disk once the transaction is committed.
    """
    rows = list(cases.select_related("category"))
    for case in rows:
        seqs = {FIRST, *_own_steps(case)}
        CaseNote.objects.filter(case=case, seq__in=seqs).update(text="")
        _drop(Attachment.objects.filter(case=case, seq__in=seqs))
        case.title, case.text, case.address, case.search = case.category.name, "", "", None
        case.save(update_fields=["title", "text", "address", "search"])
    return len(rows)


def _own_steps(case: Case) -> Iterable[int]:
    entries = Entry.objects.filter(subject_type="case", subject_id=case.pk)
    own = Q(actor_kind="anonymous")
    if case.reporter_id is not None:
        own |= Q(actor_id=case.reporter_id)
    return entries.filter(own).values_list("seq", flat=True)


def _drop(rows: QuerySet[Attachment]) -> None:
    names: list[tuple[Storage, str]] = [
        (kept.storage, str(kept.name)) for row in rows for kept in (row.file, row.thumbnail) if kept
    ]
    rows.delete()
    transaction.on_commit(lambda: _unlink(names))


def _unlink(names: Iterable[tuple[Storage, str]]) -> None:
    for storage, name in names:
        storage.delete(name)


def files_of(resident: Resident) -> list[int]:
    """Return the mediations of the resident's community of which they are a party.

    A party is told by identity number or phone.
    """
    known = {value for value in (resident.phone, resident.id_number) if value}
    if not known:
        return []
    place = within([resident.area_code[:COMMUNITY]], "mediation__case__area_code")
    parties = Party.objects.filter(place, organisation=False).only(
        "mediation_id", "phone", "id_number"
    )
    return sorted({row.mediation_id for row in parties if known & {row.phone, row.id_number}})
