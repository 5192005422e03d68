"""Shared set-up of all tests; `linli.site.testing` has prepared a real PostgreSQL already."""
