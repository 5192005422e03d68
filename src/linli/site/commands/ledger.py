"""`linli ledger verify` and `linli ledger seal`."""

from __future__ import annotations

from typing import Any

from ..start import start_django


def run(args: Any) -> int:
    """Seal what is settled, or verify every seal; exit code 1 where something was changed."""
    start_django()
    from django.utils import timezone

    from linli.kernel.ledger.actions import seal
    from linli.kernel.ledger.models import Entry, Seal
    from linli.kernel.ledger.queries import verify

    if args.act == "seal":
        made = seal(now=timezone.now())
        print(f"sealed {made.entries} entries, digest {made.digest}" if made else "nothing to seal")
        return 0
    faults = [f"seal {fault.seal_id}: {fault.message}" for fault in verify()]
    last = Seal.objects.order_by("-id").first()
    if args.expect and not Seal.objects.filter(digest=args.expect).exists():
        faults.append("the expected digest is not among the seals: seals were cut off or changed")
    for fault in faults:
        print(fault)
    sealed = last.to_tx if last else 0
    unsealed = Entry.objects.filter(tx__gte=sealed).count()
    print(
        f"{Seal.objects.count()} seals, {Entry.objects.count()} entries ({unsealed} not yet "
        f"sealed), {len(faults)} faults" + (f"; last digest {last.digest}" if last else "")
    )
    return 1 if faults else 0
