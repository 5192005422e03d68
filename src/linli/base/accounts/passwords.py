"""Passwords of staff (classified protection, level 3)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORT, LONG, CLASSES = 8, 16, 3


class ThreeClassesOrPhrase:
    """Ask for 8 characters of 3 classes, or a phrase of 16 characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where the password is too simple, or holds the log-in name."""
        if user is not None and user.username and user.username.lower() in password.lower():
            raise ValidationError(_("密码不能包含登录名。"))
        if len(password) >= LONG:
            return
        classes = sum(
            (
                any(c.islower() for c in password),
                any(c.isupper() for c in password),
                any(c.isdigit() for c in password),
                any(not c.isalnum() for c in password),
            )
        )
        if len(password) < SHORT or classes < CLASSES:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("密码至少8位并含大写、小写、数字、符号中的三种，或用至少16位的短语。")
