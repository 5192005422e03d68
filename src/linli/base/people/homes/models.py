"""Tables of buildings, dwellings and households."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area


class BuildingKind(models.TextChoices):
    """What a building is mainly for."""

    HOME = "home", _("住宅")
    MIXED = "mixed", _("商住")
    TRADE = "trade", _("商业办公")
    PUBLIC = "public", _("公共建筑")
    FACTORY = "factory", _("厂房仓库")
    OTHER = "other", _("其他")


class Building(models.Model):
    """A building at a point of the map (WGS 84), on a grid or, where there are any, a group.

    `key` is its address without blanks and in half-width characters: one open building has it
    once within its area, so that a second import finds the first.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=160)
    key = models.CharField(max_length=160)
    kind = models.CharField(_("用途"), max_length=8, choices=BuildingKind.choices)
    floors = models.PositiveSmallIntegerField(_("层数"), null=True)
    units = models.PositiveSmallIntegerField(_("单元数"), null=True)
    built = models.PositiveSmallIntegerField(_("建成年份"), null=True)
    lifts = models.PositiveSmallIntegerField(_("电梯数"), null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "people_building"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "key"], condition=Q(closed_on__isnull=True),
                name="people_building_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class DwellingUse(models.TextChoices):
    """How a dwelling is used."""

    OWN = "own", _("自住")
    LET = "let", _("出租")
    EMPTY = "empty", _("空置")
    TRADE = "trade", _("经营")
    OTHER = "other", _("其他")


class Dwelling(models.Model):
    """A dwelling of a building. `key` is unit and room, as `2-301`, once per open building."""

    id = models.BigAutoField(primary_key=True)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="dwellings")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    unit = models.CharField(_("单元"), max_length=8, blank=True, default="")
    room = models.CharField(_("房号"), max_length=12)
    key = models.CharField(max_length=24)
    use = models.CharField(
        _("使用情况"), max_length=8, choices=DwellingUse.choices, default=DwellingUse.OWN
    )
    surface = models.DecimalField(_("面积（平方米）"), max_digits=7, decimal_places=2, null=True)
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "people_dwelling"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "key"], condition=Q(closed_on__isnull=True),
                name="people_dwelling_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def address(self) -> str:
        """The whole address; `building` should be fetched along."""
        return f"{self.building.address}{self.label}"

    @property
    def label(self) -> str:
        """Unit and room as people write them."""
        unit = _("%(unit)s单元") % {"unit": self.unit} if self.unit else ""
        return f"{unit}{self.room}"


class HouseholdKind(models.TextChoices):
    """A family, or people who share a dwelling without being one."""

    FAMILY = "family", _("家庭户")
    COLLECTIVE = "collective", _("集体户")


class Household(models.Model):
    """Those who live together in a dwelling, from and to a day."""

    id = models.BigAutoField(primary_key=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="households")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    kind = models.CharField(
        max_length=12, choices=HouseholdKind.choices, default=HouseholdKind.FAMILY
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "people_household"

    def __str__(self) -> str:
        return f"household {self.pk}"


class Relation(models.TextChoices):
    """Relation to the head of the household; the numbers are those of GB/T 4761."""

    HEAD = "01", _("户主")
    SPOUSE = "10", _("配偶")
    SON = "20", _("子")
    DAUGHTER = "30", _("女")
    GRANDCHILD = "40", _("孙子女、外孙子女")
    PARENT = "50", _("父母")
    GRANDPARENT = "60", _("祖父母、外祖父母")
    SIBLING = "70", _("兄弟姐妹")
    OTHER_KIN = "80", _("其他亲属")
    NO_KIN = "97", _("非亲属")


class Member(models.Model):
    """Someone's time in a household; who moves out or dies stays here with the day."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="stays")
    relation = models.CharField(max_length=2, choices=Relation.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_as = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        db_table = "people_member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(to_on__isnull=True), name="people_member_one_home"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(to_on__isnull=True, relation="01"),
                name="people_member_one_head",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="people_member_days",
            ),
        ]  # fmt: skip


class TenureKind(models.TextChoices):
    """By what right someone has a dwelling."""

    OWNER = "owner", _("产权人")
    TENANT = "tenant", _("承租人")


class Tenure(models.Model):
    """Someone, or an organisation, who owns or rents a dwelling, from and to a day."""

    id = models.BigAutoField(primary_key=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="tenures")
    kind = models.CharField(max_length=8, choices=TenureKind.choices)
    resident = models.ForeignKey(
        "people.Resident", null=True, on_delete=models.PROTECT, related_name="tenures"
    )
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="tenures"
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "people_tenure"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resident__isnull=True, organisation__isnull=False)
                | Q(resident__isnull=False, organisation__isnull=True),
                name="people_tenure_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="people_tenure_days",
            ),
        ]
