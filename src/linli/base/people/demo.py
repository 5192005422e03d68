"""The demonstration's residents: invented, with numbers that no real person can have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from linli.kernel.scope import SYSTEM, Actor
from linli.kernel.secrets.index import blind_index

from ..accounts.actions.bulk import load_accounts
from ..accounts.demo_logins import DEMO_RESIDENT, DEMO_RESIDENT_PHONE
from ..accounts.demo_names import invented_name
from ..accounts.models import Account, AccountKind, resident_username
from ..areas.models import Area, Level
from .actions import (
    ask_for_change,
    ask_for_erasure,
    give_consent,
    load_register,
    take_erasure_step,
    withdraw_consent,
)
from .demo_homes import settle
from .demo_ledgers import load_ledgers
from .identity import id_check
from .models import Gender, Resident
from .own_purposes import CARE, REMINDERS

SEED = 370706
SOURCE = "演示数据（虚构）"
PLACES = ("370702", "370703", "370704", "370705", "370724", "370725", "370781", "370784", "370785")
# Shares of age bands of ten years, of a district that grows old.
AGES = (9, 10, 11, 15, 14, 14, 13, 9, 4, 1)


@transaction.atomic
def load_demo(*, now: datetime, count: int = 20_000, with_account: float = 0.3) -> dict[str, int]:
    """Load `count` residents on the grids that stand, some with an account; return the counts.

    Call it after areas and accounts. Phones run from 19000000000; identity numbers have the
    sequence 000, which is never issued, and a right check digit. Nothing happens where the
    demonstration's first resident stands already. Raises ValueError above 100 000.
    """
    if count > 100_000:
        raise ValueError("no more than 100 000 recognisable telephone numbers")
    if Resident.objects.filter(phone_index=blind_index(DEMO_RESIDENT_PHONE)).exists():
        return {"residents": 0, "resident_accounts": 0, "imports": 0}
    rng = Random(SEED)  # noqa: S311 - invented people, no secret
    today = timezone.localdate(now)
    grids = list(
        Area.objects.filter(level="grid", valid_to=None)
        .select_related("parent")
        .only("id", "code", "parent__id", "parent__code")
        .order_by("code")
    )
    residents, accounts = draw(rng, grids, count, with_account, today)
    load_accounts(actor=SYSTEM, now=now, accounts=accounts)
    for resident in residents:
        if resident.account is not None:
            resident.account_id = resident.account.pk
    homes = settle(rng, residents, _groups(), now)
    load_register(actor=SYSTEM, now=now, residents=residents, homes=homes)
    _ask(residents, now)
    _consent(residents, now)
    _forget(residents, now)
    imports = load_ledgers(rng, now)
    return {
        "residents": len(residents), "resident_accounts": len(accounts), "imports": imports
    }  # fmt: skip


def _ask(residents: list[Resident], now: datetime) -> None:
    """Let a few neighbours of the named resident ask for corrections, one waiting for an answer."""
    asking = [row for row in residents[:40] if row.account is not None][1:4]
    for days, row in zip((1, 6, 13), asking, strict=False):
        actor = Actor(kind="resident", account_id=row.account_id, name=row.name)
        ask_for_change(
            actor=actor, now=now - timedelta(days=days), reason="换了新号码（演示）",
            values={"phone": f"1900000{9000 + days}"},
        )  # fmt: skip


def _consent(residents: list[Resident], now: datetime) -> None:
    """Let the named resident and some neighbours speak on what is done with their data."""
    grown = [row for row in residents[:40] if row.born_on and row.born_on.year < now.year - 20]
    for number, row in enumerate(grown[:12]):
        if row.account is None:
            continue
        actor = Actor(kind="resident", account_id=row.account_id, name=row.name)
        give_consent(row.pk, CARE, actor=actor, now=now - timedelta(days=60 + number))
        if number % 3 == 2:
            withdraw_consent(row.pk, CARE, actor=actor, now=now - timedelta(days=4))
        if number % 4 == 0:
            give_consent(row.pk, REMINDERS, actor=actor, now=now - timedelta(days=30))
        if number % 5 == 4:
            withdraw_consent(row.pk, REMINDERS, actor=actor, now=now - timedelta(days=9))


def _forget(residents: list[Resident], now: datetime) -> None:
    """Let three neighbours ask for erasure: fresh, nearly due, and refused."""
    asking = [row for row in residents[12:80] if row.account is not None][:3]
    for days, row in zip((2, 17, 9), asking, strict=False):
        actor = Actor(kind="resident", account_id=row.account_id, name=row.name)
        asked = ask_for_erasure(
            actor=actor, now=now - timedelta(days=days), reason="不想再收到消息（演示）"
        )
        if days == 9:
            take_erasure_step(
                "refuse", asked.pk, actor=SYSTEM, now=now - timedelta(days=1),
                data={"answer": "申领低保正在审核，依法须保存；可向区网信部门投诉（演示）"},
            )  # fmt: skip


def _groups() -> list[Area]:
    rows = Area.objects.filter(level=Level.BUILDING, valid_to=None).defer("boundary")
    return list(rows.order_by("code"))


def draw(
    rng: Random, grids: list[Area], count: int, with_account: float, today: date
) -> tuple[list[Resident], list[Account]]:
    """Return the people and their accounts; number 1 is the named one, in the first grid."""
    nobody = make_password(None)
    taken: set[str] = set()
    residents, accounts = [], []
    for number in range(count):
        phone = f"190{number:08d}"
        named = phone == DEMO_RESIDENT_PHONE
        name = invented_name(rng)
        grid = grids[0] if number < 12 else rng.choice(grids)
        identity, born = _identity(rng, taken, today)
        resident = Resident(
            name=DEMO_RESIDENT if named else name, phone=phone, id_number=identity, born_on=born,
            gender=Gender.FEMALE if named else rng.choice(Gender.values), state_on=today,
            area=grid, area_code=grid.code, source=SOURCE,
        )  # fmt: skip
        if rng.random() < with_account or named:
            index = blind_index(phone)
            resident.account = Account(
                kind=AccountKind.RESIDENT, username=resident_username(index), name=resident.name,
                phone=phone, phone_index=index, area=grid.parent, password=nobody,
            )  # fmt: skip
            accounts.append(resident.account)
        residents.append(resident)
    return residents, accounts


def _identity(rng: Random, taken: set[str], today: date) -> tuple[str, date]:
    while True:
        band = rng.choices(range(10), AGES)[0]
        born = today - timedelta(days=rng.randrange(3652 * band + 1, 3652 * (band + 1)))
        body = f"{rng.choice(PLACES)}{born:%Y%m%d}000"
        if body not in taken:
            taken.add(body)
            return body + id_check(body), born
