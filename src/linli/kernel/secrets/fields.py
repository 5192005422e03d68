"""A model field whose text is encrypted in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from .cipher import seal, unseal

if TYPE_CHECKING:
    _Base = models.Field[str, str]
    _Lookup = models.Lookup[bool]
else:
    _Base = models.Field
    _Lookup = models.Lookup


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
        """Allow only the questions whether there is a value; anything else would match nothing."""
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "blank"} else None


@EncryptedTextField.register_lookup
class Blank(_Lookup):
    """`field__blank=True`: there is no text (blank is kept as no bytes); False: there is some."""

    lookup_name = "blank"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Ask for the length of what is sealed."""
        column, values = self.process_lhs(compiler, connection)
        return f"octet_length({column}) {'=' if self.rhs else '>'} 0", values
