"""Tables of suggestions: what was learned, and what people chose instead."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account

from ..models import Case


class What(models.TextChoices):
    """What is suggested for a case."""

    CATEGORY = "category", _("类别")
    UNIT = "unit", _("承办单位")


class Learned(models.Model):
    """What one training learned: its words and weights, on how many cases, and how good it is.

    Shares are measured on cases the training has not seen: of the first and of the first three
    suggestions, of always naming the commonest class (`majority`) and of the catalogue's
    keywords (`keywords`; None for units).
    """

    what = models.CharField(max_length=12, choices=What.choices)
    version = models.PositiveIntegerField()
    learned_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    tested = models.PositiveIntegerField()
    lessons = models.PositiveIntegerField(default=0)
    classes = models.PositiveIntegerField()
    top1 = models.FloatField()
    top3 = models.FloatField()
    majority = models.FloatField()
    keywords = models.FloatField(null=True)
    body = models.BinaryField()

    class Meta:
        db_table = "cases_learned"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["what", "version"], name="cases_learned_once")
        ]

    @property
    def shown(self) -> dict[str, str]:
        """Return the shares for people, by field; "—" where there is none."""
        shares = {name: getattr(self, name) for name in ("top1", "top3", "majority", "keywords")}
        return {
            name: "—" if share is None else f"{100 * share:.1f}%" for name, share in shares.items()
        }


class Lesson(models.Model):
    """A suggestion somebody overrode: the next training weighs what they chose instead."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lessons")
    what = models.CharField(max_length=12, choices=What.choices)
    suggested = models.CharField(max_length=32)
    chosen = models.CharField(max_length=32)
    confidence = models.FloatField()
    learned = models.ForeignKey(Learned, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_lesson"
        indexes: ClassVar = [models.Index(fields=["what", "-at"], name="cases_lesson_recent")]
