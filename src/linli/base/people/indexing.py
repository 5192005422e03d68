"""How the blind indexes of the registers are made from their rows, for a change of the key."""

from __future__ import annotations

from datetime import date

from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.reindexing import Indexed, Made, register_index
from linli.kernel.secrets.words import blind_words

from .twins import twin_index


def _resident(name: str, phone: str, number: str, born_on: date | None) -> Made:
    return {
        "phone_index": blind_index(phone), "id_index": blind_index(number),
        "twin_index": twin_index(name, born_on), "words": blind_words(name),
    }  # fmt: skip


def plug_in() -> None:
    """Tell how the registers' indexes are made."""
    sealed = ("name", "phone", "id_number")
    register_index(Indexed("people_resident", sealed, _resident, ("born_on",)))
    register_index(Indexed.of_phone("people_organisation", "phone"))
