"""Fixtures of the tests of cases."""

from __future__ import annotations

import pytest


@pytest.fixture
def file_store(settings, tmp_path):
    """Store files in a folder of this test."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
