"""Tables of requests for erasure and of holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow.models import FlowSubject
from linli.kernel.secrets.fields import EncryptedTextField


class ErasureState(models.TextChoices):
    """What became of a request for erasure."""

    RECEIVED = "received", _("待决定")
    ERASED = "erased", _("已全部删除")
    IN_PART = "in_part", _("已部分删除")
    REFUSED = "refused", _("不予删除")
    WITHDRAWN = "withdrawn", _("已撤回")


class ErasureDoor(models.TextChoices):
    """Where a request came in."""

    OWN = "own", _("本人网上申请")
    DESK = "desk", _("社区窗口代办")


class Speaker(models.TextChoices):
    """Who asks (Personal Information Protection Law, articles 31, 47 and 49)."""

    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")
    KIN = "kin", _("近亲属（本人已去世）")


class Proof(models.TextChoices):
    """What showed who asks."""

    LOGIN = "login", _("登录并关联档案")
    ID_CARD = "id_card", _("居民身份证")
    BOOKLET = "booklet", _("居民户口簿")
    OTHER = "other", _("其他有效证件")


class ErasureRequest(FlowSubject):
    """Someone asks that their data be erased; decided within `due_at`.

    `outcome` lists what went and what stays, with reasons and law, as it stood at the decision;
    it names nobody. The request itself stays, as proof that the right was served.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=8, choices=ErasureDoor.choices)
    speaker = models.CharField(max_length=12, choices=Speaker.choices)
    proof = models.CharField(max_length=12, choices=Proof.choices)
    reason = EncryptedTextField(blank=True, default="")
    answer = EncryptedTextField(blank=True, default="")
    outcome = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_erasure_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(state="received"), name="people_erasure_one"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_code", "state", "due_at"], name="people_erasure_waiting")
        ]


class Hold(models.Model):
    """Nothing of this resident may be erased while it stands: a suit, an audit, an inquiry."""

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="holds")
    reason = EncryptedTextField()
    set_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_hold"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(ended_at__isnull=True), name="people_hold_one"
            ),
        ]  # fmt: skip
