"""Category and unit from the text: learned, shown with confidence, and corrected by people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import MONDAY, make_case, make_district
from linli.base.accounts.models import Account, Unit
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.actions.register import draft_case
from linli.work.cases.jobs import learn_from_cases
from linli.work.cases.models import Case, Category, Learned, Lesson
from linli.work.cases.suggest import learner, naming, training

DAY = timedelta(days=1)
WASTE = ["楼下垃圾没人收", "垃圾桶满了臭气大", "垃圾堆在路边几天", "生活垃圾乱倒"]
SHEDS = ["楼顶搭建铁皮房", "违法建设占了通道", "院子里私搭乱建", "一楼违建房屋占地"]


class TestLearner:
    def test_names_what_it_has_learned_with_shares_that_add_up(self):
        weights = learner.learn([*WASTE, *SHEDS], ["a"] * 4 + ["b"] * 4)
        named = weights.name("门口的垃圾又没人收")
        assert named[0][0] == "a"
        assert sum(share for _name, share in named) == pytest.approx(1)
        assert weights.name("违建铁皮房")[0][0] == "b"

    def test_nothing_known_nothing_said(self):
        weights = learner.learn([*WASTE, *SHEDS], ["a"] * 4 + ["b"] * 4)
        assert weights.name("") == []
        assert weights.name("xyz 12345") == []

    @pytest.mark.parametrize("labels", [["a"] * 8, ["a"] * 7 + ["b"], []])
    def test_one_class_alone_teaches_nothing(self, labels):
        assert learner.learn([*WASTE, *SHEDS][: len(labels)], labels) is None

    def test_stored_and_read_it_says_the_same(self):
        weights = learner.learn([*WASTE, *SHEDS], ["a"] * 4 + ["b"] * 4, temperature=3.0)
        again = learner.unpack(weights.pack())
        assert (again.features, again.classes) == (weights.features, weights.classes)
        for text in (*WASTE, *SHEDS):
            assert again.name(text)[0][1] == pytest.approx(weights.name(text)[0][1], abs=0.01)

    def test_pickled_content_is_refused(self):
        import io

        import numpy as np

        out = io.BytesIO()
        names = ("features", "classes", "idf", "weights", "temperature")
        np.savez_compressed(out, **{name: np.array([{}], dtype=object) for name in names})
        with pytest.raises(ValueError, match="pickle"):
            learner.unpack(out.getvalue())

    def test_importance_decides_where_texts_agree(self):
        texts = ["垃圾没人收"] * 3 + ["井盖丢失"] * 3 + ["垃圾没人收"] * 3 + ["路灯不亮"] * 3
        labels = ["a"] * 6 + ["b"] * 6
        for heavy, best in ((slice(0, 3), "a"), (slice(6, 9), "b")):
            weight = [1.0] * 12
            weight[heavy] = [3.0] * 3
            assert learner.learn(texts, labels, weight).name("垃圾没人收")[0][0] == best

    def test_temperature_makes_confidence_honest(self):
        # Of equal texts three quarters belong to one class: so sure may the suggestion be.
        texts, labels = (
            ["垃圾没人收"] * 40 + ["违建房屋"] * 40,
            (["a"] * 3 + ["b"]) * 10 + ["b"] * 40,
        )
        weights = learner.learn(texts, labels)
        heat = learner.calibrate(weights, texts, labels)
        hot = learner.learn(texts, labels, temperature=heat)
        before, after = weights.name("垃圾没人收")[0], hot.name("垃圾没人收")[0]
        assert abs(after[1] - 0.75) < abs(before[1] - 0.75)

    def test_measured_beside_the_simple_ways(self):
        weights = learner.learn([*WASTE, *SHEDS], ["a"] * 4 + ["b"] * 4)
        words = {"a": ["垃圾"], "b": ["没有的词"]}
        found = learner.measure(weights, [*WASTE, *SHEDS], ["a"] * 4 + ["b"] * 4, "a", words)
        assert (found.tested, found.top1, found.top3, found.majority) == (8, 1.0, 1.0, 0.5)
        assert found.keywords == 0.5


@pytest.fixture
def world():
    naming.forget()
    yield make_district()
    naming.forget()


@pytest.fixture
def taught(world):
    """Return a world that has learned from ninety closed cases."""
    grids, office = world.grid_unit, world.department
    cases = []
    for n in range(90):
        waste = n % 3 != 0
        case, _code = draft_case(
            actor=world.resident, now=MONDAY, intake_key=f"taught-{n}", channel="website",
            title="反映", text=(WASTE if waste else SHEDS)[n % 4] + f"，{n}号院", area=world.grid,
            category=world.category if waste else world.urban,
        )  # fmt: skip
        case.state, case.closed_at, case.deadline_at = "closed", MONDAY, None
        case.unit = grids if waste else office
        cases.append(case)
    Case.objects.bulk_create(cases)
    assert len(training.train_all(now=MONDAY)) == 2
    naming.forget()
    return world


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


@pytest.mark.django_db
class TestTraining:
    def test_too_few_cases_teach_nothing(self, world):
        make_case(world)
        assert training.train_all(now=MONDAY) == []
        assert naming.suggest("楼下的垃圾没人收", world.grid.code).categories == []

    def test_keeps_its_accuracy_on_cases_it_has_not_seen(self, taught):
        learned = Learned.objects.get(what="category")
        assert (learned.cases, learned.tested, learned.version) == (90, 18, 1)
        assert learned.top1 > learned.majority > 0.5
        entry = Entry.objects.get(subject_type="case.learned", subject_id=learned.pk)
        assert entry.data["version"] == 1

    def test_the_job_learns_again_and_old_versions_go(self, taught):
        for n in range(6):
            training.train("category", now=MONDAY + n * DAY)
        learn_from_cases(timestamp=0)
        versions = Learned.objects.filter(what="category").values_list("version", flat=True)
        assert sorted(versions) == [4, 5, 6, 7, 8]

    def test_a_keyword_is_known_before_the_first_case(self, taught):
        top = taught.category.parent
        Category.objects.create(code="0103", name="占道经营", parent=top, valid_from=MONDAY.date(),
                                keywords="占道 摊贩 夜市")  # fmt: skip
        from linli.work.cases import setup

        setup.forget()
        training.train("category", now=MONDAY + DAY)
        naming.forget()
        assert naming.suggest("摊贩占道").categories[0].label == "0103"


@pytest.mark.django_db
class TestNaming:
    def test_category_and_unit_with_confidence(self, taught):
        found = naming.suggest("楼下的垃圾几天没人收", taught.grid.code)
        best = found.categories[0]
        assert best.category == taught.category
        assert 0.5 < best.confidence <= 1
        assert found.units[0].unit == taught.grid_unit

    def test_no_unit_without_a_place_and_none_that_may_not(self, taught):
        assert naming.suggest("楼下的垃圾几天没人收").units == []
        # Building without a permit is not on the communities' list, whatever was learned.
        units = naming.suggest("楼顶违法建设铁皮房", taught.grid.code).units
        assert [row.unit for row in units] == [taught.department]

    def test_what_is_out_of_force_is_not_suggested(self, taught):
        from linli.work.cases import setup

        Category.objects.filter(pk=taught.category.pk).update(valid_to=MONDAY.date())
        Unit.objects.filter(pk=taught.department.pk).update(active=False)
        setup.forget()
        found = naming.suggest("楼下的垃圾几天没人收，还有违法建设", taught.grid.code)
        assert taught.category not in [row.category for row in found.categories]
        assert taught.department not in [row.unit for row in found.units]

    def test_another_version_is_noticed(self, taught, monkeypatch):
        assert naming.suggest("楼下的垃圾几天没人收").learned["category"].version == 1
        training.train("category", now=MONDAY + DAY)
        monkeypatch.setattr(naming, "FRESH_SECONDS", 0.0)
        assert naming.suggest("楼下的垃圾几天没人收").learned["category"].version == 2


@pytest.mark.django_db
class TestLessons:
    def dispatched(self, taught, category, unit, actor=None):
        case = make_case(taught, title="垃圾", text="楼下的垃圾几天没人收").case
        data = {"unit": unit.pk, "category": category.pk, "urgency": "ordinary"}
        accept_and_dispatch(case.pk, actor=actor or taught.dispatcher, now=MONDAY, data=data)
        return case

    def test_what_the_dispatcher_chose_instead_is_kept(self, taught):
        case = self.dispatched(taught, taught.urban, taught.department)
        lessons = {row.what: row for row in Lesson.objects.all()}
        assert (lessons["category"].suggested, lessons["category"].chosen) == ("0101", "0102")
        assert (lessons["unit"].suggested, lessons["unit"].chosen) == (
            "grid", f"unit:{taught.department.pk}",
        )  # fmt: skip
        assert lessons["category"].case_id == case.pk
        assert lessons["category"].by_id == taught.dispatcher.account_id
        assert lessons["category"].learned.version == 1
        assert 0 < lessons["category"].confidence <= 1

    def test_following_the_suggestion_or_the_system_teaches_nothing(self, taught):
        self.dispatched(taught, taught.category, taught.grid_unit)
        self.dispatched(taught, taught.urban, taught.department, actor=SYSTEM)
        assert not Lesson.objects.exists()

    def test_a_refused_dispatch_leaves_no_lesson(self, taught):
        from linli.kernel.flow import StepRefused

        with pytest.raises(StepRefused):
            self.dispatched(taught, taught.urban, taught.grid_unit)
        assert not Lesson.objects.exists()

    def test_the_next_training_weighs_them(self, taught):
        case = self.dispatched(taught, taught.urban, taught.department)
        rows = {row.pk: row for row in training.examples("category")}
        assert (rows[case.pk].label, rows[case.pk].importance) == ("0102", training.LESSON_WEIGHT)
        learned = training.train("category", now=MONDAY + DAY)
        assert (learned.cases, learned.lessons) == (91, 1)

    def test_registering_under_another_category_is_a_lesson(self, client, taught):
        typed = {
            "token": "t", "channel": "hotline", "nature": "help", "category": taught.urban.pk,
            "title": "垃圾", "text": "楼下的垃圾几天没人收", "area_code": taught.grid.code,
        }  # fmt: skip
        for _ in range(2):  # sent twice it is still one
            assert enter(client, taught.agent).post("/desk/cases/new/", typed).status_code == 302
        assert Lesson.objects.get().chosen == "0102"


@pytest.mark.django_db
class TestPages:
    def test_the_dispatcher_sees_how_sure_it_is(self, client, taught):
        case = make_case(taught, text="楼下的垃圾几天没人收", now=timezone.now()).case
        page = enter(client, taught.dispatcher).get(f"/desk/cases/{case.number}/same/")
        text = page.content.decode()
        assert "建议类别" in text
        assert "建议承办" in text
        assert "把握" in text
        assert (
            "把握" not in enter(client, taught.lead).get(page.request["PATH_INFO"]).content.decode()
        )

    def test_typing_suggests_to_staff_and_visitors(self, client, taught):
        typed = {"title": "反映", "text": "楼下的垃圾几天没人收", "area_code": taught.grid.code}
        page = enter(client, taught.agent).post("/desk/cases/new/hints/", typed).content.decode()
        assert f'data-value="{taught.category.pk}"' in page
        client.logout()
        page = client.post("/report/similar/", {"text": typed["text"]}).content.decode()
        assert 'data-value="0101"' in page

    def test_accuracy_and_overrides_within_ones_scope(self, client, taught):
        TestLessons().dispatched(taught, taught.urban, taught.department)
        page = enter(client, taught.dispatcher).get("/desk/suggestions/").content.decode()
        assert "首选正确" in page
        assert "违法建设" in page
        elsewhere = enter(client, taught.other_dispatcher).get("/desk/suggestions/")
        assert "还没有改选" in elsewhere.content.decode()
        assert enter(client, taught.agent).get("/desk/suggestions/").status_code == 403
        assert enter(client, taught.resident).get("/desk/suggestions/").status_code == 403

    def test_the_page_stands_before_anything_was_learned(self, client, world):
        page = enter(client, world.dispatcher).get("/desk/suggestions/").content.decode()
        assert "没有学习" in page


@pytest.mark.django_db
def test_a_closed_case_taken_in_hand_again_is_not_learned_twice(taught):
    case = Case.objects.order_by("id")[0]
    assert [row.pk for row in training.examples("category")].count(case.pk) == 1
    take_step("call_back", case.pk, actor=taught.agent, now=MONDAY, data={"reached": "no"})
    assert [row.pk for row in training.examples("category")].count(case.pk) == 1
