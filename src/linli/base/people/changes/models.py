"""Tables of changes and of residents' requests for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account
from linli.kernel.flow.models import FlowSubject
from linli.kernel.secrets.fields import EncryptedTextField


class Change(models.Model):
    """One field of one record: what stood there, what stands now, who supplied it and when.

    `subject` is the register ("resident", "dwelling", …). The values are encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=24)
    old = EncryptedTextField(blank=True, default="")
    new = EncryptedTextField(blank=True, default="")
    source = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "people_change"
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id", "-id"], name="people_change_of")
        ]


class RequestState(models.TextChoices):
    """What became of a resident's request."""

    ASKED = "asked", _("待审核")
    APPROVED = "approved", _("已更正")
    DECLINED = "declined", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


class ChangeRequest(FlowSubject):
    """A resident asks that their own record be corrected; the community decides.

    `wanted` holds the fields asked for as JSON, encrypted; it is emptied once decided.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        "people.Resident", on_delete=models.PROTECT, related_name="requests"
    )
    account_id = models.BigIntegerField()
    wanted = EncryptedTextField(blank=True, default="")
    fields = models.JSONField(default=list)
    reason = EncryptedTextField(blank=True, default="")
    answer = EncryptedTextField(blank=True, default="")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_change_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident"], condition=models.Q(state="asked"),
                name="people_change_request_one",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_code", "state", "due_at"], name="people_request_waiting")
        ]


class RecordLook(models.Model):
    """Someone opened a resident's record, or read a masked field of it, and why.

    `seq` is its entry among the looks at this record in the ledger. The reason may name people,
    so it stands here and not in the ledger.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="looks")
    seq = models.PositiveIntegerField()
    actor = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    fields = models.JSONField(default=list)
    reason = EncryptedTextField(blank=True, default="")
    area_code = models.CharField(max_length=18, db_collation="C")

    class Meta:
        db_table = "people_record_look"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "seq"], name="people_look_once")
        ]
        indexes: ClassVar = [models.Index(fields=["area_code", "-id"], name="people_look_newest")]
