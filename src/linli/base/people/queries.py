"""Read the registers: everything the actor may see, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within
from linli.kernel.search import search_query
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import HashQuery, blind_query

from .addresses import address_key, split_rooms
from .consents import standing
from .identity import looks_like_number
from .models import (
    Building,
    CareTag,
    Change,
    ChangeRequest,
    Dwelling,
    Household,
    LedgerImport,
    Member,
    Organisation,
    RecordLook,
    Resident,
    Tenure,
)

MOST_FOUND = 50

consents_of, may_tell = standing.consents_of, standing.may_tell

Row = TypeVar("Row", bound=Model)


def _scoped(rows: QuerySet[Row], actor: Actor) -> QuerySet[Row]:
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("people.view")))


def visible_residents(actor: Actor) -> QuerySet[Resident]:
    """Return the residents of the areas over which the actor may read the register."""
    return _scoped(Resident.objects.filter(erased_at=None), actor)


def visible_buildings(actor: Actor) -> QuerySet[Building]:
    """Return the buildings the actor may see."""
    return _scoped(Building.objects.all(), actor)


def visible_dwellings(actor: Actor) -> QuerySet[Dwelling]:
    """Return the dwellings the actor may see."""
    return _scoped(Dwelling.objects.select_related("building"), actor)


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations the actor may see."""
    return _scoped(Organisation.objects.all(), actor)


def visible_requests(actor: Actor) -> QuerySet[ChangeRequest]:
    """Return the requests of the actor's areas, or a resident's own."""
    rows = ChangeRequest.objects.all()
    if actor.kind == "system":
        return rows
    if actor.kind == "resident" and actor.account_id is not None:
        return rows.filter(account_id=actor.account_id)
    return rows.filter(within(actor.areas("people.decide")))


def get_resident(actor: Actor, pk: int) -> Resident:
    """Return a resident; raises Http404 outside the actor's scope."""
    rows = visible_residents(actor).select_related(
        "dwelling__building", "area__parent__parent", "account"
    )
    return get_object_or_404(
        rows.defer("area__boundary", "area__parent__boundary", "area__parent__parent__boundary"),
        pk=pk,
    )


def get_building(actor: Actor, pk: int) -> Building:
    """Return a building; raises Http404 outside the actor's scope."""
    return get_object_or_404(visible_buildings(actor).select_related("area__parent__parent"), pk=pk)


def get_dwelling(actor: Actor, pk: int) -> Dwelling:
    """Return a dwelling; raises Http404 outside the actor's scope."""
    return get_object_or_404(visible_dwellings(actor), pk=pk)


def get_organisation(actor: Actor, pk: int) -> Organisation:
    """Return an organisation; raises Http404 outside the actor's scope."""
    rows = visible_organisations(actor).select_related("area__parent__parent", "building")
    return get_object_or_404(rows, pk=pk)


def get_request(actor: Actor, pk: int) -> ChangeRequest:
    """Return a request; raises Http404 outside the actor's scope."""
    rows = visible_requests(actor).select_related("resident__area")
    return get_object_or_404(rows, pk=pk)


def visible_ledgers(actor: Actor) -> QuerySet[LedgerImport]:
    """Return the imports of the areas in which the actor may import; the files stay unread."""
    rows = LedgerImport.objects.select_related("area").defer("body", "area__boundary")
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("people.import")))


def get_ledger(actor: Actor, pk: int) -> LedgerImport:
    """Return an import; raises Http404 outside the actor's scope."""
    return get_object_or_404(visible_ledgers(actor), pk=pk)


def find_by_phone(actor: Actor, phone: str) -> QuerySet[Resident]:
    """Return visible residents with exactly this phone; blank finds nobody."""
    index = blind_index(phone)
    rows = visible_residents(actor)
    return rows.filter(phone_index=index) if index else rows.none()


def find_by_id_number(actor: Actor, number: str) -> QuerySet[Resident]:
    """Return visible residents with exactly this identity number; blank finds nobody."""
    index = blind_index(number)
    rows = visible_residents(actor)
    return rows.filter(id_index=index) if index else rows.none()


def same_id_number(number: str) -> QuerySet[Resident]:
    """Return whoever has this identity number anywhere; it says that they are, not who."""
    index = blind_index(number)
    return Resident.objects.filter(id_index=index) if index else Resident.objects.none()


def find_by_name(actor: Actor, text: str) -> QuerySet[Resident]:
    """Return visible residents by two or more characters of the name, its pinyin or initials."""
    asked = blind_query(text)
    rows = visible_residents(actor)
    if not asked:
        return rows.none()
    return rows.filter(words=HashQuery(asked))


def find_homes(actor: Actor, text: str) -> QuerySet[Dwelling]:
    """Return visible dwellings of an address, which may end in unit and room."""
    key = address_key(text)
    rows = visible_dwellings(actor).filter(closed_on=None)
    if len(key) < 2:
        return rows.none()
    buildings = visible_buildings(actor).filter(closed_on=None)
    whole = list(buildings.filter(Q(key__contains=key) | Q(name__icontains=key)).values("pk")[:50])
    if whole:
        return rows.filter(building__in=[row["pk"] for row in whole])
    for length in range(len(key) - 1, 2, -1):
        found = list(buildings.filter(key__endswith=key[:length]).values_list("pk", flat=True)[:50])
        if found:
            return _rooms(rows.filter(building__in=found), key[length:])
    return rows.none()


def _rooms(rows: QuerySet[Dwelling], rest: str) -> QuerySet[Dwelling]:
    unit, room = split_rooms(rest)
    if unit:
        rows = rows.filter(unit=unit)
    return rows.filter(room__startswith=room) if room else rows


def search(actor: Actor, text: str) -> QuerySet[Resident]:
    """Return visible residents for what somebody typed into one field.

    Eleven digits are a phone, eighteen characters an identity number, letters pinyin or initials,
    Chinese a name, else an address. Blank finds nobody.
    """
    wanted = "".join(text.split())
    kind = looks_like_number(wanted)
    if kind == "phone":
        return find_by_phone(actor, wanted)
    if kind == "id":
        return find_by_id_number(actor, wanted)
    if any(char.isdigit() for char in wanted):
        return visible_residents(actor).filter(dwelling__in=find_homes(actor, wanted))
    found = find_by_name(actor, text)
    if len(wanted) > 4 and not wanted.isascii() and not found.exists():
        return visible_residents(actor).filter(dwelling__in=find_homes(actor, wanted))
    return found


def find_organisations(actor: Actor, text: str) -> QuerySet[Organisation]:
    """Return visible organisations by words or initials of name and address, or by code."""
    wanted = "".join(text.split()).upper()
    rows = visible_organisations(actor)
    if len(wanted) == 18 and wanted.isalnum() and wanted.isascii():
        return rows.filter(code=wanted)
    return rows.filter(words=search_query(text)) if wanted else rows


def with_tags(rows: QuerySet[Resident]) -> QuerySet[Resident]:
    """Fetch along the tags in force and the dwelling, for lists."""
    tags = Prefetch("tags", CareTag.objects.filter(ended_on=None), to_attr="tags_now")
    return (
        rows.select_related("dwelling__building", "area__parent__parent")
        .defer("area__boundary", "area__parent__boundary", "area__parent__parent__boundary")
        .prefetch_related(tags)
    )


def tags_of(resident: Resident) -> list[CareTag]:
    """Return a resident's tags, those in force first."""
    rows = CareTag.objects.filter(resident=resident)
    return sorted(rows, key=lambda tag: (tag.ended_on is not None, tag.kind, -tag.pk))


def stays_of(resident: Resident) -> list[Member]:
    """Return where a resident has lived, the newest first."""
    rows = Member.objects.filter(resident=resident)
    return list(rows.select_related("household__dwelling__building").order_by("-from_on", "-pk"))


def housemates(resident: Resident) -> list[Member]:
    """Return who lives in a resident's household now, themselves included; the head first."""
    own = Member.objects.filter(resident=resident, to_on=None).values("household_id")
    rows = Member.objects.filter(household_id__in=own, to_on=None)
    return list(rows.select_related("resident").order_by("relation", "pk"))


def households_of(dwelling: Dwelling) -> list[Household]:
    """Return a dwelling's households with members, those of today first."""
    members = Prefetch(
        "members", Member.objects.select_related("resident").order_by("to_on", "relation", "pk")
    )
    rows = Household.objects.filter(dwelling=dwelling).prefetch_related(members)
    return sorted(rows, key=lambda row: (row.closed_on is not None, -row.pk))


def tenures_of(
    *, dwelling: Dwelling | None = None, resident: Resident | None = None
) -> list[Tenure]:
    """Return owners and tenants of a dwelling, or what a resident owns and rents."""
    rows = Tenure.objects.select_related("resident", "organisation", "dwelling__building")
    rows = rows.filter(dwelling=dwelling) if dwelling else rows.filter(resident=resident)
    return sorted(rows, key=lambda row: (row.to_on is not None, row.kind, -row.pk))


def changes_of(subject: str, pk: int, limit: int = 50) -> list[Change]:
    """Return what was changed of a record, the newest first; the caller checked the scope."""
    return list(Change.objects.filter(subject=subject, subject_id=pk).order_by("-id")[:limit])


def own_record(actor: Actor) -> Resident | None:
    """Return the record of the resident who is logged in, or None."""
    if actor.kind != "resident" or actor.account_id is None:
        return None
    rows = Resident.objects.select_related("dwelling__building", "area__parent__parent")
    return rows.filter(account_id=actor.account_id).first()


def looks_at(resident: Resident, limit: int = 200) -> list[RecordLook]:
    """Return who looked at a record, the newest first; the caller is them or watches over it."""
    rows = RecordLook.objects.filter(resident=resident).select_related("actor__unit")
    return list(rows.order_by("-id")[:limit])


def visible_looks(actor: Actor) -> QuerySet[RecordLook]:
    """Return the looks at records in the areas whose record the actor keeps; fails closed."""
    rows = RecordLook.objects.select_related("actor__unit")
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("people.looks")))


def households_at(code: str) -> int:
    """Return how many households stand open at an area or below."""
    return Household.objects.filter(within([code]), closed_on=None).count()


def residents_of_accounts(accounts: Iterable[int]) -> dict[int, int]:
    """Return account id to resident id for those that are linked."""
    rows = Resident.objects.filter(account__in=list(accounts))
    return {account: pk for account, pk in rows.values_list("account_id", "pk") if account}
