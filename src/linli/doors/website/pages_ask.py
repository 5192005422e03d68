"""Ask: find an answer in the knowledge base, say whether it helped, or report what is not there."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.scope import Actor
from linli.life.knowledge import actions, queries
from linli.work.cases.models import Nature

LONGEST = 200


def _report_link(text: str) -> str:
    asked = {"nature": Nature.CONSULTATION.value} | ({"text": text} if text else {})
    return f"{reverse('website:report')}?{urlencode(asked)}"


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Search the answers in force; without a question show what is asked most."""
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = [match.version for match in queries.matches(text, today, most=10)] if text else []
    context = {
        "q": text,
        "found": found,
        "usual": [] if found else queries.most_used(today),
        "report": _report_link(text),
    }
    return render(request, "website/ask.html", context)


@require_safe
def answer(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show one answer, where it holds and until when."""
    found = queries.get_offered(article_id, timezone.localdate())
    text = request.GET.get("q", "").strip()[:LONGEST]
    marked = request.session.get("marked", {}).get(str(found.pk))
    context = {"version": found, "q": text, "report": _report_link(text), "marked": marked}
    return render(request, "website/answer.html", context)


@require_POST
def mark(request: HttpRequest, article_id: int) -> HttpResponse:
    """Keep whether the answer helped: once for each account or browser, and it may be changed."""
    found = queries.get_offered(article_id, timezone.localdate())
    actor: Actor = request.actor  # type: ignore[attr-defined]
    helpful = request.POST.get("helpful") == "1"
    marked = dict(request.session.get("marked", {}))
    marked[str(found.pk)] = helpful
    request.session["marked"] = marked
    if not request.session.session_key:
        request.session.save()
    browser = hashlib.sha256(str(request.session.session_key).encode()).hexdigest()[:40]
    key = f"a{actor.account_id}" if actor.account_id else f"s{browser}"
    actions.mark(found, actor=actor, now=timezone.now(), key=key, helpful=helpful)
    messages.success(request, _("谢谢您，已记下。"))
    text = request.POST.get("q", "").strip()[:LONGEST]
    query = f"?{urlencode({'q': text})}" if text else ""
    return redirect(reverse("website:answer", args=(article_id,)) + query)
