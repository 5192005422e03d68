"""What the reporter is told at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel
from linli.base.people.queries import may_tell
from linli.kernel.secrets.index import blind_index

from .identity import account_of
from .purposes import RATING
from .rating_links import token_for

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Case

TEMPLATES = {
    "cases.register": "您反映的“{title}”已登记，编号{number}。{tail}",
    # To the phone of a protected reporter: others may read it, so it says neither what nor which.
    "cases.protected": "您提交的事项有新进展，请凭编号和查询码查询。",
    "cases.accept": "您反映的事项（{number}）已受理，正在安排承办单位。",
    "cases.decline": "您反映的事项（{number}）不予受理：{reason}",
    "cases.dispatch": "您反映的事项（{number}）已派给{unit}，应于{due}前办结。",
    "cases.sign_in": "{unit}已签收您反映的事项（{number}），正在处置。",
    "cases.report_done": "{unit}报告您反映的事项（{number}）已处理，社区正在核查。",
    "cases.send_back": "您反映的事项（{number}）经核查未办好，已退回{unit}重新处置。",
    "cases.close": "您反映的事项（{number}）已办结：{result} 请为办理情况打分：{link}",
    "cases.settle": "您反映的事项（{number}）已当场办结：{result} 请为办理情况打分：{link}",
    # To whoever does not want to be asked for a rating by text.
    "cases.close_told": "您反映的事项（{number}）已办结：{result}",
    "cases.settle_told": "您反映的事项（{number}）已当场办结：{result}",
    "cases.answer": "您咨询的事项（{number}）答复如下：{result}",
    "cases.thank": "您的表扬（{number}）已收到并转告{unit}，谢谢您。",
    "cases.praised": "{unit}收到一条居民表扬：{title}",
    "cases.extend": "您反映的事项（{number}）经批准延期，应于{due}前办结。",
    "cases.suspend": "您反映的事项（{number}）暂时无法办理，已列入挂账，将定期复核并告诉您。",
    "cases.resume": "您反映的事项（{number}）已恢复办理，应于{due}前办结。",
    "cases.take_up": "您反映的事项（{number}）已由上一级{unit}接办，办结时限不变。",
    "cases.merge": "您反映的事项（{number}）与同一事项合并办理，办理的每一步仍会告诉您。",
    "cases.unmerge": "您反映的事项（{number}）恢复单独办理。",
    "cases.close_joint": "您反映的事项（{number}）已办结：{result} 请为办理情况打分：{link}",
    "cases.settle_joint": "您反映的事项（{number}）已当场办结：{result} 请为办理情况打分：{link}",
    "cases.close_joined": "您关注的“{title}”（{number}）已办结。",
    "cases.settle_joined": "您关注的“{title}”（{number}）已当场办结。",
    "cases.decline_joined": "您关注的“{title}”（{number}）不予受理，如您也遇到，请登记您的情况。",
    "cases.join": "您反映的“{title}”已有人反映，已为您登记关注，办理的每一步都会告诉您。{link}",
    "cases.grant_return": "您反映的事项（{number}）改由{unit}办理，办结时限不变。",
}


RATED_AFTER = ("close", "settle")


def tell_reporter(
    case: Case, verb: str, *, seq: int, now: datetime, extra: dict[str, str] | None = None
) -> None:
    """Queue the messages of a step for all who reported the matter and can be told.

    Each message has a key made of case, step number and channel, so a retry sends none twice.
    """
    template = f"cases.{verb}"
    if template not in TEMPLATES:
        return
    params = params_of(case) | (extra or {})
    if case.behind:
        from .same.telling import tell_followers

        tell_followers(case, verb, params, seq=seq, now=now)
    account = account_of(case)
    if account is not None:
        queue_message(
            key=f"case:{case.pk}:{seq}:site",
            account=account,
            channel=Channel.SITE,
            template=template,
            params=params,
            link=f"/my/cases/{case.number}/",
            now=now,
        )
    if case.reporter_phone:
        asks = verb in RATED_AFTER and may_ask_rating(case.reporter_phone, case.reporter_id)
        by_phone = rating_link(case, now) if asks else link_of(case)
        if verb in RATED_AFTER and not asks:
            template = f"cases.{verb}_told"
        queue_message(
            key=f"case:{case.pk}:{seq}:sms",
            phone=case.reporter_phone,
            channel=Channel.SMS,
            template="cases.protected" if case.protected else template,
            params=params | {"link": settings.PUBLIC_URL.rstrip("/") + by_phone},
            link="" if case.protected else by_phone,
            now=now,
        )


def params_of(case: Case) -> dict[str, str]:
    """Return what the texts of messages say about a case."""
    return {
        "title": case.title,
        "number": case.number,
        "unit": case.unit.name if case.unit_id and case.unit else "",
        "due": f"{timezone.localtime(case.due_at):%m月%d日%H:%M}" if case.due_at else "",
        "link": link_of(case),
        "reason": "",
        "result": "",
        "tail": "",
    }


def may_ask_rating(phone: str, account_id: int | None) -> bool:
    """Tell whether a text may ask for a rating: the person has not refused it."""
    return bool(may_tell([(RATING, blind_index(phone), account_id)]))


def rating_link(case: Case, now: datetime) -> str:
    """Return the address at which whoever got the message rates this one case."""
    return f"/rate/{token_for(case.pk, now)}/"


def link_of(case: Case) -> str:
    """Return the address of the case's page for its reporter."""
    return f"/my/cases/{case.number}/" if case.reporter_id else f"/track/?number={case.number}"
