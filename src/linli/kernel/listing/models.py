"""Saved views: a list's filters and order under a name of the person's own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """Filters of one list that one person keeps; `query` is a query string without a page."""

    account_id = models.BigIntegerField(_("账户"))  # a number only: the kernel knows no accounts
    list_key = models.CharField(_("列表"), max_length=60)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(_("条件"), max_length=2000)
    created_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("列表视图")
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "list_key", "name"], name="listing_view_once"
            )
        ]
