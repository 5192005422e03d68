"""Who handled a case: they neither rate it, nor ask about it, nor confirm its mending."""

from __future__ import annotations

from django.db.models import Q

from linli.kernel.ledger.models import Entry

from .models import TASK_KINDS, Case, SubTask

# What is done to the matter itself, by whoever holds it, helps with it, or checks it.
ON_CASE = ("sign_in", "contact", "report_done", "settle", "close", "send_back")
ON_TASK = ("sign_in", "arrive", "contact", "finish", "answer")


def matter_of(case: Case) -> set[int]:
    """Return the keys of a case and of those it was merged into: one matter, handled once."""
    keys = {case.pk}
    while case.merged_into is not None:
        case = case.merged_into
        keys.add(case.pk)
    return keys


def handled(case_id: int, account_id: int | None) -> bool:
    """Tell whether someone ever handled, helped with or checked a case."""
    if account_id is None:
        return False
    tasks = SubTask.objects.filter(case_id=case_id).values("pk")
    touched = Q(subject_type="case", subject_id=case_id, verb__in=ON_CASE) | Q(
        subject_type__in=TASK_KINDS, subject_id__in=tasks, verb__in=ON_TASK
    )
    return Entry.objects.filter(touched, actor_id=account_id).exists()


def handled_cases(account_id: int | None, case_ids: list[int]) -> set[int]:
    """Return those of the cases that someone ever handled, helped with or checked."""
    if account_id is None or not case_ids:
        return set()
    mine = Entry.objects.filter(actor_id=account_id)
    on_case = mine.filter(subject_type="case", subject_id__in=case_ids, verb__in=ON_CASE)
    case_of = dict(SubTask.objects.filter(case_id__in=case_ids).values_list("pk", "case_id"))
    on_task = mine.filter(subject_type__in=TASK_KINDS, subject_id__in=case_of, verb__in=ON_TASK)
    return {*on_case.values_list("subject_id", flat=True)} | {
        case_of[pk] for pk in on_task.values_list("subject_id", flat=True)
    }
