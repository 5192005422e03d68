"""The pages of mediation and its papers: good input and bad, what leaves as Word and PDF."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from factories import agree_mediation, make_case, make_disputes, make_district, make_mediation
from linli.base.accounts.models import Account
from linli.work.cases.mediation import documents
from linli.work.cases.mediation.models import Mediation
from linli.work.cases.models import Case, Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def typed(**more):
    return {
        "token": "t1", "kind": "neighbours", "origin": "applied", "title": "夜间噪声",
        "channel": "window", "area_code": "370705001001001", "facts": "楼上夜里吵闹",
        "a-name": "张三丰", "a-phone": "190 0000 1111", "b-name": "幸福物业", "b-organisation": "1",
    } | more  # fmt: skip


def test_a_walk_in_is_registered_once_and_shown_masked(client, world):
    make_disputes()
    enter(client, world.community_worker)
    first = client.post("/desk/mediation/new/", typed())
    again = client.post("/desk/mediation/new/", typed())
    made = Mediation.objects.get()
    assert first.url == again.url == f"/desk/mediation/{made.pk}/"
    page = client.get(first.url).content.decode()
    assert "张*丰" in page
    assert "张三丰" not in page
    assert "幸福物业" in page
    assert "楼上夜里吵闹" in page
    listed = client.get("/desk/mediation/").content.decode()
    assert made.number in listed
    assert "张三丰" not in listed
    assert made.number in client.get(f"/desk/cases/{made.case.number}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"a-name": ""}, "请填写这一项"),
        ({"a-phone": "12345"}, "手机号是以1开头"),
        ({"b-id_number": "12"}, "都是18位"),
        ({"area_code": "没有这里"}, "没有找到这个区域"),
        ({"area_code": "370705"}, "不在您的权限范围内"),
        ({"area_code": "370705002"}, "不在您的权限范围内"),
        ({"facts": ""}, "请填写这一项"),
    ],
)
def test_bad_input_is_answered_at_the_field_and_kept(client, world, wrong, words):
    make_disputes()
    enter(client, world.community_worker)
    page = client.post("/desk/mediation/new/", typed(**wrong))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "夜间噪声" in page.content.decode()
    assert not Mediation.objects.exists()
    assert not Case.objects.exists()


def test_a_dispute_leads_to_mediation_and_other_cases_do_not(client, world):
    case = make_case(world, category=make_disputes(), nature="dispute").case
    other = make_case(world).case
    enter(client, world.community_worker)
    assert "转人民调解" in client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "转人民调解" not in client.get(f"/desk/cases/{other.number}/").content.decode()
    page = client.get(f"/desk/mediation/new/?case_number={case.number}").content.decode()
    assert "所在社区或网格" not in page
    sent = typed(case_number=case.number)
    assert client.post("/desk/mediation/new/", sent).status_code == 302
    assert Mediation.objects.get().case_id == case.pk
    assert client.post("/desk/mediation/new/", sent | {"token": "t2"}).status_code == 422
    sent = typed(case_number=other.number, token="t3")
    page = client.post("/desk/mediation/new/", sent)
    assert page.status_code == 422
    assert "只有性质为矛盾纠纷" in page.content.decode()


def test_a_step_is_taken_and_a_refused_one_keeps_what_was_typed(client, world):
    made = make_mediation(world)
    enter(client, world.community_worker)
    address = f"/desk/mediation/{made.pk}/steps/"
    a = made.parties.first()
    page = client.post(f"{address}consent/", {"party": a.pk, "on": "昨天"})
    assert page.status_code == 422
    assert "日期应写成" in page.content.decode()
    assert client.post(f"{address}consent/", {"party": a.pk, "on": "2999-01-01"}).status_code == 422
    assert client.post(f"{address}consent/", {"party": a.pk, "on": "2026-03-16"}).status_code == 302
    page = client.post(f"{address}hold/", {"record": "谈了两个小时"})
    assert page.status_code == 409
    assert "谈了两个小时" in page.content.decode()
    assert client.post(f"{address}nonsense/").status_code == 404


def test_names_are_shown_for_a_reason_only(client, world):
    made = make_mediation(world)
    enter(client, world.community_worker)
    address = f"/desk/mediation/{made.pk}/parties/"
    assert client.post(address, {"reason": ""}).status_code == 422
    page = client.post(address, {"reason": "通知时间"})
    assert "张三丰" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert Look.objects.count() == 1
    # Who leads the district sees how it stands, not what was said.
    enter(client, world.lead)
    shown = client.get(f"/desk/mediation/{made.pk}/").content.decode()
    assert "独角兽" not in shown
    assert "只对本辖区调解员开放" in shown
    assert "张三丰" not in client.post(address, {"reason": "看看"}).content.decode()


def paper(client, made, kind):
    return client.post(f"/desk/mediation/{made.pk}/agreement.{kind}")


def test_the_agreement_as_word_holds_what_was_entered(client, world):
    made = make_mediation(world)
    enter(client, world.community_worker)
    page = paper(client, made, "docx")
    assert (page.status_code, "请先起草" in page.content.decode()) == (422, True)
    agree_mediation(world, made)
    page = paper(client, made, "docx")
    text = "\n".join(line.text for line in Document(BytesIO(page.content)).paragraphs)
    for words in (
        "人民调解协议书", made.number, "甲方（申请人）：张三丰，身份证号370705199001011234",
        "乙方：李四，住2号楼", "夜间噪声<争议>", "关窗\n&道歉",
        "1. 乙方于2026年3月26日前：赔偿300元", "甲方（签名、盖章或按指印）：2026年3月16日", "一式3份",
    ):  # fmt: skip
        assert words in text, words
    assert "{" not in text
    assert Look.objects.get().reason == "制作调解协议书"


def test_the_agreement_as_pdf_holds_the_same(client, world):
    made = agree_mediation(world, make_mediation(world))
    enter(client, world.community_worker)
    reader = PdfReader(BytesIO(paper(client, made, "pdf").content))
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    for words in ("人民调解协议书", "张三丰", "夜间噪声<争议>", "&道歉", "赔偿300元", "三十日内"):
        assert words in text, words


def test_without_a_chinese_font_the_page_says_so_and_word_still_works(client, world, monkeypatch):
    made = agree_mediation(world, make_mediation(world), oral=True)
    documents.chinese_font.cache_clear()
    monkeypatch.setattr(documents, "FONTS", ("No Such Font",))
    enter(client, world.community_worker)
    page = paper(client, made, "pdf")
    assert page.status_code == 422
    assert "服务器上没有中文字体" in page.content.decode()
    assert not Look.objects.exists()
    text = "\n".join(
        line.text for line in Document(BytesIO(paper(client, made, "docx").content)).paragraphs
    )
    assert "人民调解口头协议登记表" in text
    documents.chinese_font.cache_clear()


def test_the_list_is_filtered_and_handed_over_masked(client, world):
    made = make_mediation(world)
    enter(client, world.dispatcher)
    assert made.number in client.get("/desk/mediation/?kind=neighbours").content.decode()
    assert made.number not in client.get("/desk/mediation/?kind=labour").content.decode()
    assert made.number not in client.get("/desk/mediation/?late=owed").content.decode()
    assert made.number not in client.get("/desk/mediation/?late=due").content.decode()
    assert made.number not in client.get("/desk/mediation/?which=mine").content.decode()
    assert client.get("/desk/mediation/?kind=alien").status_code == 422
    assert client.get("/desk/mediation/?export=xlsx").status_code == 200
    enter(client, world.community_worker)
    assert client.get("/desk/mediation/?export=xlsx").status_code == 403


def test_who_may_not(client, world):
    made = agree_mediation(world, make_mediation(world))
    for outsider in (world.other_dispatcher, world.grid_worker, world.handler):
        enter(client, outsider)
        assert client.get(f"/desk/mediation/{made.pk}/").status_code == 404
        assert client.post(f"/desk/mediation/{made.pk}/steps/visit/").status_code == 404
        assert paper(client, made, "pdf").status_code == 404
    enter(client, world.grid_worker)
    assert client.get("/desk/mediation/").status_code == 403
    assert client.get("/desk/mediation/new/").status_code == 403
    enter(client, world.lead)
    assert paper(client, made, "pdf").status_code == 422
    assert not Look.objects.exists()
