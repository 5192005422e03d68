"""Why a step was not taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django import forms


class StepRefused(Exception):
    """A step was not taken; `str()` says why in the user's language."""


class NotAllowed(StepRefused):
    """The actor may see the subject but not take this step."""


class GuardFailed(StepRefused):
    """A rule of the domain stands in the way."""


class SomeoneFaster(StepRefused):
    """The subject has moved on since the actor looked at it."""

    def __init__(self, *, state: str, label: str, who: str, verb: str, at: datetime | None) -> None:
        self.state, self.label, self.who, self.verb, self.at = state, label, who, verb, at
        moment = f"{timezone.localtime(at):%H:%M:%S}" if at else ""
        super().__init__(
            _("慢了一步：%(who)s 已于 %(at)s 完成“%(verb)s”，当前状态为“%(label)s”。")
            % {"who": who or _("他人"), "at": moment, "verb": verb, "label": label}
        )


class InvalidStep(StepRefused):
    """The step's form has errors; `form` holds what was typed and the message at each field."""

    def __init__(self, form: forms.Form) -> None:
        self.form = form
        super().__init__(_("请检查标红的内容。"))


class UnknownStep(LookupError):
    """No such step in this flow: a programming error or a forged address."""

    def __init__(self, flow: str, step: Any) -> None:
        super().__init__(f"{flow} has no step {step!r}")
