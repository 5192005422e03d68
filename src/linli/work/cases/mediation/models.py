"""Tables of people's mediation.

Follows the People's Mediation Law (人民调解法, 2010): free, by consent, a file for each dispute
(art. 27), agreement in writing or by word of mouth (arts. 28-30), joint application to the court
within 30 days (art. 33). Names, numbers and what people said are sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject
from linli.kernel.secrets.fields import EncryptedTextField


class DisputeKind(models.TextChoices):
    """The kinds of disputes of the field's statistics, in short."""

    NEIGHBOURS = "neighbours", _("邻里纠纷")
    FAMILY = "family", _("婚姻家庭纠纷")
    PROPERTY = "property", _("物业纠纷")
    LABOUR = "labour", _("劳动争议")
    DAMAGES = "damages", _("损害赔偿纠纷")
    HOUSING = "housing", _("房屋宅基地纠纷")
    CONTRACT = "contract", _("合同纠纷")
    CONSUMER = "consumer", _("消费纠纷")
    OTHER = "other", _("其他纠纷")


class MediationState(models.TextChoices):
    """The main states of a mediation."""

    REGISTERED = "registered", _("已登记，征求意见")
    ACCEPTED = "accepted", _("已受理")
    MEDIATING = "mediating", _("调解中")
    AGREED = "agreed", _("已达成协议，履行中")
    PERFORMED = "performed", _("已履行")
    UNPERFORMED = "unperformed", _("未履行，已终结")
    FAILED = "failed", _("调解不成")
    WITHDRAWN = "withdrawn", _("当事人撤回")
    DECLINED = "declined", _("一方不同意，未受理")


RUNNING = ("registered", "accepted", "mediating")
GOING_ON = (*RUNNING, "agreed")


class Origin(models.TextChoices):
    """How the mediation came about (art. 17)."""

    APPLIED = "applied", _("当事人申请")
    OFFERED = "offered", _("调委会主动调解")


class Form(models.TextChoices):
    """The form of an agreement (art. 28)."""

    WRITTEN = "written", _("书面协议")
    ORAL = "oral", _("口头协议，由调解员记录")


class Confirmation(models.TextChoices):
    """How far the confirmation by the court has come."""

    NONE = "none", _("未申请")
    APPLIED = "applied", _("已申请")
    CONFIRMED = "confirmed", _("已确认有效")
    REFUSED = "refused", _("不予确认")


class MediationSerial(models.Model):
    """The last number a committee gave in a year; the row is locked while one is given."""

    area_code = models.CharField(max_length=12, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "cases_mediation_serial"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "year"], name="cases_mediation_serial_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code}/{self.year}"


class Mediation(FlowSubject):
    """One mediation of one dispute; it always belongs to a case of that nature.

    `number` is the file's number in the field's form, gapless within committee and year.
    `mediator` answers for every clock; `due_at` is the end of mediation while it runs. The clock
    of the case stands still meanwhile where this mediation stopped it (`holds_case`).
    `effective_on` is the day the agreement took effect, `confirm_until` the last day on which
    the parties can ask the court to confirm it.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=MediationState.choices)
    key = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="mediations")
    committee = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    committee_code = models.CharField(max_length=12, db_collation="C")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=DisputeKind.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    facts = EncryptedTextField()
    mediator = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    holds_case = models.BooleanField(default=False, db_default=False)
    ended_at = models.DateTimeField(null=True)
    form = models.CharField(max_length=8, choices=Form.choices, blank=True, default="")
    matter = EncryptedTextField(default="")
    terms = EncryptedTextField(default="")
    effective_on = models.DateField(null=True)
    confirm_until = models.DateField(null=True)
    confirmation = models.CharField(
        max_length=10, choices=Confirmation.choices, default=Confirmation.NONE
    )
    court = models.CharField(max_length=60, blank=True, default="")
    ruling = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        db_table = "cases_mediation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee_code", "year", "serial"], name="cases_mediation_number"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="cases_mediation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("accepted", "mediating"), due_at__isnull=False)
                | (~Q(state__in=("accepted", "mediating")) & Q(due_at=None)),
                name="cases_mediation_clock",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area_code", "-id"], name="cases_mediation_area")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        """Tell whether mediation itself still goes on."""
        return self.state in RUNNING


class Party(models.Model):
    """A party of a dispute: a person or an organisation, perhaps with a representative."""

    id = models.BigAutoField(primary_key=True)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="parties")
    order = models.PositiveSmallIntegerField()
    applicant = models.BooleanField(default=False)
    organisation = models.BooleanField(default=False)
    name = EncryptedTextField()
    phone = EncryptedTextField(default="")
    id_number = EncryptedTextField(default="")
    address = EncryptedTextField(default="")
    representative = EncryptedTextField(default="")
    consented_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)

    class Meta:
        db_table = "cases_mediation_party"
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation", "order"], name="cases_party_order")
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.shown}"

    @property
    def letter(self) -> str:
        """Return how papers call the party: 甲方, 乙方 and so on."""
        return f"{'甲乙丙丁戊己庚辛壬癸'[self.order - 1]}方"

    @property
    def shown(self) -> str:
        """Return the name as pages show it; a person's is masked."""
        from linli.kernel.secrets.masks import mask_name

        return self.name if self.organisation else mask_name(self.name)


class Recusal(models.Model):
    """A mediator a party objected to: takes no further step in this mediation."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="recusals")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()

    class Meta:
        db_table = "cases_mediation_recusal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation", "account"], name="cases_recusal_once")
        ]


class Meeting(models.Model):
    """One meeting with the parties, and what was said."""

    id = models.BigAutoField(primary_key=True)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="meetings")
    held_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    present = models.ManyToManyField(Party, db_table="cases_mediation_present")
    others = EncryptedTextField(default="")
    record = EncryptedTextField()
    written_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "cases_mediation_meeting"
        ordering: ClassVar = ["held_at", "id"]


class Result(models.TextChoices):
    """How far an obligation was met."""

    OPEN = "open", _("待履行")
    PARTLY = "partly", _("部分履行")
    PERFORMED = "performed", _("已履行")
    BROKEN = "broken", _("未履行")


class Obligation(models.Model):
    """What one party owes under the agreement, and until when."""

    id = models.BigAutoField(primary_key=True)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="obligations")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="obligations")
    what = EncryptedTextField()
    due_on = models.DateField()
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.OPEN)
    performed_on = models.DateField(null=True)

    class Meta:
        db_table = "cases_mediation_obligation"
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"], condition=~Q(result="performed"), name="cases_obligation_due"
            )
        ]


class MediationNote(models.Model):
    """What was typed with entry `seq` of a mediation's ledger."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="notes")
    seq = models.PositiveIntegerField()
    text = EncryptedTextField()

    class Meta:
        db_table = "cases_mediation_note"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation", "seq"], name="cases_mediation_note_once")
        ]
