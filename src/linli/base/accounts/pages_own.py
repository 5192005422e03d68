"""A resident's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.secrets.masks import mask_phone

from .access import residents_only
from .actions import set_own_name
from .forms import NameForm
from .models import Account


@require_http_methods(["GET", "POST"])
@residents_only
def own(request: HttpRequest) -> HttpResponse:
    """Show the resident's account and let them say what they are called."""
    actor = request.actor  # type: ignore[attr-defined]
    account = get_object_or_404(Account, pk=actor.account_id)
    form = NameForm(request.POST or None, initial={"name": account.name})
    if request.method == "POST" and form.is_valid():
        set_own_name(
            actor=actor, now=timezone.now(), account=account, name=form.cleaned_data["name"]
        )
        messages.success(request, _("已保存。"))
        return redirect("accounts:own")
    context = {"form": form, "phone": mask_phone(account.phone)}
    return render(request, "accounts/own.html", context, status=422 if form.errors else 200)
