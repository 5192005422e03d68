"""Writes of publishing, each an entry in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.accounts.models import Account
from linli.kernel.flow import GuardFailed, NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.search import to_tsvector
from linli.work.cases.attachments import clean_files

from .cleaning import plain_text
from .flow import STORY_FLOW
from .models import Edition, EditionState, Story, StoryBuilding, StoryFile
from .queries import editions_of

FIELDS = ("title", "section", "summary", "body", "pinned", "shown_until")
MOST_FILES = 20


def write_story(
    *, actor: Actor, now: datetime, data: Mapping[str, Any], story_id: int | None = None
) -> Edition:
    """Write a new story, change its draft, or begin a new edition of one that is published.

    `data` is what StoryForm cleaned. The area of a story never changes. Raises NotAllowed outside
    the actor's areas, GuardFailed while an edition waits for its review.
    """
    area = data["area"]
    if not actor.can("publishing.write", area.code):
        raise NotAllowed(_("这个范围不在您的权限内。"))
    author = Account.objects.select_related("unit").get(pk=actor.account_id or 0)
    if author.unit is None:
        raise NotAllowed(_("您的账户没有所属单位，不能发布。"))
    with transaction.atomic():
        if story_id:
            edition = _next(actor, story_id, area.code)
        else:
            story = Story.objects.create(
                area=area, area_code=area.code, unit=author.unit, created_at=now
            )
            edition = Edition(story=story, number=1, area_code=area.code)
        for name in FIELDS:
            setattr(edition, name, data[name])
        edition.shown_from = data.get("shown_from") or now
        edition.author, edition.written_at = author, now
        words = plain_text(edition.body)
        edition.summary = edition.summary or words.replace("\n", " ")[:100]
        edition.search = to_tsvector(words, named=edition.title)
        edition.version += 1
        edition.save()
        StoryBuilding.objects.filter(story=edition.story_id).delete()
        StoryBuilding.objects.bulk_create(
            StoryBuilding(story=edition.story, building=one) for one in data.get("buildings") or []
        )
        _record(edition, "write", actor, now, {"story": edition.story_id})
    return edition


def _next(actor: Actor, story_id: int, area_code: str) -> Edition:
    Story.objects.select_for_update(of=("self",)).filter(pk=story_id).first()
    last = editions_of(actor, story_id)[0]
    if last.area_code != area_code:
        raise GuardFailed(_("发在哪里不能改，请另写一篇。"))
    if last.state == EditionState.IN_REVIEW:
        raise GuardFailed(_("这一篇正在审核，请等审核结果，或由审核人退回后再改。"))
    if last.state == EditionState.DRAFT:
        return last
    return Edition(story=last.story, number=last.number + 1, area_code=area_code)


def _record(edition: Edition, verb: str, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    ledger.append(
        subject_type="story", subject_id=edition.pk, verb=verb, actor=actor, at=now,
        area_code=edition.area_code, data=data, seq=edition.version,
    )  # fmt: skip


def take_step(
    step: str,
    edition_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step of an edition; errors as `kernel.flow.perform`."""
    return perform(
        STORY_FLOW, step, edition_id, actor=actor, now=now, data=data, key=key, expected=expected
    )


def add_file(story_id: int, *, actor: Actor, now: datetime, upload: Any, alt: str) -> StoryFile:
    """Add a picture or a PDF to a story; pictures lose what the camera wrote into them.

    Raises NotAllowed, Http404, ValidationError at `file` or `alt`.
    """
    last = _writable(actor, story_id)
    if StoryFile.objects.filter(story_id=story_id).count() >= MOST_FILES:
        raise ValidationError({"file": _("一篇最多20个文件。")})
    try:
        cleaned = clean_files([upload])[0]
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    if cleaned.mime.startswith("image/") and not alt.strip():
        raise ValidationError({"alt": _("请写一句图片上有什么。")})
    row = StoryFile(
        story_id=story_id, alt=alt.strip(), name=cleaned.name, mime=cleaned.mime,
        size=len(cleaned.body), sha256=cleaned.sha256, by_id=actor.account_id or 0, at=now,
    )  # fmt: skip
    stem = f"{story_id}-{cleaned.sha256[:12]}"
    row.file.save(stem + cleaned.suffix, ContentFile(cleaned.body), save=False)
    if cleaned.thumbnail:
        row.thumbnail.save(f"{stem}-s.jpg", ContentFile(cleaned.thumbnail), save=False)
    with transaction.atomic():
        row.save()
        _note_file(last, row.pk, "add", actor, now)
    return row


def drop_file(story_id: int, file_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a file out of a story; raises NotAllowed, Http404."""
    last = _writable(actor, story_id)
    row = StoryFile.objects.filter(story_id=story_id, pk=file_id).first()
    if row is None:
        return
    places = [(field.storage, field.name) for field in (row.file, row.thumbnail) if field]
    with transaction.atomic():
        row.delete()
        _note_file(last, file_id, "drop", actor, now)
        transaction.on_commit(lambda: _unlink(places))


def _unlink(places: list[tuple[Any, str | None]]) -> None:
    for storage, name in places:
        storage.delete(str(name))


def _note_file(edition: Edition, file_id: int, verb: str, actor: Actor, now: datetime) -> None:
    ledger.append_free(
        subject_type="story.file", verb=verb, actor=actor, at=now,
        data={"story": edition.story_id, "file": file_id, "area": edition.area_code},
    )  # fmt: skip


def _writable(actor: Actor, story_id: int) -> Edition:
    last = editions_of(actor, story_id)[0]
    if not actor.can("publishing.write", last.area_code):
        raise NotAllowed(_("这个范围不在您的权限内。"))
    return last
