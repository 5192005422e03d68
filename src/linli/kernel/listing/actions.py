"""Save and forget views of lists."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from ..scope import Actor
from .models import SavedView

MOST_VIEWS = 20
LONGEST_QUERY = 2000


def save_view(*, actor: Actor, now: datetime, list_key: str, name: str, query: str) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them.

    Raises ValidationError where the name is blank or too long, or there are too many views.
    """
    owner = _owner(actor)
    name, kept = name.strip(), _cleaned(query)
    if not name or len(name) > 30 or "\0" in name:
        raise ValidationError(_("请给视图起一个不超过30字的名称。"))
    if not list_key or len(list_key) > 60 or "\0" in list_key + kept or len(kept) > LONGEST_QUERY:
        raise ValidationError(_("这些条件不能保存为视图。"))
    with transaction.atomic():
        _one_at_a_time(owner)
        mine = SavedView.objects.filter(account_id=owner, list_key=list_key)
        if mine.exclude(name=name).count() >= MOST_VIEWS:
            raise ValidationError(
                _("最多保存%(most)d个视图，请先删除不用的。") % {"most": MOST_VIEWS}
            )
        view, _made = mine.update_or_create(
            name=name,
            defaults={"query": kept},
            create_defaults={
                "account_id": owner, "list_key": list_key, "query": kept, "created_at": now,
            },
        )  # fmt: skip
    return view


def delete_view(*, actor: Actor, view_id: int) -> None:
    """Forget one of the actor's own views; Http404 where it is not theirs."""
    gone, _kinds = SavedView.objects.filter(account_id=_owner(actor), pk=view_id).delete()
    if not gone:
        raise Http404


def rename_value(old: str, new: str) -> int:
    """Let every saved view that filters by a value filter by another; return how many changed.

    For values that follow one another, as the codes of areas do.
    """
    changed = 0
    for view in SavedView.objects.select_for_update().filter(query__contains=old):
        kept = QueryDict(view.query, mutable=True)
        for key, values in list(kept.lists()):
            kept.setlist(key, [new if value == old else value for value in values])
        if kept.urlencode() != view.query:
            view.query = kept.urlencode()
            view.save(update_fields=["query"])
            changed += 1
    return changed


def _owner(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionDenied
    return actor.account_id


def _one_at_a_time(owner: int) -> None:
    """Hold a person's saves in line, so that two tabs together keep to the limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"listing.view:{owner}"]
        )


def _cleaned(query: str) -> str:
    """Return a query string without the page, the export and blank values."""
    given, kept = QueryDict(query[: LONGEST_QUERY * 2]), QueryDict(mutable=True)
    for key, values in given.lists():
        filled = [value for value in values if value]
        if key not in {"page", "export"} and filled:
            kept.setlist(key, filled)
    return kept.urlencode()
