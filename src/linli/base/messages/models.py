"""The outbox: every message to a person, once for each key, with what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField

from ..accounts.models import Account


class Channel(models.TextChoices):
    """How a message reaches the person."""

    SMS = "sms", _("短信")
    SITE = "site", _("站内消息")


class MessageState(models.TextChoices):
    """What became of a message."""

    QUEUED = "queued", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    UNCERTAIN = "uncertain", _("结果不明")
    FAILED = "failed", _("发送失败")
    DROPPED = "dropped", _("不再发送")


class Message(models.Model):
    """One message to one person. `key` is unique: asking twice for the same message sends one.

    `purpose` is set where people may refuse the message (base/people/purposes.py): a text goes
    out only while they allow it. `urgent` marks one-time codes and emergency calls: no quiet
    hours, no daily limit, first in the queue.
    `sending` is the state between handing a message to a gateway and hearing its answer.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=96, unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template = models.CharField(max_length=48)
    body = EncryptedTextField()
    link = models.CharField(max_length=200, blank=True, default="")
    urgent = models.BooleanField(default=False)
    purpose = models.CharField(max_length=24, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=12, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=64, blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "messages_message"
        indexes: ClassVar = [
            models.Index(
                fields=["-urgent", "id"],
                condition=Q(state="queued"),
                name="messages_message_queued",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state="sending"),
                name="messages_message_sending",
            ),
            models.Index(fields=["account", "-id"], name="messages_message_account"),
            # The log, and what is let go in its time.
            models.Index(fields=["-created_at", "-id"], name="messages_message_newest"),
            models.Index(
                fields=["phone_index", "sent_at"],
                condition=Q(channel="sms", state="sent"),
                name="messages_message_phone",
            ),
        ]


class MessagePreference(models.Model):
    """What a person wants by SMS; one-time codes are sent whatever it says."""

    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    sms_off = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "messages_preference"


class ConsoleDelivery(models.Model):
    """What the console back end "sent": one row for each message, written with its new state."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "messages_console_delivery"
