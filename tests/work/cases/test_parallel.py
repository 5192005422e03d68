"""Real transactions side by side: whoever is second is told, and the books stay right."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from factories import MONDAY, make_case, make_disputes, make_district, make_mediation
from linli.kernel.flow import StepRefused
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case
from linli.work.cases.tasks.actions import open_tasks, take_task_step
from linli.work.cases.tasks.models import SubTask
from linli.work.cases.together.acts import ACTS, chosen, perform_all
from linli.work.emergencies.actions import pass_on_calls
from linli.work.emergencies.models import Call

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def world():
    return make_district()


def together(*acts):
    """Run the acts at the same moment, each in a thread and a connection of its own."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        try:
            barrier.wait(10)
            results[n] = ("done", act())
        except StepRefused as error:
            results[n] = ("refused", str(error))
        except Exception as error:
            results[n] = ("broken", error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not [result for result in results if result is None or result[0] == "broken"], results
    return results


def books_agree(case):
    """The case's state and version are what its ledger says, without a gap."""
    case.refresh_from_db()
    entries = list(Entry.objects.filter(subject_type="case", subject_id=case.pk).order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, case.version + 1))
    moves = [entry.data["to"] for entry in entries if "to" in entry.data]
    assert moves[-1] == case.state


def dispatched(world):
    case = make_case(world).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    return case


def test_two_dispatchers_at_once_leave_one_holder(world):
    for _ in range(ROUNDS):
        case = make_case(world).case

        def send(who, unit, case=case):
            return lambda: accept_and_dispatch(
                case.pk, actor=who, now=MONDAY, data={"unit": unit.pk}
            )

        results = together(
            send(world.dispatcher, world.grid_unit),
            send(world.district_dispatcher, world.department),
        )
        assert Counter(kind for kind, _ in results) == {"done": 1, "refused": 1}
        [words] = [said for kind, said in results if kind == "refused"]
        assert "慢了一步" in words
        books_agree(case)
        holders = Entry.objects.filter(
            subject_type="case", subject_id=case.pk, verb="dispatch"
        ).values_list("data__unit", flat=True)
        assert list(holders) == [case.unit_id]


def test_signing_in_and_sending_elsewhere_at_once_never_splits_a_case(world):
    for _ in range(ROUNDS):
        case = dispatched(world)
        version = Case.objects.get(pk=case.pk).version
        together(
            lambda c=case, v=version: take_step(
                "sign_in", c.pk, actor=world.grid_worker, now=MONDAY, expected=v
            ),
            lambda c=case, v=version: take_step(
                "dispatch", c.pk, actor=world.dispatcher, now=MONDAY, expected=v,
                data={"unit": world.community_unit.pk},
            ),
        )  # fmt: skip
        books_agree(case)
        assert (case.state, case.unit_id) in {
            ("in_hand", world.grid_unit.pk),
            ("dispatched", world.community_unit.pk),
        }


def test_one_wish_for_more_time_however_often_it_is_asked(world):
    for _ in range(ROUNDS):
        case = dispatched(world)
        take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)

        def wish(key, case=case):
            return lambda: open_tasks(
                "extension", case.pk, actor=world.grid_worker, now=MONDAY, key=key,
                data={"days": "3", "text": "等配件"},
            )  # fmt: skip

        results = together(*(wish(f"w{n}") for n in range(4)))
        assert Counter(kind for kind, _ in results) == {"done": 1, "refused": 3}
        assert SubTask.objects.filter(case=case, kind="extension").count() == 1


def test_the_same_press_four_times_asks_once(world):
    case = dispatched(world)
    take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)
    results = together(
        *(
            lambda: open_tasks(
                "extension", case.pk, actor=world.grid_worker, now=MONDAY, key="same",
                data={"days": "3", "text": "等配件"},
            )
            for _ in range(4)
        )
    )  # fmt: skip
    assert {kind for kind, _ in results} == {"done"}
    assert SubTask.objects.filter(case=case).count() == 1


def test_granting_and_refusing_at_once_gives_one_answer(world):
    for _ in range(ROUNDS):
        case = dispatched(world)
        take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)
        [task] = open_tasks(
            "extension", case.pk, actor=world.grid_worker, now=MONDAY, key="k",
            data={"days": "3", "text": "等配件"},
        )  # fmt: skip
        due = Case.objects.get(pk=case.pk).due_at
        results = together(
            lambda t=task: take_task_step("grant", t.pk, actor=world.dispatcher, now=MONDAY),
            lambda t=task: take_task_step(
                "refuse", t.pk, actor=world.district_dispatcher, now=MONDAY, data={"note": "不必"}
            ),
        )
        assert Counter(kind for kind, _ in results) == {"done": 1, "refused": 1}
        task.refresh_from_db()
        books_agree(case)
        assert (case.due_at > due) == (task.state == "granted")


def test_a_case_is_never_reported_done_while_a_helper_is_being_asked(world):
    for _ in range(ROUNDS):
        case = dispatched(world)
        take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)
        together(
            lambda c=case: open_tasks(
                "co_handling", c.pk, actor=world.grid_worker, now=MONDAY, key="k",
                data={"units": [world.department.pk], "text": "请协助"},
            ),
            lambda c=case: take_step(
                "report_done", c.pk, actor=world.grid_worker, now=MONDAY, data={"result": "清了"}
            ),
        )  # fmt: skip
        books_agree(case)
        waiting = SubTask.objects.filter(case=case, ended_at=None).exists()
        assert (case.state == "done") != waiting


def test_two_people_with_the_same_ticked_list_move_each_case_once(world):
    cases = [make_case(world).case for _ in range(6)]
    numbers = [case.number for case in cases]

    def press(who, key):
        rows = chosen(who, numbers)
        seen = {row.number: row.version for row in rows}
        return lambda: perform_all(
            ACTS["dispatch"], rows, actor=who, now=MONDAY, data={}, key=key, seen=seen
        )

    results = together(press(world.dispatcher, "a"), press(world.district_dispatcher, "b"))
    done = [row.case.pk for _, rows in results for row in rows if row.done]
    assert sorted(done) == sorted(case.pk for case in cases)
    for case in cases:
        books_agree(case)
        assert case.state == "dispatched"


def test_two_workers_pass_a_call_on_once(world):
    from factories import make_emergency

    make_emergency(world)
    waiting = Call.objects.filter(answered_at=None).count()
    late = MONDAY + timedelta(minutes=11)
    results = together(*(lambda: pass_on_calls(now=late) for _ in range(3)))
    assert sum(count for _, count in results) == waiting
    assert Entry.objects.filter(verb="pass_on").count() == waiting


def test_files_opened_at_once_get_numbers_without_gap_or_repeat(world):
    make_disputes()
    results = together(*(lambda: make_mediation(world).serial for _n in range(6)))
    assert sorted(serial for _how, serial in results) == [1, 2, 3, 4, 5, 6]


def test_one_case_gets_one_mediation_however_many_open_it(world):
    first = make_mediation(world, key="same")
    results = together(*(lambda: make_mediation(world, key="same").pk for _n in range(4)))
    assert {pk for _how, pk in results} == {first.pk}
