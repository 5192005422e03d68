"""Every write to the registers; each is an entry of the ledger."""

from .bodies import add_organisation, close_organisation, edit_organisation
from .bulk import Homes, load_register, load_residents
from .care import end_tag, expire_tags, remind_of_expiry, set_tag
from .claims import claim_record
from .consents import give_consent, withdraw_consent
from .erasures import ask_for_erasure, end_hold, set_hold, take_erasure_step
from .homes import add_building, add_dwelling, edit_building, edit_dwelling
from .ledgers import decide_likely, set_columns, start_take_over, upload_ledger
from .looks import open_record, reveal
from .moves import move_in, move_out, record_death, set_relation
from .moving import move_buildings, move_imports, move_organisations, move_requests, move_residents
from .requests import ask_for_change, take_request_step
from .residents import add_resident, edit_resident
from .retention import set_retention
from .taking_over import undo_import
from .tenures import end_tenure, set_tenure

__all__ = [
    "Homes",
    "add_building",
    "add_dwelling",
    "add_organisation",
    "add_resident",
    "ask_for_change",
    "ask_for_erasure",
    "claim_record",
    "close_organisation",
    "decide_likely",
    "edit_building",
    "edit_dwelling",
    "edit_organisation",
    "edit_resident",
    "end_hold",
    "end_tag",
    "end_tenure",
    "expire_tags",
    "give_consent",
    "load_register",
    "load_residents",
    "move_buildings",
    "move_imports",
    "move_in",
    "move_organisations",
    "move_out",
    "move_requests",
    "move_residents",
    "open_record",
    "record_death",
    "remind_of_expiry",
    "reveal",
    "set_columns",
    "set_hold",
    "set_relation",
    "set_retention",
    "set_tag",
    "set_tenure",
    "start_take_over",
    "take_erasure_step",
    "take_request_step",
    "undo_import",
    "upload_ledger",
    "withdraw_consent",
]
