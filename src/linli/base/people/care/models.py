"""The table of care tags."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CareKind(models.TextChoices):
    """Why someone is looked after."""

    AGED = "aged", _("高龄老人")
    ALONE = "alone", _("独居老人")
    EMPTY_NEST = "empty_nest", _("空巢老人")
    DISABLED = "disabled", _("残疾人")
    LOW_INCOME = "low_income", _("低保对象")
    DESTITUTE = "destitute", _("特困人员")
    LOW_EDGE = "low_edge", _("低保边缘家庭")
    CHILD = "child", _("困境儿童")
    LOST_CHILD = "lost_child", _("计划生育特殊家庭")
    VETERAN = "veteran", _("优抚对象")
    ILL = "ill", _("重病患者")


class CareTag(models.Model):
    """A tag on a resident with its source; past `expires_on` it no longer holds by itself.

    One that rests on the resident's own `consent` ends when that is withdrawn.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="tags")
    area_code = models.CharField(max_length=18, db_collation="C")
    kind = models.CharField(max_length=12, choices=CareKind.choices)
    source = models.CharField(max_length=40)
    set_on = models.DateField()
    expires_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    by_id = models.BigIntegerField(null=True)
    consent = models.ForeignKey(
        "people.Consent", null=True, on_delete=models.PROTECT, related_name="tags"
    )

    class Meta:
        db_table = "people_care_tag"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(ended_on__isnull=True),
                name="people_care_tag_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_code", "kind"], name="people_care_tag_area"),
            models.Index(
                fields=["expires_on"], name="people_care_tag_expiry",
                condition=Q(ended_on__isnull=True),
            ),
        ]  # fmt: skip
