"""A model field whose text is encrypted in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from .cipher import seal, unseal

if TYPE_CHECKING:
    _Base = models.Field[str, str]
else:
    _Base = models.Field


class EncryptedTextField(_Base):
    """Text that is sealed on its way into the database and opened on its way out.

    It cannot be searched: store `blind_index(value)` beside it for exact look-up.
    """

    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        """Store as binary."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002
        """Seal the text and hand it to the driver as binary."""
        return None if value is None else connection.Database.Binary(seal(str(value)))

    def from_db_value(self, value: Any, *_args: Any) -> str | None:
        """Open the text."""
        return None if value is None else unseal(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only the question whether there is a value; anything else would match nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
