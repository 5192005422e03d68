"""Tables of what natures ask for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.base.accounts.models import Account


class Answer(models.Model):
    """Which article of the knowledge base closed a case: its number, version and title then."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="answer")
    seq = models.PositiveIntegerField()
    article = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)

    class Meta:
        db_table = "cases_answer"

    def __str__(self) -> str:
        return f"{self.article} {self.title}"


class Look(models.Model):
    """Someone looked at who reported a case: entry `seq` of its looks in the ledger, and why.

    The reason may name people, so it stands here and not in the ledger.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="looks")
    seq = models.PositiveIntegerField()
    actor = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    area_code = models.CharField(max_length=18, db_collation="C", blank=True, default="")
    protected = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_look"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="cases_look_once")
        ]
        indexes: ClassVar = [models.Index(fields=["protected", "-id"], name="cases_look_newest")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq}"
