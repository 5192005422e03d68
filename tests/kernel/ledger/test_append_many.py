"""Appending many entries at once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from factories import MONDAY
from linli.kernel.ledger import actions
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def entry(seq: int) -> Entry:
    return Entry(
        subject_type="thing", subject_id=1, seq=seq, verb="do", actor_kind="system", at=MONDAY
    )


def test_many_entries_stand_in_order_with_their_transaction():
    single = actions.append(subject_type="other", subject_id=1, verb="do", actor=SYSTEM, at=MONDAY)
    assert actions.append_many(entry(seq) for seq in (1, 2, 3)) == 3
    rows = list(Entry.objects.filter(subject_type="thing").order_by("id"))
    assert [row.seq for row in rows] == [1, 2, 3]
    single.refresh_from_db()
    assert {row.tx for row in rows} == {single.tx}


def test_a_number_used_before_is_refused():
    actions.append_many([entry(1)])
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.append_many([entry(1)])


def test_entries_stay_append_only_afterwards():
    actions.append_many([entry(1)])
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(subject_type="thing").update(verb="undo")
