"""The parties in full, and the agreement on paper; both are looks that are recorded."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.accounts.access import staff_only
from linli.kernel.flow import StepRefused

from . import documents
from .actions import reveal_parties
from .pages import actor_of, show
from .queries import get_mediation

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@staff_only
@require_POST
def parties(request: HttpRequest, mediation_id: int) -> HttpResponse:
    """Show the parties in full, once, and record who looked."""
    found = get_mediation(actor_of(request), mediation_id)
    reason = request.POST.get("reason", "")
    try:
        _found, rows = reveal_parties(
            found.pk, actor=actor_of(request), now=timezone.now(), reason=reason
        )
    except StepRefused as error:
        return show(request, found, status=422, look_error=str(error))
    answer = show(request, found, revealed=rows)
    answer["Cache-Control"] = "no-store"
    return answer


@staff_only
@require_POST
def paper(request: HttpRequest, mediation_id: int, kind: str) -> HttpResponse:
    """Hand over the agreement as Word or PDF, and record who took it."""
    found = get_mediation(actor_of(request), mediation_id)
    if not found.terms:
        return show(request, found, status=422, reason=_("请先起草协议内容。"))
    try:
        if kind == "pdf":
            documents.chinese_font()
        mediation, _rows = reveal_parties(
            found.pk, actor=actor_of(request), now=timezone.now(), reason=_("制作调解协议书")
        )
        made = documents.as_pdf(mediation) if kind == "pdf" else documents.as_word(mediation)
    except StepRefused as error:
        return show(request, found, status=422, reason=str(error))
    except documents.NoChineseFont:
        words = _(
            "服务器上没有中文字体，不能生成PDF。请下载Word版，"
            "或请系统管理员把中文字体放进数据目录的fonts文件夹。"
        )
        return show(request, found, status=422, reason=words)
    name = f"mediation-{found.committee_code}-{found.year}-{found.serial}.{kind}"
    answer = HttpResponse(made, content_type="application/pdf" if kind == "pdf" else WORD)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
