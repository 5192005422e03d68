"""The columns of the sites: kept by the district, the same everywhere."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import MONDAY, make_district, make_staff
from linli.base.accounts.models import Account
from linli.kernel.flow import NotAllowed
from linli.kernel.ledger.models import Entry
from linli.life.publishing.actions_columns import save_section
from linli.life.publishing.forms import StoryForm
from linli.life.publishing.models import Section
from story_factories import section_of

pytestmark = pytest.mark.django_db
PAGE = "/desk/stories/columns/"


@pytest.fixture
def world():
    section_of()
    return make_district()


@pytest.fixture
def keeper(world):
    client = Client()
    client.force_login(make_staff("district_dispatcher", world.district))
    return client


def test_a_column_is_added_changed_and_closed(world, keeper):
    keeper.post(PAGE, {"name": "邻里故事", "order": "5", "is_open": "on"})
    row = Section.objects.get(name="邻里故事")
    assert (row.order, row.open) == (5, True)
    keeper.post(f"{PAGE}{row.pk}/", {"name": "邻里人物", "order": "7"})
    row.refresh_from_db()
    assert (row.name, row.order, row.open) == ("邻里人物", 7, False)
    form = StoryForm(areas=[world.community])
    assert row not in form.fields["section"].queryset
    verbs = Entry.objects.filter(subject_type="section", subject_id=row.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["make", "change"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "请写栏目名称"), ({"name": "字" * 21}, "最多20个字"),
        ({"name": "通知公告"}, "已经有这个栏目"), ({"order": "-1"}, "不能小于0"),
        ({"order": "x"}, "请填整数"),
    ],
)  # fmt: skip
def test_bad_input_is_said_at_the_field_and_nothing_is_lost(world, keeper, wrong, said):
    count = Section.objects.count()
    answer = keeper.post(PAGE, {"name": "邻里故事", "order": "12", "is_open": "on"} | wrong)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert ("邻里故事" in page) or "name" in wrong
    assert Section.objects.count() == count
    other = Section.objects.create(code="x", name="别的", order=50)
    answer = keeper.post(f"{PAGE}{other.pk}/", {"name": "改名", "order": "12"} | wrong)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_only_the_district_keeps_them(world):
    with pytest.raises(NotAllowed):
        save_section(actor=world.community_worker, now=MONDAY, name="x", order=1, is_open=True)
    client = Client()
    client.force_login(Account.objects.get(pk=world.dispatcher.account_id))
    assert client.get(PAGE).status_code == 403
