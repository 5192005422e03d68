"""The demonstration's cases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from factories import DEMO_LOGINS, DEMO_NOW, make_town
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.kernel.ledger.models import Entry
from linli.work.cases.demo import load_demo
from linli.work.cases.demo_cast import NothingToStandOn
from linli.work.cases.models import Case, Learned
from linli.work.cases.queries import overdue, work_list

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_store")]


def test_without_areas_it_says_what_is_missing():
    with pytest.raises(NothingToStandOn, match="areas"):
        load_demo(now=DEMO_NOW, count=10)


def test_demo_has_something_of_everything():
    make_town()
    done = load_demo(now=DEMO_NOW, count=1200, focus=DEMO_LOGINS)
    assert done["cases"] == 1200 == Case.objects.filter(mediations=None).count()
    assert 30 < done["open"] < 400
    assert done["closed"] > 800
    verbs = Counter(Entry.objects.values_list("verb", flat=True))
    for verb in ("decline", "ask_return", "send_back", "rate", "call_back", "settle", "contact"):
        assert verbs[verb] > 3, verb
    assert overdue(Case.objects.all(), DEMO_NOW).exists()
    assert Case.objects.filter(rating__lte=2).exists()
    assert Case.objects.exclude(tracking_hash="").exists()
    assert not Case.objects.filter(created_at__gt=DEMO_NOW).exists()
    assert not Entry.objects.filter(at__gt=DEMO_NOW).exists()
    assert Case.objects.filter(created_at__lt=DEMO_NOW - timedelta(days=170)).exists()
    titles = set(Case.objects.values_list("title", flat=True))
    assert len(titles) > 400
    assert Case.objects.filter(behind__gt=0).exists()
    assert Case.objects.filter(state="merged", merged_into__isnull=False).exists()
    assert set(Learned.objects.values_list("what", flat=True)) == {"category", "unit"}
    learned = Learned.objects.get(what="category")
    assert learned.top1 > learned.majority


def test_each_named_log_in_finds_work():
    make_town()
    load_demo(now=DEMO_NOW, count=400, focus=DEMO_LOGINS)
    for username in DEMO_LOGINS:
        actor = actor_of(Account.objects.get(username=username))
        assert len(work_list(actor)) >= 3, username


def test_the_named_resident_finds_reports_in_every_state():
    make_town()
    name = Account.objects.filter(kind="resident", area__isnull=False).order_by("id")[0].name
    load_demo(now=DEMO_NOW, count=100, resident=name)
    own = Case.objects.filter(reporter__name=name, created_at__gt=DEMO_NOW - timedelta(days=40))
    assert {"registered", "closed"} <= set(own.values_list("state", flat=True))
    assert own.count() >= 5


def test_loading_again_does_nothing():
    make_town()
    load_demo(now=DEMO_NOW, count=60)
    loaded = Case.objects.count()
    assert load_demo(now=DEMO_NOW, count=60) == {"cases": 0}
    assert Case.objects.count() == loaded >= 60
