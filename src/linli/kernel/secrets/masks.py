"""Show just enough of a name or number to be recognised, and no more."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """Return a name with its middle hidden: 张三 as 张*, 张三丰 as 张*丰."""
    text = name.strip()
    if len(text) < 2:
        return "*" * len(text)
    if len(text) == 2:
        return f"{text[0]}*"
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_phone(phone: str) -> str:
    """Return a mobile number as 138****5678; of any other number only the last four remain."""
    text = "".join(phone.split())
    if len(text) == 11 and text.isdigit() and text.startswith("1"):
        return f"{text[:3]}****{text[-4:]}"
    if len(text) < 8:
        return "*" * len(text)
    return "*" * (len(text) - 4) + text[-4:]


def mask_id_number(number: str) -> str:
    """Return an identity number as 370705********123X: the birth date is hidden."""
    text = "".join(number.split())
    if len(text) not in {15, 18}:
        return "*" * len(text)
    keep = 4 if len(text) == 18 else 3
    return f"{text[:6]}{'*' * (len(text) - 6 - keep)}{text[-keep:]}"


def mask_address(address: str, community: str) -> str:
    """Return only the community of an address; what lies below it is hidden."""
    return f"{community}****" if address.strip() else ""
