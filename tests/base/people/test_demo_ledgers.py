"""The demonstration shows an import that is done and one that waits for decisions."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from tests.factories import MONDAY, make_district, make_staff

from linli.base.people.actions.residents import index_record, values_of
from linli.base.people.demo_ledgers import OLD, load_ledgers
from linli.base.people.identity import id_check
from linli.base.people.models import Gender, ImportState, LedgerImport, Resident, RetentionRun

pytestmark = pytest.mark.django_db


def make_people(world, count: int = 60):
    rng, today = Random(3), timezone.localdate(MONDAY)
    for n in range(count):
        years = OLD + 5 if n < 15 else rng.randrange(20, 70)
        born = today - timedelta(days=365 * years + n)
        body = f"370705{born:%Y%m%d}000"
        row = Resident(
            name=f"张{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'东南西北中'[n % 5]}",
            id_number=body + id_check(body), phone=f"190000{n:05d}", born_on=born,
            gender=Gender.FEMALE, area=world.grid, area_code=world.grid.code, source="测试", recorded_at=MONDAY,
        )  # fmt: skip
        index_record(row, values_of(row, {}))
        row.save()


def test_the_demonstration_imports():
    world = make_district()
    worker = make_staff("community_worker", world.community)
    worker.username = "community"
    worker.save()
    make_people(world)
    assert load_ledgers(Random(1), MONDAY) == 3
    done, forgotten, waiting = LedgerImport.objects.order_by("pk")
    assert (bytes(forgotten.body), bool(waiting.body)) == (b"", True)
    assert [run.counts for run in RetentionRun.objects.order_by("pk")] == [{"people.files": 1}, {}]
    assert (done.state, waiting.state) == (ImportState.DONE, ImportState.CHECKED)
    assert (done.counts["new"], done.counts["same"]) == (4, 12)
    assert Resident.objects.filter(taken_over=done).count() == 4
    assert waiting.counts["bad"] == waiting.faults.values("line").distinct().count() == 6
    assert waiting.likely.count() == 3
    assert load_ledgers(Random(1), MONDAY) == 0
