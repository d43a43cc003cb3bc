"""The handbook's commands."""
import os
import re

from machine import ROOT


def blocks(page, language="en"):
    """The ```sh blocks of a page, in order."""
    path = os.path.join(ROOT, "docs", "handbook", language, page)
    with open(path, encoding="utf-8") as text:
        return re.findall(r"```sh\n(.*?)```", text.read(), re.DOTALL)


def steps(page, language="en"):
    """The ```sh blocks of a page, each with the lines that a ```text block behind it promises."""
    path = os.path.join(ROOT, "docs", "handbook", language, page)
    with open(path, encoding="utf-8") as text:
        found = re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", text.read(), re.DOTALL)
    return [(script, promised.splitlines()) for script, promised in found]


def missing(promised, written):
    """The first promised line that was not written, in their order; … stands for anything."""
    lines = iter(written.splitlines())
    for promise in promised:
        pattern = ".*".join(re.escape(part) for part in promise.split("…"))
        if not any(re.fullmatch(pattern, line) for line in lines):
            return promise
    return None


def block(page, containing):
    """The one block of a page that has `containing` in it."""
    found = [text for text in blocks(page) if containing in text]
    assert len(found) == 1, f"{page}: {len(found)} blocks with {containing}"
    return found[0]
