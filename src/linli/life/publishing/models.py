"""What places publish: columns 栏目 of their sites, stories 稿件, and their editions."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit
from linli.base.areas.models import Area
from linli.base.people.models import Building
from linli.kernel.flow.models import FlowSubject


class EditionState(models.TextChoices):
    """The states of one edition of a story."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审核")
    PUBLISHED = "published", _("已发布")
    REPLACED = "replaced", _("已被新版替代")
    WITHDRAWN = "withdrawn", _("已撤下")


class Section(models.Model):
    """A column of the sites, the same on all of them. One that is not `open` takes no more."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)
    open = models.BooleanField(default=True)

    class Meta:
        db_table = "publishing_section"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Story(models.Model):
    """One thing that is published; what it says stands in its editions.

    `area` is whose it is: the district's, a subdistrict's or a community's. With buildings it
    concerns these alone.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "publishing_story"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-id"], name="publishing_story_area")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class StoryBuilding(models.Model):
    """A building that a story concerns."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="told")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "publishing_building"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "building"], name="publishing_building_once")
        ]


class Edition(FlowSubject):
    """What a story says, or is to say. Once published it is never changed, only followed.

    `body` is HTML that was cleaned when it was saved. It shows from `shown_from` and, where that is
    set, until `shown_until`; then it is in the archive. `area_code` is the story's.
    """

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="editions")
    state = models.CharField(
        max_length=24, choices=EditionState.choices, default=EditionState.DRAFT
    )
    number = models.PositiveSmallIntegerField()
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField()
    pinned = models.BooleanField(default=False)
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField(null=True)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(blank=True, default="")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        db_table = "publishing_edition"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "number"], name="publishing_number"),
            models.UniqueConstraint(
                fields=["story"], condition=Q(state="published"), name="publishing_one_published"
            ),
            models.UniqueConstraint(
                fields=["story"],
                condition=Q(state__in=("draft", "in_review")),
                name="publishing_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="publishing_until_later",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="publishing_search"),
            models.Index(
                fields=["area_code", "-shown_from"],
                condition=Q(state="published"),
                name="publishing_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_new(self) -> bool:
        """Tell whether it may still be written."""
        return self.state == EditionState.DRAFT

    def over(self, now: datetime) -> bool:
        """Tell whether its time has passed: it is in the archive."""
        return self.shown_until is not None and self.shown_until <= now


class StoryFile(models.Model):
    """A picture or a PDF of a story. `alt` says what a picture shows to those who cannot see it."""

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="stories/%Y/%m/")
    thumbnail = models.FileField(upload_to="stories/%Y/%m/", blank=True)
    alt = models.CharField(max_length=120, blank=True, default="")
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "publishing_file"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(mime__startswith="image/") | ~Q(alt=""), name="publishing_alt"
            )
        ]

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture."""
        return self.mime.startswith("image/")
