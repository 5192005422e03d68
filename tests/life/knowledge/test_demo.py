"""The demonstration's knowledge base: samples in every state, used, praised, suggested."""

from __future__ import annotations

from collections import Counter

import pytest

from factories import DEMO_NOW, make_town
from linli.life.knowledge.demo import load_demo, rows
from linli.life.knowledge.models import Article, ArticleVersion, Usage
from linli.life.knowledge.queries import matches
from linli.work.cases.models import Case


@pytest.mark.django_db
def test_the_samples_are_there_once_in_every_state(monkeypatch):
    make_town(communities=1, grids=1)
    monkeypatch.setattr("linli.life.knowledge.demo.QUESTIONS", 12)
    monkeypatch.setattr("linli.work.cases.natures.answering.timezone.now", lambda: DEMO_NOW)
    for _ in range(2):
        load_demo(now=DEMO_NOW)
    assert Article.objects.count() == len(rows()) + 2
    states = Counter(ArticleVersion.objects.values_list("state", flat=True))
    assert states["replaced"] == states["draft"] == 1
    assert states["in_review"] == 2
    assert ArticleVersion.objects.filter(expires_on__lt=DEMO_NOW.date()).count() == 3
    assert Usage.objects.count() == 12
    assert Case.objects.filter(nature="praise", state="closed").count() == 16
    assert set(Case.objects.exclude(adoption="").values_list("adoption", flat=True)) == {
        "adopted", "partly", "refused",
    }  # fmt: skip
    for row in rows():
        assert "样例" in row["source"]


@pytest.mark.django_db
def test_each_sample_is_the_first_answer_to_its_own_questions(monkeypatch):
    make_town(subdistricts=1, communities=1, grids=1)
    monkeypatch.setattr("linli.life.knowledge.demo.QUESTIONS", 0)
    load_demo(now=DEMO_NOW)
    asked = missed = 0
    for version in ArticleVersion.objects.filter(
        state="published", expires_on__gte=DEMO_NOW.date()
    ):
        for question in (version.title, *version.questions.splitlines()):
            asked += 1
            found = matches(f"来电咨询：{question}", DEMO_NOW.date())
            missed += not found or found[0].version.pk != version.pk
    assert asked > 70
    assert missed <= asked * 0.05
