"""Homes of the registers for tests, with everything that hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from factories import MONDAY, START, District, _numbers, make_resident
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of


@dataclass
class Record:
    """Everything the registers hold of one home: a pair of people, their dwelling, a shop below."""

    resident: object
    mate: object
    building: object
    dwelling: object
    tag: object
    tenure: object
    organisation: object
    request: object
    account: Account
    ledger: object
    likely: object
    erasure: object
    hold: object


def make_record(world: District, name: str, *, now: datetime = MONDAY, members: int = 2) -> Record:
    """Return a home of the first grid whose people, building and shop are called `name`."""
    from linli.base.people import actions
    from linli.kernel.scope import SYSTEM

    base = {"actor": SYSTEM, "now": now, "source": "入户登记"}
    building = actions.add_building(
        area=world.grid, **base,
        values={"name": name, "address": f"{name}路1号", "kind": "home", "floors": 6, "units": 2},
    )  # fmt: skip
    dwelling = actions.add_dwelling(
        building.pk, **base, values={"unit": "2", "room": "301", "use": "own"}
    )
    people = [
        actions.add_resident(
            area=world.grid, **base,
            values={"name": name, "phone": f"1900009{next(_numbers) % 10_000:04d}", "born_on": START},
        )
        for _ in range(members)
    ]  # fmt: skip
    head = actions.move_in(people[0].pk, dwelling.pk, on=now.date(), relation="01", **base)
    for one in people[1:]:
        actions.move_in(
            one.pk, dwelling.pk, on=now.date(), relation="20", household_id=head.household_id,
            **base,
        )  # fmt: skip
    del base["source"]
    tag = actions.set_tag(people[0].pk, kind="alone", source="社区名册", **base)
    tenure = actions.set_tenure(
        dwelling.pk, kind="owner", on=now.date(), resident=people[0], **base
    )
    body = actions.add_organisation(
        area=world.grid, building=building, source="入户登记", **base,
        values={"name": name, "kind": "shop", "address": f"{name}路1号"},
    )  # fmt: skip
    account = make_resident(world.community, phone=people[0].phone)
    type(people[0]).objects.filter(pk=people[0].pk).update(account=account)
    asked = actions.ask_for_change(
        actor=actor_of(account), now=now, values={"name": f"{name}二"}, reason=name
    )
    ledger, likely = _ledger(world, people[0], name, now)
    erasure = actions.ask_for_erasure(actor=actor_of(account), now=now, reason=name)
    hold = actions.set_hold(people[-1].pk, actor=SYSTEM, now=now, reason=f"{name}诉讼")
    return Record(
        people[0], people[-1], building, dwelling, tag, tenure, body, asked, account, ledger,
        likely, erasure, hold,
    )  # fmt: skip


def _ledger(world: District, resident: object, name: str, now: datetime):
    """Return a checked import of one good and one bad row, and someone likely the same."""
    from linli.base.people import actions
    from linli.base.people.models import ImportFault, LikelySame
    from linli.kernel.scope import SYSTEM

    row = actions.upload_ledger(
        actor=SYSTEM, now=now, area=world.community, file_name=f"{name}.csv", source="入户登记",
        body=f"姓名,手机号\n{name},\n{name},1\n".encode(),
    )  # fmt: skip
    row.state, row.counts = "checked", {"total": 2, "new": 1, "good": 1, "bad": 1}
    row.save()
    ImportFault.objects.create(ledger=row, line=3, column=1, reason="手机号是11位")
    return row, LikelySame.objects.create(ledger=row, line=2, resident=resident, shown=name)
