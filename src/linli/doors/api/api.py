"""The REST interface `/api/v1`: areas, services and cases for other systems, each with its key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Path, Query, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import APIKeyHeader
from pydantic import ConfigDict, Field

from linli.base.areas.queries import in_force
from linli.kernel.scope import within
from linli.work.cases.models import Case, Category, State
from linli.work.cases.queries import id_from_number

from . import queries
from .limits import TooMany, admit
from .models import ApiKey
from .receiving import Refused, Report, receive

PAGE = 100
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
CODE = r"^[0-9]{6,18}$"
NUMBER = r"^[0-9]{8,24}$"

Text = Annotated[str, Field(pattern=PLAIN)]
AreaCode = Annotated[str, Field(pattern=CODE)]


class KeyHeader(APIKeyHeader):
    """The key in the header X-API-Key."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiKey | None:
        """Return the key, or None for one that is not in force."""
        return admit(request, key or "", now=timezone.now())


api = NinjaAPI(
    title="Linli",
    version="1",
    description="Areas, services and cases for other systems. A key holds within one area.",
    auth=KeyHeader(),
    urls_namespace="api:v1",
)


class Problem(Schema):
    """What went wrong: a word for programs, a sentence for people, the field it concerns."""

    code: str
    message: str
    field: str = ""


class Problems(Schema):
    """All that is wrong with a request."""

    problems: list[Problem]


class AreaOut(Schema):
    """A place of the tree."""

    code: str
    name: str
    level: str
    parent: str | None
    lon: float | None
    lat: float | None


class ServiceOut(Schema):
    """A category under which matters are reported."""

    code: str
    name: str
    group: str
    nature: str
    urgency: str
    keywords: list[str]


class CaseOut(Schema):
    """A matter; title, text, address and point only for keys that may read texts."""

    number: str
    state: str
    state_name: str
    nature: str
    category: str
    category_name: str
    channel: str
    urgency: str
    area_code: str
    area_name: str
    unit: str
    created_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    rating: int | None
    title: str | None = None
    text: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None


class CasePage(Schema):
    """A page of matters, newest first; `next` is the cursor of the page after it."""

    cases: list[CaseOut]
    next: int | None


class CaseIn(Schema):
    """A matter to register; a point, an area or an address says where."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    category: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")]
    text: Annotated[str, Field(min_length=4, max_length=4000, pattern=PLAIN)]
    title: Annotated[str, Field(max_length=120, pattern=PLAIN)] = ""
    nature: Literal["", "consultation", "help", "complaint", "report", "suggestion", "event"] = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    area_code: Annotated[str, Field(pattern=r"^([0-9]{6,18})?$")] = ""
    address: Annotated[str, Field(max_length=160, pattern=PLAIN)] = ""
    name: Annotated[str, Field(max_length=40, pattern=PLAIN)] = ""
    phone: Annotated[str, Field(max_length=24, pattern=PLAIN)] = ""
    protected: bool = False


class CaseMade(Schema):
    """What became of a report; the tracking code comes once and lets the reporter look it up."""

    number: str
    state: str
    repeated: bool
    tracking_code: str | None
    due_at: datetime | None


class CaseFilter(Schema):
    """Which matters to list."""

    state: Literal["", *State.values] = ""  # type: ignore[valid-type]
    category: Annotated[str, Field(max_length=8, pattern=r"^[0-9A-Za-z]*$")] = ""
    area: Annotated[str, Field(pattern=r"^([0-9]{6,18})?$")] = ""
    created_after: datetime | None = None
    created_before: datetime | None = None
    changed_after: datetime | None = None
    before: Annotated[int, Field(ge=1, le=2**62)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE)] = 50


OFTEN = {401: Problems, 422: Problems, 429: Problems}
FOUND = OFTEN | {404: Problems}


def _answer(request: HttpRequest, status: int, *problems: Problem) -> HttpResponse:
    body = {"problems": [problem.model_dump() for problem in problems]}
    return api.create_response(request, body, status=status)


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """Answer 429 with when to come again."""
    told = Problem(code="too_many_requests", message=_("请求太频繁，请稍后再试。"))
    answer = _answer(request, 429, told)
    answer["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Say what about a report will not do."""
    return _answer(request, error.status, Problem(code="refused", message=error.message,
                                                  field=error.field))  # fmt: skip


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each field that does not fit the schema."""
    rows = [
        Problem(code=str(row["type"]), message=str(row["msg"]),
                field=".".join(str(part) for part in row["loc"][1:]))
        for row in error.errors
    ]  # fmt: skip
    return _answer(request, 422, *rows)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework refuses, in the same form."""
    told = Problem(code=f"http_{error.status_code}", message=str(error))
    return _answer(request, error.status_code, told)


def _missing(what: str) -> Refused:
    return Refused(what, _("没有找到，或不在这个密钥的范围内。"), 404)


@api.get("/areas", response=FOUND | {200: list[AreaOut]}, tags=["areas"])
def areas(
    request: HttpRequest, parent: Annotated[str, Query(pattern=r"^([0-9]{6,18})?$")] = ""
) -> Any:
    """List the places right below one, by default below the area of the key."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    code = parent or key.area_code
    if not code.startswith(key.area_code):
        raise _missing("parent")
    rows = in_force().filter(within([code], "code"), parent__code=code)
    return [_area(row) for row in rows.select_related("parent").order_by("code")]


@api.get("/areas/{code}", response=FOUND | {200: AreaOut}, tags=["areas"])
def area(request: HttpRequest, code: Annotated[str, Path(pattern=CODE)]) -> Any:
    """Return one place within the key's area."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    row = in_force().select_related("parent").filter(code=code).first()
    if row is None or not code.startswith(key.area_code):
        raise _missing("code")
    return _area(row)


def _area(row: Any) -> dict[str, Any]:
    parent = row.parent.code if row.parent else None
    return {"code": row.code, "name": row.name, "level": row.level, "parent": parent,
            "lon": row.lon, "lat": row.lat}  # fmt: skip


@api.get("/services", response=OFTEN | {200: list[ServiceOut]}, tags=["services"])
def services(request: HttpRequest) -> Any:
    """List the categories in force."""
    del request
    rows = Category.objects.filter(parent__isnull=False, valid_to=None).select_related("parent")
    return [_service(row) for row in rows]


@api.get("/services/{code}", response=FOUND | {200: ServiceOut}, tags=["services"])
def service(request: HttpRequest, code: Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,8}$")]) -> Any:
    """Return one category in force."""
    del request
    rows = Category.objects.filter(parent__isnull=False, valid_to=None).select_related("parent")
    row = rows.filter(code=code).first()
    if row is None:
        raise _missing("code")
    return _service(row)


def _service(row: Category) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "group": row.parent.name if row.parent else "",
        "nature": row.nature, "urgency": row.urgency, "keywords": row.keywords.split(),
    }  # fmt: skip


@api.get("/cases", response=FOUND | {200: CasePage, 403: Problems}, tags=["cases"])
def cases(request: HttpRequest, wanted: Query[CaseFilter]) -> Any:
    """List matters of the key's area, newest first; `changed_after` is for polling."""
    key = _reader(request)
    rows, code = queries.cases_for(key), wanted.area or key.area_code
    if not code.startswith(key.area_code):
        raise _missing("area")
    rows = rows.filter(within([code]))
    for name, value in (
        ("state", wanted.state), ("category__code", wanted.category),
        ("created_at__gte", wanted.created_after), ("created_at__lt", wanted.created_before),
        ("pk__lt", wanted.before),
    ):  # fmt: skip
        if value:
            rows = rows.filter(**{name: value})
    if wanted.changed_after:
        rows = queries.changed_since(rows, wanted.changed_after, code)
    found = list(rows.order_by("-pk")[: wanted.limit + 1])
    more = found[wanted.limit - 1].pk if len(found) > wanted.limit else None
    return {"cases": [_case(row, key) for row in found[: wanted.limit]], "next": more}


@api.get("/cases/{number}", response=FOUND | {200: CaseOut, 403: Problems}, tags=["cases"])
def case(request: HttpRequest, number: Annotated[str, Path(pattern=NUMBER)]) -> Any:
    """Return one matter of the key's area."""
    key = _reader(request)
    row = queries.cases_for(key).filter(pk=id_from_number(number)).first()
    if row is None or row.number != number:
        raise _missing("number")
    return _case(row, key)


def _reader(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if not key.may_read:
        raise Refused("X-API-Key", _("这个密钥不能读取工单。"), 403)
    return key


def _case(row: Case, key: ApiKey) -> dict[str, Any]:
    shown = {
        name: getattr(row, name)
        for name in ("number", "state", "nature", "channel", "urgency", "area_code", "created_at",
                     "accepted_at", "due_at", "done_at", "closed_at", "rating")
    }  # fmt: skip
    shown |= {
        "state_name": row.get_state_display(), "category": row.category.code,
        "category_name": row.category.name, "area_name": row.area.name,
        "unit": row.unit.name if row.unit else "", "changed_at": queries.changed_at(row),
    }  # fmt: skip
    if key.may_read_texts:
        texts = ("title", "text", "address", "lon", "lat")
        shown |= {name: getattr(row, name) for name in texts}
    return shown


REPORTED = FOUND | {200: CaseMade, 201: CaseMade, 400: Problems, 403: Problems, 409: Problems}


@api.post("/cases", response=REPORTED, tags=["cases"])
def report(
    request: HttpRequest,
    what: CaseIn,
    once: Annotated[
        str,
        Header(alias="Idempotency-Key", min_length=8, max_length=80, pattern=r"^[!-~]+$"),
    ],
) -> Any:
    """Register a matter once for each Idempotency-Key; sent again, the first one is returned."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if not key.may_report:
        raise Refused("X-API-Key", _("这个密钥不能登记工单。"), 403)
    if (what.lon is None) != (what.lat is None):
        raise Refused("lat", _("经度和纬度要一起给。"))
    if len(what.text.strip()) < 4:
        raise Refused("text", _("太短了，请多写几个字，让工作人员看得明白。"))
    done = receive(key, Report(**what.model_dump()), once=once, now=timezone.now())
    made: dict[str, Any] = {
        "number": done.case.number, "state": done.case.state, "repeated": done.repeated,
        "tracking_code": done.tracking_code, "due_at": done.case.deadline_at,
    }  # fmt: skip
    return api.create_response(request, CaseMade(**made), status=200 if done.repeated else 201)
