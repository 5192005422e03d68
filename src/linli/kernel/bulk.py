"""Write many rows of a table at once by COPY, and find many by a value each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql


def concrete_fields(model: type[models.Model], leave_out: Iterable[str] = ()) -> list[Any]:
    """Return the fields that are written: no generated columns, none of `leave_out`."""
    skip = set(leave_out)
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and field.name not in skip
    ]


def copy_rows(
    model: type[models.Model],
    rows: Iterable[models.Model],
    *,
    leave_out: Iterable[str] = (),
    table: str = "",
    extra: Mapping[str, Callable[[Any], object]] | None = None,
) -> int:
    """Write unsaved instances by COPY inside the caller's transaction; return how many.

    `leave_out` names fields that keep their default of the database (an identity key). Values pass
    through each field as `save()` would do it; expressions cannot be copied. `table` is another
    table with these columns, `extra` are columns it has besides, with how to get their values.
    """
    fields = concrete_fields(model, leave_out)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table or model._meta.db_table),
        sql.SQL(", ").join(
            sql.Identifier(name) for name in (*(field.column for field in fields), *(extra or ()))
        ),
    )
    more = list((extra or {}).values())
    plan = [(field.attname, field) for field in fields]
    count = 0
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    *(
                        field.get_db_prep_save(getattr(row, name), connection)
                        for name, field in plan
                    ),
                    *(value_of(row) for value_of in more),
                ]
            )
            count += 1
    return count


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` new keys of a table, in growing order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def one_of(field: str, values: Sequence[str]) -> models.Func:
    """Return the condition that a text column holds one of many values.

    They travel as one array; `__in` would name thousands of parameters one by one.
    """
    held = models.Value(list(values), output_field=ArrayField(models.TextField()))
    return models.Func(
        models.F(field), held, template="%(expressions)s)", arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )  # fmt: skip


class CopyBehind:
    """COPY blocks of rows into a table while the caller makes the next ones.

    It works on the caller's connection and inside their transaction, so they call `wait()` before
    they use the connection themselves. Leaving the block waits too; what failed is raised there.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._pool = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.wait()
        except Exception:
            if error is None:  # else the first fault is the one to tell
                raise
        finally:
            self._pool.shutdown()

    def write(self, columns: Sequence[str], block: str) -> None:
        """Have rows written that stand in the text format of COPY."""
        self.wait()
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self._table), names)
        raw = connection.connection  # Django's own may only be used in its thread
        self._under_way = self._pool.submit(self._copy, raw, statement, block)

    def _copy(self, raw: Any, statement: Any, block: str) -> None:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(block)

    def wait(self) -> None:
        """Return when all that was given is written; raises DatabaseError where it failed."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            with connection.wrap_database_errors:
                under_way.result()
