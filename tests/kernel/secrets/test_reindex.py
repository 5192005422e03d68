"""A new key for the blind index: all that was found before is found after, or nothing changed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from factories import MONDAY, make_case, make_district, make_resident
from linli.base.accounts.actions import create_resident
from linli.base.accounts.models import Account, LoginCode, UnknownName, resident_username
from linli.base.messages.actions import set_sms_off
from linli.base.messages.models import MessagePreference
from linli.base.people import actions as people
from linli.base.people.models import Resident
from linli.base.people.queries import same_id_number
from linli.kernel.scope import SYSTEM
from linli.kernel.secrets import index_keys, reindexing
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.keys import KeyProblem
from linli.kernel.secrets.models import IndexKey
from linli.kernel.secrets.words import blind_words
from linli.work.cases.actions import join_matter
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db
OLD = "an old key of the blind index"


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    path = tmp_path / "index-key"
    path.write_text(OLD + "\n")
    settings.BLIND_INDEX_KEY_FILE = str(path)
    index_keys.forget()
    yield path
    index_keys.forget()


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(reindexing, "_alone", lambda: None)


@pytest.fixture
def town():
    world = make_district()
    resident = people.add_resident(
        actor=SYSTEM, now=MONDAY, area=world.grid, source="入户登记",
        values={"name": "陈桂兰", "phone": "19900001111", "id_number": "110101194910010000"[:17] + "X"},
    )  # fmt: skip
    case = make_case(world, reporter_phone="19900001111")
    account = make_resident(world.community, phone="19900001111")
    set_sms_off(account=account, off=True, now=MONDAY)
    return world, resident, case, account


def rerun():
    return reindexing.reindex(now=timezone.now())


def test_everything_is_found_by_the_new_key_and_nothing_by_the_old(town, alone, key_file):
    _world, resident, case, account = town
    before = blind_index("19900001111")
    reindexing.agree(now=MONDAY)
    assert rerun() >= 4
    assert key_file.read_text().strip() != OLD
    assert len(key_file.read_text().splitlines()) == 1
    after = blind_index("19900001111")
    assert after != before
    for model, pk in ((Resident, resident.pk), (Case, case.case.pk), (Account, account.pk)):
        assert model.objects.get(pk=pk).phone_index == after
        assert not model.objects.filter(phone_index=before).exists()
    assert MessagePreference.objects.get(phone_index=after).sms_off
    assert same_id_number(resident.id_number).get() == resident
    fresh = Resident.objects.get(pk=resident.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [blind_words("陈桂兰")])
        assert fresh.words == cursor.fetchone()[0]
    assert IndexKey.objects.get().fingerprint == index_keys.fingerprint(
        key_file.read_text().strip()
    )
    assert not LoginCode.objects.exists()
    assert not UnknownName.objects.exists()


def test_log_in_names_and_callers_go_along(town, alone, settings):
    world, _resident, case, account = town
    Account.objects.filter(pk=account.pk).update(
        username=resident_username(blind_index("19900001111"))
    )
    staff = world.community_worker.account_id
    name = Account.objects.get(pk=staff).username
    caller = {"actor": SYSTEM, "now": MONDAY, "phone": "19900002222"}
    join_matter(case.case.pk, key="", **caller)
    join_matter(case.case.pk, actor=SYSTEM, now=MONDAY, key="form-1")
    rerun()
    account.refresh_from_db()
    assert account.username == resident_username(blind_index("19900001111"))
    assert Account.objects.get(pk=staff).username == name
    assert create_resident(actor=SYSTEM, now=MONDAY, phone="19900001111") == account
    assert join_matter(case.case.pk, key="", **caller).repeated
    assert join_matter(case.case.pk, actor=SYSTEM, now=MONDAY, key="form-1").repeated


def test_blank_indexes_stay_blank(town, alone):
    world, *_ = town
    nobody = people.add_resident(
        actor=SYSTEM, now=MONDAY, area=world.grid, source="x", values={"name": "某某"}
    )
    rerun()
    nobody.refresh_from_db()
    assert (nobody.phone_index, nobody.id_index, nobody.twin_index) == ("", "", "")


def test_a_run_cut_short_leaves_the_old_key_and_its_indexes(town, alone, key_file, monkeypatch):
    _world, resident, *_ = town
    reindexing.agree(now=MONDAY)

    def cut(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(reindexing, "_empty", cut)
    with pytest.raises(KeyboardInterrupt):
        rerun()
    assert key_file.read_text().splitlines()[0] == OLD
    assert Resident.objects.get(pk=resident.pk).phone_index == blind_index("19900001111")
    reindexing.agree(now=MONDAY)


def test_a_run_cut_short_after_its_work_is_finished_by_the_next(town, alone, key_file, monkeypatch):
    reindexing.agree(now=MONDAY)
    with monkeypatch.context() as patch:
        patch.setattr(reindexing, "begin_next", lambda: None)
        rerun()
    with pytest.raises(KeyProblem, match="linli keys reindex"):
        reindexing.agree(now=MONDAY)
    assert rerun() == 0
    reindexing.agree(now=MONDAY)
    assert Resident.objects.filter(phone_index=blind_index("19900001111")).exists()


def test_a_site_with_another_key_is_told(town, key_file):
    reindexing.agree(now=MONDAY)
    key_file.write_text("a key of another district altogether\n")
    index_keys.forget()
    with pytest.raises(KeyProblem, match="another key"):
        reindexing.agree(now=MONDAY)


def test_a_key_in_the_environment_cannot_be_changed(settings):
    settings.BLIND_INDEX_KEY_FILE = ""
    with pytest.raises(KeyProblem, match="LINLI_BLIND_INDEX_KEY_FILE"):
        rerun()


@pytest.mark.parametrize("text", ["", "short\n", "next:0123456789abcdef0123\n"])
def test_a_file_without_a_key_in_use_is_refused(key_file, text):
    key_file.write_text(text)
    index_keys.forget()
    with pytest.raises(KeyProblem, match="first line"):
        blind_index("19900001111")


@pytest.mark.django_db(transaction=True)
def test_it_does_not_begin_while_the_site_runs():
    import psycopg

    params = connection.get_connection_params()
    known = {"dbname", "user", "password", "host", "port"}
    other = psycopg.connect(**{key: params[key] for key in known & params.keys()})
    with other, pytest.raises(KeyProblem, match="stop the site"):
        rerun()


def test_every_blind_index_of_the_schema_is_taken_care_of():
    found = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("_index") and field.get_internal_type() == "CharField"
    }
    assert found == reindexing.known_tables()
