"""A consultation answered from the knowledge base closes at once (DOMAIN.md section 3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context

from ..answers import Offer, count_use, find_offer, offers
from ..models import Case, CaseNote, Nature
from .models import Answer


class AnswerForm(forms.Form):
    """Which article answers the question; one of those that fit, or another by its number."""

    wants_subject = True
    article = forms.ChoiceField(
        label=_("知识条目"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("这一条不适用或已过期，请重新选择。")},
    )  # fmt: skip
    other = forms.CharField(
        label=_("或填条目编号"), required=False, max_length=12,
        help_text=_("在“知识库”里查到的编号，例如K0012。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_("补充一句（可不填）"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, subject: Case, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.actor, self.offer = subject, actor, None
        found = offers(
            f"{subject.title} {subject.text}", now=timezone.now(),
            area_code=subject.area_code, category=subject.category,
        )  # fmt: skip
        chosen = str(self.data.get("article") or "")
        rows = [(one.key, f"{one.title}（{one.key}）") for one in found]
        if chosen and chosen not in dict(rows):
            rows.append((chosen, chosen))
        self.fields["article"].choices = rows  # type: ignore[attr-defined]
        if not rows:
            self.fields["article"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Return the answer that is meant; it must be in force for the place of the case."""
        data = super().clean() or {}
        field = "other" if (data.get("other") or "").strip() else "article"
        key = (data.get(field) or "").strip()
        if field in self.errors:
            return data
        if not key:
            self.add_error("other", _("请选一条知识条目，或填写它的编号。"))
            return data
        offer = find_offer(key, now=timezone.now(), area_code=self.subject.area_code)
        if offer is None:
            self.add_error("other", _("这一条不适用或已过期，请重新选择。"))
        return data | {"offer": offer}


def guard_consultation(context: Context) -> str | None:
    """Only questions are answered from the knowledge base; other matters are handled."""
    if context.subject.nature != Nature.CONSULTATION:
        return gettext("只有咨询可以用知识库答复。")
    return None


def answer(context: Context) -> None:
    """Keep which article and version answered, and hand its text to the reporter."""
    offer: Offer = context.data["offer"]
    note = (context.data.get("note") or "").strip()
    context.entry |= {
        "article": offer.key,
        "article_version": offer.version,
        "at_once": context.subject.created_at == context.now,
    }
    context.data["result"] = f"{offer.text}\n{note}".strip()
    context.after.append(lambda late: _keep(late, offer))


def _keep(context: Context, offer: Offer) -> None:
    case: Case = context.subject
    Answer.objects.create(
        case=case, seq=case.version, article=offer.key, version=offer.version, title=offer.title
    )
    CaseNote.objects.create(case=case, seq=case.version, text=context.data["result"])
    count_use(offer, case, context.now)
