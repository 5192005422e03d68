"""Cases 工单: what is asked of the district, who holds it, until when, and how it ended."""

from __future__ import annotations

import secrets as stdlib_secrets
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit, UnitKind
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject
from linli.kernel.secrets.fields import EncryptedTextField

from .natures.adoption import Adoption


class Nature(models.TextChoices):
    """What kind of matter it is."""

    CONSULTATION = "consultation", _("咨询")
    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")
    EVENT = "event", _("事件")
    DISPUTE = "dispute", _("矛盾纠纷")
    EMERGENCY = "emergency", _("突发")


class Channel(models.TextChoices):
    """The door it came through."""

    WEBSITE = "website", _("网站")
    HOTLINE = "hotline", _("热线")
    SMS = "sms", _("短信")
    KIOSK = "kiosk", _("自助终端")
    WINDOW = "window", _("窗口")
    PATROL = "patrol", _("网格巡查")
    SYSTEM = "system", _("其他系统")
    ABOVE = "above", _("上级转办")


class Urgency(models.TextChoices):
    """How fast it must be handled; the limit stands in the time-limit table."""

    EMERGENCY = "emergency", _("突发")
    URGENT = "urgent", _("紧急")
    ORDINARY = "ordinary", _("一般")
    COMPLEX = "complex", _("复杂")


class State(models.TextChoices):
    """The main states of a case."""

    REGISTERED = "registered", _("已登记")
    ACCEPTED = "accepted", _("已受理")
    DECLINED = "declined", _("不予受理")
    DISPATCHED = "dispatched", _("已派遣")
    IN_HAND = "in_hand", _("处置中")
    DONE = "done", _("待核查")
    CLOSED = "closed", _("已办结")
    MERGED = "merged", _("已并案")


OPEN_STATES = ("registered", "accepted", "dispatched", "in_hand", "done")
# States in which a dispatcher or checker has to act, and no unit holds the matter up.
TURN_STATES = ("registered", "accepted", "done")


class Category(models.Model):
    """A node of the two-level category tree, valid for a time.

    `line` is the business line of the department that answers for it. `on_community_list` tells
    whether it is on the communities' list of duties: a dispatcher may not send others there.
    `needs_photo` asks for evidence when it is reported done.
    """

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    nature = models.CharField(max_length=16, choices=Nature.choices, default=Nature.HELP)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)
    line = models.CharField(max_length=24, blank=True, default="")
    on_community_list = models.BooleanField(default=False)
    needs_photo = models.BooleanField(default=False)
    keywords = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "cases_category"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class TimeLimit(models.Model):
    """A time limit in force from a date: minutes of service time, or working days.

    `what` is "accept" or an urgency. `source` names the rule it follows.
    """

    what = models.CharField(max_length=16)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    working_minutes = models.PositiveIntegerField(null=True)
    working_days = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "cases_time_limit"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(working_minutes__isnull=True) ^ Q(working_days__isnull=True),
                name="cases_time_limit_one_unit",
            )
        ]


class DispatchRule(models.Model):
    """Category x area to unit: the most exact category wins, then the smallest area.

    Either a fixed `unit`, or `target`: the kind of unit to look up from the case's place
    ("grid", "community", "subdistrict") or the "department" of the category's line. An `automatic`
    rule accepts and dispatches without a dispatcher.
    """

    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    target = models.CharField(max_length=12, choices=UnitKind.choices, blank=True, default="")
    automatic = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "cases_dispatch_rule"


class Case(FlowSubject):
    """One matter from report to rating.

    `deadline_at` is the end of the clock that runs now (accepting, then handling); `due_at` the end
    of handling, set at dispatch; while the case is suspended (`paused_at`) the clock that runs is
    that of the suspension's review. `unit` holds the case until it is closed. Texts that may name
    people (`title`, `text`, reporter) stand here, never in the ledger. `merged_into` is the case
    that leads the same matter; `behind` counts the people behind a leading case besides its
    reporter. Who reported a `protected` case is shown to named roles alone (see
    `natures.protection`). `adoption` is what became of a suggestion (see `natures.adoption`); of
    praise `unit` is whom it is for.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=State.choices)
    intake_key = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    nature = models.CharField(max_length=16, choices=Nature.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)
    title = models.CharField(max_length=120)
    text = models.TextField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    subdistrict_code = models.GeneratedField(
        expression=Left(F("area_code"), 9),
        output_field=models.CharField(max_length=9, db_collation="C"),
        db_persist=True,
    )
    community_code = models.GeneratedField(
        expression=Left(F("area_code"), 12),
        output_field=models.CharField(max_length=12, db_collation="C"),
        db_persist=True,
    )
    address = models.CharField(max_length=160, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    reporter = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reporter_name = EncryptedTextField(blank=True, default="")
    reporter_phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    protected = models.BooleanField(default=False, db_default=False)
    tracking_hash = models.CharField(max_length=64, blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    rework = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)
    solved = models.BooleanField(null=True)
    rated_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    behind = models.PositiveIntegerField(default=0, db_default=0)
    adoption = models.CharField(
        max_length=8, choices=Adoption.choices, blank=True, default="", db_default=""
    )
    search = SearchVectorField(null=True)

    class Meta:
        db_table = "cases_case"
        indexes: ClassVar = [
            models.Index(
                fields=["deadline_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_open_deadline",
            ),
            models.Index(
                fields=["subdistrict_code", "deadline_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_open_subdistrict",
            ),
            models.Index(
                fields=["community_code", "deadline_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_open_community",
            ),
            models.Index(
                fields=["unit", "deadline_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_open_unit",
            ),
            models.Index(
                fields=["deadline_at", "id"],
                condition=Q(state__in=TURN_STATES),
                name="cases_turn_deadline",
            ),
            models.Index(
                fields=["subdistrict_code", "deadline_at", "id"],
                condition=Q(state__in=TURN_STATES),
                name="cases_turn_subdistrict",
            ),
            models.Index(fields=["subdistrict_code", "-id"], name="cases_subdistrict_id"),
            models.Index(fields=["community_code", "-id"], name="cases_community_id"),
            models.Index(fields=["unit", "-id"], name="cases_unit_id"),
            models.Index(fields=["category", "-id"], name="cases_category_id"),
            models.Index(fields=["reporter", "-id"], name="cases_reporter_id"),
            models.Index(fields=["phone_index", "-id"], name="cases_phone_id"),
            models.Index(fields=["community_code", "created_at"], name="cases_community_day"),
            GinIndex(fields=["search"], name="cases_search"),
            models.Index(
                fields=["tracking_hash"], condition=~Q(tracking_hash=""), name="cases_tracking"
            ),
            # What follow-ups look for.
            models.Index(
                fields=["rated_at"], condition=Q(rating__in=(1, 2)), name="cases_rated_low"
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(state="closed", called_back_at=None, rating=None),
                name="cases_closed_silent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """Return the number people quote: day of report (YYMMDD) and running number."""
        return f"{timezone.localtime(self.created_at):%y%m%d}{self.pk:07d}"

    @property
    def people(self) -> int:
        """Return how many people are behind the matter, its reporter among them."""
        return self.behind + 1

    @property
    def is_open(self) -> bool:
        """Tell whether someone still has to act."""
        return self.state in OPEN_STATES


class CaseNote(models.Model):
    """What was written at a step (ledger number `seq`); the reporter sees `public` notes."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    seq = models.PositiveIntegerField()
    text = models.TextField()
    public = models.BooleanField(default=True)

    class Meta:
        db_table = "cases_note"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="cases_note_once")
        ]


class Attachment(models.Model):
    """A photo or document that belongs to a case, added at ledger number `seq`.

    Photos are re-encoded without EXIF data; `thumbnail` is a small JPEG.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    seq = models.PositiveIntegerField()
    file = models.FileField(upload_to="cases/%Y/%m/")
    thumbnail = models.FileField(upload_to="cases/%Y/%m/", blank=True)
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "cases_attachment"

    @property
    def is_voice(self) -> bool:
        """Tell whether this is a spoken note."""
        return self.mime.startswith("audio/")


class ReturnRequest(FlowSubject):
    """A unit says "not mine" and names who should have it; the dispatcher decides."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="return_requests")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    proposed_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    ruling = models.TextField(blank=True, default="")
    level = models.CharField(max_length=12, default="subdistrict")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "cases_return_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="asked"), name="cases_return_one_open"
            )
        ]


def new_tracking_code() -> str:
    """Return a code of eight characters that are hard to mistake for one another."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    return "".join(stdlib_secrets.choice(alphabet) for _ in range(8))


from .mediation.models import Mediation  # noqa: E402
from .natures.models import Answer, Look  # noqa: E402
from .same.models import Claim, Joiner  # noqa: E402
from .suggest.models import Learned, Lesson  # noqa: E402
from .tasks.models import TASK_KINDS, CallHold, SubTask, SubTaskNote  # noqa: E402

__all__ = [
    "OPEN_STATES",
    "TASK_KINDS",
    "TURN_STATES",
    "Adoption",
    "Answer",
    "Attachment",
    "CallHold",
    "Case",
    "CaseNote",
    "Category",
    "Channel",
    "Claim",
    "DispatchRule",
    "Joiner",
    "Learned",
    "Lesson",
    "Look",
    "Mediation",
    "Nature",
    "ReturnRequest",
    "State",
    "SubTask",
    "SubTaskNote",
    "TimeLimit",
    "Urgency",
    "new_tracking_code",
]
