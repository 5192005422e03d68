"""Pictures and papers of stories: add, take out, hand over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor

from . import actions, queries
from .forms import FileForm
from .pages_desk import actor_of, show_story


@staff_only
@require_POST
def add(request: HttpRequest, story_id: int) -> HttpResponse:
    """Add a picture or a PDF; where it cannot be taken, say why at its field."""
    actor = actor_of(request)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_file(
                story_id, actor=actor, now=timezone.now(), upload=form.cleaned_data["file"],
                alt=form.cleaned_data["alt"],
            )  # fmt: skip
        except ValidationError as error:
            for name, words in error.message_dict.items():
                form.add_error(name, words)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已添加。"))
            return redirect("publishing:story", story_id=story_id)
    rows = queries.editions_of(actor, story_id)
    return show_story(request, rows, rows[0], file_form=form, status=422)


@staff_only
@require_POST
def drop(request: HttpRequest, story_id: int, file_id: int) -> HttpResponse:
    """Take a file out."""
    actions.drop_file(story_id, file_id, actor=actor_of(request), now=timezone.now())
    messages.success(request, _("已删去。"))
    return redirect("publishing:story", story_id=story_id)


@require_safe
def file(request: HttpRequest, file_id: int, small: bool = False) -> FileResponse:
    """Hand a file of a story over that anybody may read, or that the person works on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = queries.get_file(file_id, actor, timezone.now())
    field = row.thumbnail if small and row.thumbnail else row.file
    try:
        opened = field.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    mime = "image/jpeg" if small and row.thumbnail else row.mime
    response = FileResponse(opened, content_type=mime, filename=row.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
