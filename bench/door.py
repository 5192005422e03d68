"""Report through the public door as a browser would: form, cookie and tokens, then the post."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

INPUT = re.compile(r"<input[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'(name|value|type)="([^"]*)"')
PATH = "/report/"


@dataclass
class Answer:
    """What came back on a report."""

    status: int
    body: str

    @property
    def number(self) -> str:
        """Return the case number on the page or in its address, or blank."""
        found = re.search(r"\b(\d{13,})\b", self.body)
        return found.group(1) if found else ""


class Client:
    """One browser that keeps its connection and cookies."""

    def __init__(self, port: int, timeout: float = 20) -> None:
        self.port, self.timeout = port, timeout
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.hidden: dict[str, str] = {}

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace") + (answer.getheader("Location") or "")
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(answer.status, text)

    def open_form(self) -> None:
        """Fetch the form and keep its hidden fields."""
        page = self._ask("GET", PATH)
        for tag in INPUT.findall(page.body):
            values = dict(ATTRIBUTE.findall(tag))
            if values.get("type") == "hidden" and "name" in values:
                self.hidden[values["name"]] = values.get("value", "")

    def report(self, fields: dict[str, str]) -> Answer:
        """Send one report; raises OSError or http.client.HTTPException where it got lost."""
        return self._ask("POST", PATH, urlencode({**self.hidden, **fields}))

    def reconnect(self) -> None:
        """Forget a broken connection."""
        self.connection.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
