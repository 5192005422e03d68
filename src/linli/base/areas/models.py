"""Places: the five-level tree of areas, what became of those that ended, who answers for them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField

from .naming import short_name


class Level(models.TextChoices):
    """Levels of the tree; the code has 6, 9, 12, 15 or 18 digits."""

    DISTRICT = "district", _("区")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    BUILDING = "building", _("楼组")


CODE_LENGTH = {
    Level.DISTRICT: 6,
    Level.SUBDISTRICT: 9,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
    Level.BUILDING: 18,
}


class GridKind(models.TextChoices):
    """An ordinary grid, or a special one for a market, campus, park or the like."""

    ORDINARY = "ordinary", _("基础网格")
    SPECIAL = "special", _("专属网格")


class Area(models.Model):
    """An area at one level. Its id is its identity; its code may change over the years.

    `boundary` is a GeoJSON Polygon or MultiPolygon in WGS 84; `boundary_generated` marks one
    that was made for a demonstration and surveyed by nobody. `lon` and `lat` are a point inside.
    `keywords` hold the pinyin and initials of the name for look-up.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=18, db_collation="C")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    grid_kind = models.CharField(max_length=12, choices=GridKind.choices, blank=True, default="")
    keywords = models.CharField(max_length=240, blank=True, default="", db_collation="C")
    address = models.CharField(max_length=160, blank=True, default="")
    households = models.PositiveIntegerField(null=True)
    boundary = models.JSONField(null=True)
    boundary_generated = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "areas_area"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="areas_area_code_in_force"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "code"], name="areas_area_level_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def short_name(self) -> str:
        """The name as people say it: 中学街社区 for 中学街社区居民委员会."""
        return short_name(self.name)

    @property
    def full_name(self) -> str:
        """The name with the community's before it where it says nothing alone, as a grid's."""
        if self.level in {Level.GRID, Level.BUILDING} and self.parent is not None:
            return f"{self.parent.short_name}{self.name}"
        return self.short_name


class SuccessionKind(models.TextChoices):
    """What was done to areas."""

    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    RENAME = "rename", _("更名")
    RECODE = "recode", _("变更编码")
    URBAN = "urban", _("村改居")
    BORDER = "border", _("界线调整")
    CARVE = "carve", _("新划网格")
    LAYOUT = "layout", _("重新布局")


class Succession(models.Model):
    """Which area took over (part of) which, when, by whom and by which act.

    One act writes several rows with the same `act`. `share` is the part of the old one's surface
    that went to the new one (1 where there is nothing to measure). `was_code` and `was_name` are
    the old one's at that moment; where only the name or a building group's code changed, old and
    new are the same area. `by_id` is an account, or empty for the system.
    """

    old = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SuccessionKind.choices)
    act = models.UUIDField(default=uuid4)
    on = models.DateField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    share = models.FloatField(default=1.0)
    was_code = models.CharField(max_length=18, db_collation="C")
    was_name = models.CharField(max_length=80)

    class Meta:
        db_table = "areas_succession"
        indexes: ClassVar = [
            models.Index(fields=["was_code", "at"], name="areas_succession_was"),
            models.Index(fields=["act"], name="areas_succession_act"),
        ]


class PastBoundary(models.Model):
    """The boundary an area had until an act moved it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    boundary = models.JSONField()
    until = models.DateTimeField()
    act = models.UUIDField()

    class Meta:
        db_table = "areas_past_boundary"


class DutyPost(models.TextChoices):
    """Who answers for an area, from its building group up to its subdistrict."""

    GRID_LEAD = "grid_lead", _("网格长")
    GRID_STAFF = "grid_staff", _("专职网格员")
    PART_TIME = "part_time", _("兼职网格员")
    ASSISTANT = "assistant", _("协助网格员")
    PARTY_CELL = "party_cell", _("网格党支部（党小组）负责人")
    BUILDING_LEAD = "building_lead", _("楼栋长")
    COMMUNITY_LEAD = "community_lead", _("社区负责人")
    SUBDISTRICT_LEAD = "subdistrict_lead", _("街道负责人")
    POLICE = "police", _("社区民警")
    FIRE = "fire", _("消防责任人")
    URBAN = "urban", _("城管责任人")
    HEALTH = "health", _("卫生健康责任人")


# Posts that any number of people hold at one time; each other post has one holder.
SHARED_POSTS = ("assistant", "part_time")


class EndReason(models.TextChoices):
    """Why someone no longer answers for an area."""

    TRANSFER = "transfer", _("工作调动")
    TERM = "term", _("换届")
    RETIRED = "retired", _("退休")
    RESIGNED = "resigned", _("本人辞去")
    AREA = "area", _("区域变更")
    OTHER = "other", _("其他原因")


class Duty(models.Model):
    """Someone who answers for an area, from `valid_from` on.

    `valid_to` is the first day on which they no longer do. Where `account_id` is set, the name is
    that account's, and so is the phone where the account has one (typed once, there); else they
    stand here, as for a party secretary or a volunteer who does not log in.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    post = models.CharField(max_length=16, choices=DutyPost.choices)
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=40, blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True, default="")
    end_note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "areas_duty"
        constraints: ClassVar = [
            # One person leads and one answers; any number assist.
            models.UniqueConstraint(
                fields=["area", "post"],
                condition=Q(valid_to__isnull=True) & ~Q(post__in=SHARED_POSTS),
                name="areas_duty_one_each",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="areas_duty_forward",
            ),
        ]


class ResourceKind(models.TextChoices):
    """What help stands on a grid."""

    POLICE = "police", _("警务室")
    CLINIC = "clinic", _("卫生服务站")
    FIRE_STATION = "fire_station", _("消防站")
    HYDRANT = "hydrant", _("消火栓")
    AED = "aed", _("自动体外除颤器（AED）")
    PROPERTY = "property", _("物业服务企业")
    SHELTER = "shelter", _("应急避难场所")
    SCHOOL = "school", _("学校")
    URBAN = "urban", _("城管驿站")
    ELDERLY_CARE = "elderly_care", _("养老服务站")
    SUPPLIES = "supplies", _("应急物资库")
    KEY_SITE = "key_site", _("重点场所")


class Resource(models.Model):
    """Something or someone to call on, at a point of the map (WGS 84) and so on a grid."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16, choices=ResourceKind.choices)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=24, blank=True, default="")
    address = models.CharField(max_length=160, blank=True, default="")
    hours = models.CharField(max_length=60, blank=True, default="")
    organisation = models.CharField(max_length=80, blank=True, default="")  # who is responsible
    contact = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    checked_on = models.DateField(null=True)  # the last check
    check_every = models.PositiveSmallIntegerField(null=True)  # days; none: needs no check
    check_due = models.DateField(null=True)  # the last day for the next check
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    lon = models.FloatField()
    lat = models.FloatField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "areas_resource"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "kind"], name="areas_resource_area_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class BoundaryRevision(models.Model):
    """One row that counts boundary changes, so that each process knows when to reload."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    revision = models.BigIntegerField(default=1)

    class Meta:
        db_table = "areas_boundary_revision"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="areas_boundary_revision_one_row")
        ]


# A part with files of its own; its tables are those of this module.
from .layout.models import LayoutPlan, PlanState  # noqa: E402

__all__ = [
    "CODE_LENGTH",
    "Area",
    "BoundaryRevision",
    "Duty",
    "DutyPost",
    "EndReason",
    "GridKind",
    "LayoutPlan",
    "Level",
    "PastBoundary",
    "PlanState",
    "Resource",
    "ResourceKind",
    "Succession",
    "SuccessionKind",
]
