"""`linli keys`: look at the key ring, begin a new key, take the data over, retire an old key."""

from __future__ import annotations

from typing import Any

from ..cli import UserError
from ..start import start_django


def run(args: Any) -> int:
    """Do one act on the key ring; each that changes something is an entry of the ledger."""
    start_django()
    from linli.kernel.secrets.keys import KeyProblem

    acts = {"status": _status, "rotate": _rotate, "reseal": _reseal, "retire": _retire,
            "reindex": _reindex}  # fmt: skip
    try:
        acts[args.act](args.name)
    except KeyProblem as error:
        raise UserError(str(error)) from error
    return 0


def _note(verb: str, name: str) -> None:
    from django.utils import timezone

    from linli.kernel.ledger.actions import append_free
    from linli.kernel.scope import SYSTEM

    append_free(
        subject_type="secrets.key", verb=verb, actor=SYSTEM, at=timezone.now(), data={"key": name}
    )


def _status(_name: str) -> None:
    from linli.kernel.secrets import index_keys, keys, rotation
    from linli.kernel.secrets.models import IndexKey

    for place, name in enumerate(keys.ring()):
        use = "in use" if place == 0 else "reads old values"
        print(f"{name:<20} {use:<18} {rotation.rows_under(name)} rows")
    print(f"{rotation.rows_left()} rows are not sealed as new ones are")
    row = IndexKey.objects.first()
    if row is not None:
        agreed = row.fingerprint == index_keys.fingerprint(index_keys.index_key())
        print(f"blind index: key {row.fingerprint[:8]} since {row.since:%Y-%m-%d}", end="")
        print("" if agreed else "; THE KEY SET IS ANOTHER ONE")


def _rotate(_name: str) -> None:
    from django.utils import timezone

    from linli.kernel.secrets import keys

    name = keys.add_key(today=timezone.localdate())
    _note("rotate", name)
    print(f"key {name} is in use; older keys are kept for reading")
    _reseal("")


def _reseal(_name: str) -> None:
    from django.utils import timezone

    from linli.kernel.secrets import rotation

    row = rotation.reseal(
        now=timezone.now, report=lambda one: print(f"  {one.done} of {one.total}", end="\r")
    )
    print(f"{row.done} rows sealed anew under key {row.key_name}")


def _retire(name: str) -> None:
    from linli.kernel.secrets import rotation

    rotation.retire(name)
    _note("retire", name)
    print(f"key {name} is retired")


def _reindex(_name: str) -> None:
    from django.utils import timezone

    from linli.kernel.secrets.reindexing import reindex

    done = reindex(now=timezone.now(), report=lambda table, n: print(f"  {table}: {n}", end="\r"))
    _note("reindex", "blind index")
    print(f"{done} rows are found by a new key of the blind index; the old one is gone")
