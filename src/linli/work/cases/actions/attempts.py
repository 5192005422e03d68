"""Take a step from a page: shared by every face that shows a case's buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused

from ..attachments import clean_files
from ..flow import CASE_FLOW
from ..models import Case
from .steps import accept_and_dispatch, take_step


@dataclass
class StepResult:
    """What became of a posted step; where it was refused, what to show again.

    `seq` is the version of the case that the step made, also where it was taken before.
    """

    done: bool
    step: str
    label: str = ""
    form: forms.Form | None = None
    reason: str = ""
    overtaken: bool = False
    seq: int = 0


def post_step(request: HttpRequest, case: Case, name: str) -> StepResult:
    """Perform the posted step; nothing that was typed is lost where it is refused."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    raw = request.POST.get("version", "")
    expected = int(raw) if raw.isascii() and raw.isdigit() else None
    combined = name == "accept_and_dispatch"
    step = CASE_FLOW.step("dispatch" if combined else name)
    result = StepResult(False, name, str(step.label))
    common: dict[str, Any] = {
        "actor": actor,
        "now": timezone.now(),
        "data": request.POST,
        "key": request.POST.get("token") or None,
        "expected": expected,
    }
    try:
        if combined:
            outcome = accept_and_dispatch(case.pk, **common)
        else:
            files = clean_files(request.FILES.getlist("files"), voice=True)
            outcome = take_step(name, case.pk, files=files, **common)
        result.seq = outcome.seq
        result.done = True
    except ValidationError as error:
        result.form, result.reason = (
            _typed(step.form, request, case, actor),
            " ".join(error.messages),
        )
    except InvalidStep as error:
        result.form, result.reason = error.form, str(error)
    except SomeoneFaster as error:
        result.form, result.reason = _typed(step.form, request, case, actor), str(error)
        result.overtaken = True
    except StepRefused as error:
        result.form, result.reason = _typed(step.form, request, case, actor), str(error)
    return result


def _typed(maker: Any, request: HttpRequest, case: Case, actor: Any) -> forms.Form | None:
    if maker is None:
        return None
    more = {"subject": case, "actor": actor} if getattr(maker, "wants_subject", False) else {}
    form: forms.Form = maker(request.POST, **more)
    return form
