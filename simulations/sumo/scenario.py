"""What a .sumocfg names, read as SUMO reads it."""
import os
import xml.etree.ElementTree as ET
from pathlib import Path

from sumolib.miscutils import openz, parseTime

# Longest run of a scenario without an end, s: with nobody teleported a net that locks up is never empty.
LONGEST = 86_400


class Unusable(Exception):
    """Why a scenario cannot be read: which file, and what would be right."""


class Scenario:
    """A .sumocfg and what it names; raises Unusable.

    config: the file; net: the net's file; additional: names of the additional files; files: all files it names;
    begin: s; end: s, or None where it ends when the last vehicle has arrived.
    """

    def __init__(self, path):
        found = sorted(Path(path).glob("*.sumocfg")) if Path(path).is_dir() else [Path(path)]
        if len(found) != 1 or not found[0].is_file():
            raise Unusable(f"{path}: name a folder with one .sumocfg, or that file")
        self.config = found[0]
        try:
            self.root = ET.parse(self.config).getroot()
        except ET.ParseError as error:
            raise Unusable(f"{self.config}: {error}") from error
        net = self.names("net-file", "net", "n")
        if not net:
            raise Unusable(f"{self.config}: net-file is missing")
        self.net = Path(net[0])
        self.additional = self.names("additional-files", "additional", "a")
        self.files = [self.config, self.net, *map(Path, self.additional + self.names("route-files", "routes", "r"))]
        for file in self.files:
            if not file.is_file():
                raise Unusable(f"{file}: no such file, which {self.config.name} names")
        self.begin = self.time("begin", "b") or 0
        end = self.time("end", "e")
        self.end = None if end is None or end < 0 else end

    def value(self, *tags):
        """The value of an option by any of its names."""
        return next((e.get("value", e.get("v")) for tag in tags for e in self.root.iter(tag)), None)

    def names(self, *tags):
        """The files of an option, told from where the .sumocfg lies; ${NAME} is the environment's."""
        words = os.path.expandvars(self.value(*tags) or "").split(",")
        return [str(self.config.parent / word.strip()) for word in words if word.strip()]

    def time(self, *tags):
        """Seconds, or None: SUMO also takes hours, minutes and seconds with colons."""
        text = self.value(*tags)
        try:
            return None if text is None else parseTime(text)
        except ValueError as error:
            raise Unusable(f"{self.config}: {tags[0]} is {text}; seconds or HH:MM:SS would be right") from error


def programs(file):
    """The signal programs in a net or an additional file, which may be compressed, as elements with phases."""
    try:
        with openz(str(file), "rb") as text:
            return [logic for logic in ET.parse(text).getroot().iter("tlLogic") if logic.find("phase") is not None]
    except ET.ParseError as error:
        raise Unusable(f"{file}: {error}") from error
