"""The bulk path equals the actions."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection

from factories import DEMO_LOGINS, DEMO_NOW, make_town
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import register_case, take_step
from linli.work.cases.actions.bulk import write_plans
from linli.work.cases.demo import make_plans
from linli.work.cases.demo_photos import store_photos
from linli.work.cases.models import Attachment, Case, CaseNote, ReturnRequest

pytestmark = pytest.mark.django_db

# Ids differ between the two ways, and so does what is drawn at random on purpose.
DIFFER = {"id", "intake_key", "case_id", "subject_id", "tx", "file", "thumbnail"}


def plans_of_all_kinds(photos):
    """Return 150 plans: all with a return, a refusal, a send-back and so on, and a sample."""
    everything = make_plans(now=DEMO_NOW, count=1500, focus=DEMO_LOGINS, photos=photos)
    rare = [
        plan
        for plan in everything
        if {act.step for act in plan.acts} & {"ask_return", "send_back", "decline"}
    ][:70]
    rest = [plan for plan in everything if plan not in rare]
    return rare + Random(1).sample(rest, 150 - len(rare))


def play(plan):
    case = register_case(
        actor=plan.actor,
        now=plan.at,
        files=[photo.cleaned for photo in plan.photos],
        **plan.report,
    ).case
    for act in plan.acts:
        take_step(
            act.step,
            case.pk,
            actor=act.actor,
            now=act.at,
            data=act.data,
            files=[photo.cleaned for photo in act.photos],
            key=act.key,
        )
    return case.pk


def rows(model, ids, name="case_id"):
    found = {pk: [] for pk in ids}
    order = "seq" if hasattr(model, "seq") else "id"
    for row in model.objects.filter(**{f"{name}__in": ids}).order_by(order, "id"):
        values = {
            field.attname: getattr(row, field.attname)
            for field in model._meta.concrete_fields
            if field.attname not in DIFFER
        }
        if "tracking_hash" in values:
            values["tracking_hash"] = bool(values["tracking_hash"])
        found[getattr(row, name)].append(values)
    return [found[pk] for pk in ids]


def test_bulk_path_equals_the_actions(file_store):
    make_town()
    plans = sorted(plans_of_all_kinds(store_photos(3)), key=lambda plan: plan.at)
    taken = {act.step for plan in plans for act in plan.acts}
    assert taken >= {
        "accept", "dispatch", "sign_in", "contact", "report_done", "send_back", "close", "settle",
        "decline", "ask_return", "grant_return", "refuse_return", "rate", "call_back",
    }  # fmt: skip
    played = [play(plan) for plan in plans]
    for plan in plans:
        plan.report["intake_key"] += "-bulk"
    written = [case.pk for case in write_plans(plans)]
    for name, model, key in (
        ("cases", Case, "id"),
        ("ledger", Entry, "subject_id"),
        ("notes", CaseNote, "case_id"),
        ("returns", ReturnRequest, "case_id"),
        ("attachments", Attachment, "case_id"),
    ):
        one, other = rows(model, played, key), rows(model, written, key)
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            assert left == right, (name, plans[number])


def test_same_moment_gives_the_same_plans():
    make_town()
    one, two = (make_plans(now=DEMO_NOW, count=200, photos=[]) for _ in range(2))
    assert [(p.at, p.report["title"], p.report["text"]) for p in one] == [
        (p.at, p.report["title"], p.report["text"]) for p in two
    ]
    assert [[(a.step, a.at) for a in p.acts] for p in one] == [
        [(a.step, a.at) for a in p.acts] for p in two
    ]


def test_messages_of_recent_steps_stand_in_the_inbox_only():
    from datetime import timedelta

    from linli.base.messages.models import Message

    make_town()
    write_plans(
        make_plans(now=DEMO_NOW, count=300, photos=[]), tell_since=DEMO_NOW - timedelta(days=7)
    )
    told = Message.objects.all()
    assert told.exists()
    assert set(told.values_list("channel", flat=True)) == {"site"}
    assert not told.filter(created_at__lt=DEMO_NOW - timedelta(days=7)).exists()


def test_ledger_numbering_is_whole():
    make_town()
    write_plans(make_plans(now=DEMO_NOW, count=200, photos=[]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_case c WHERE c.version <> (SELECT max(seq) FROM"
            " ledger_entry e WHERE e.subject_type = 'case' AND e.subject_id = c.id)"
        )
        assert cursor.fetchone() == (0,)
