"""Articles of the knowledge base 知识库: questions people ask, and the answer that holds now."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject
from linli.work.cases.models import Case, Category


class ArticleState(models.TextChoices):
    """The states of one version of an article."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审核")
    PUBLISHED = "published", _("已发布")
    REPLACED = "replaced", _("已被新版替代")
    WITHDRAWN = "withdrawn", _("已撤下")


class Article(models.Model):
    """One matter people ask about; what it says stands in its versions.

    `area` is where it holds: the whole district, or one subdistrict or community. `unit` and
    `owner` answer for it being right. The counts are kept by the actions.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    from_case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    used = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_article"

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the number people quote."""
        return f"K{self.pk:04d}"


class ArticleVersion(FlowSubject):
    """What an article says, or is to say. Once published it is never changed, only followed.

    `questions` holds one form of the question, or keywords, in each line. The answer holds from
    `valid_from` through `expires_on`. `area_code` is the article's.
    """

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    state = models.CharField(
        max_length=24, choices=ArticleState.choices, default=ArticleState.DRAFT
    )
    number = models.PositiveSmallIntegerField()
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    questions = models.TextField(blank=True, default="")
    answer = models.TextField()
    source = models.CharField(max_length=160, blank=True, default="")
    valid_from = models.DateField()
    expires_on = models.DateField()
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(blank=True, default="")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        db_table = "knowledge_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_number"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="published"), name="knowledge_one_published"
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=("draft", "in_review")),
                name="knowledge_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("valid_from")), name="knowledge_expires_later"
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="knowledge_search"),
            models.Index(
                fields=["expires_on"],
                condition=Q(state="published"),
                name="knowledge_expiry",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_new(self) -> bool:
        """Tell whether it may still be written."""
        return self.state == ArticleState.DRAFT


class Usage(models.Model):
    """A consultation was answered with a version of an article."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="usages")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_usage"


class Mark(models.Model):
    """Whether a version helped someone; one mark for each person (`key`), which they may change."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="marks")
    key = models.CharField(max_length=64)
    by_staff = models.BooleanField(default=False)
    helpful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_mark"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="knowledge_mark_once")
        ]
