"""The table of organisations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.kernel.secrets.fields import EncryptedTextField


class OrganisationKind(models.TextChoices):
    """What sort of organisation it is."""

    FIRM = "firm", _("企业")
    SHOP = "shop", _("个体工商户")
    PUBLIC = "public", _("机关事业单位")
    SOCIAL = "social", _("社会组织")
    PROPERTY = "property", _("物业服务企业")
    SCHOOL = "school", _("学校幼儿园")
    CARE = "care", _("医疗养老机构")
    OTHER = "other", _("其他")


class Organisation(models.Model):
    """An organisation at a place. `code` is the unified social credit code (GB 32100), or blank.

    The name of its contact and their number are stored encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    kind = models.CharField(_("类型"), max_length=12, choices=OrganisationKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    building = models.ForeignKey(
        "people.Building", null=True, on_delete=models.PROTECT, related_name="organisations"
    )
    address = models.CharField(_("地址"), max_length=160, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    contact = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    words = SearchVectorField(null=True)
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "people_organisation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on__isnull=True) & ~Q(code=""),
                name="people_organisation_code_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [GinIndex(fields=["words"], name="people_organisation_words")]

    def __str__(self) -> str:
        return self.name
