"""The handbook's commands."""
import os
import re

from machine import ROOT


def blocks(page, language="en"):
    """The ```sh blocks of a page, in order."""
    path = os.path.join(ROOT, "docs", "handbook", language, page)
    with open(path, encoding="utf-8") as text:
        return re.findall(r"```sh\n(.*?)```", text.read(), re.DOTALL)


def block(page, containing):
    """The one block of a page that has `containing` in it."""
    found = [text for text in blocks(page) if containing in text]
    assert len(found) == 1, f"{page}: {len(found)} blocks with {containing}"
    return found[0]
