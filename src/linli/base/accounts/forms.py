"""The fields of logging in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.phones import normalise_phone


class PhoneForm(forms.Form):
    """A resident's mobile number."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=24,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True}
        ),
        error_messages={"required": _("请填写手机号。")},
    )

    def clean_phone(self) -> str:
        """Return the eleven digits."""
        return normalise_phone(self.cleaned_data["phone"])


class CodeForm(forms.Form):
    """The code from the text message."""

    code = forms.RegexField(
        label=_("验证码"),
        regex=r"^\s*\d{6}\s*$",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
        error_messages={
            "required": _("请填写短信中的6位数字。"),
            "invalid": _("验证码是6位数字。"),
        },
    )


class StaffLoginForm(forms.Form):
    """A member of staff's log-in name and password."""

    username = forms.CharField(
        label=_("登录名（工号）"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": _("请填写登录名。")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )


class SecondFactorForm(forms.Form):
    """The code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("动态验证码"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
        error_messages={"required": _("请填写动态验证码。")},
    )


class NameForm(forms.Form):
    """What a resident wants to be called."""

    name = forms.CharField(
        label=_("姓名或称呼"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
