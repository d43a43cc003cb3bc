"""A page about a recorded day: well-formed, its figures those of the file, in a browser as on paper."""
import json
import math
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import pages

# Simulated days begin on the second day of the epoch.
DATE = "1970-01-02"


def shown(value, places=1):
    if value is None:
        return "–"
    scaled = math.floor(abs(value) * 10 ** places + 0.5) / 10 ** places
    return f"{'-' if value < 0 and scaled > 0 else ''}{scaled:.{places}f}"


class DayTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="day-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        history = cls.folder / "history.db"
        pages.run("simulate", pages.ROOT / "simulations/rush-hour.yaml", "--pace", "stage", "--alone",
                  "--history", history)
        cls.pages = {}
        for lang in ("en", "zh"):
            cls.pages[lang] = cls.folder / f"{lang}.html"
            pages.run("report", "--day", DATE, "--history", history, "--out", cls.pages[lang],
                      "--json", cls.folder / "day.json", "--lang", lang)
        cls.day = json.loads((cls.folder / "day.json").read_text())
        cls.junction = cls.day["junctions"][0]
        cls.roots = {lang: ET.parse(page).getroot() for lang, page in cls.pages.items()}

    def cells(self, lang="en"):
        return {cell.get("data-is"): "".join(cell.itertext()) for cell in self.roots[lang].iter("td")
                if cell.get("data-is")}

    def test_figures_are_those_of_the_file_in_both_languages(self):
        for lang in ("en", "zh"):
            cells = self.cells(lang)
            for group in self.junction["laneGroups"]:
                for hour in ["day"] + self.junction["peakHours"]:
                    def value(measure):
                        figure = group[measure]
                        return figure["day"] if hour == "day" else figure["hours"][hour]
                    place = f"J001/{group['name']}/{hour}"
                    self.assertEqual(cells[f"vehicles/{place}"], shown(value("vehicles"), 0))
                    self.assertEqual(cells[f"delay/{place}"], shown(value("delay")))
                    self.assertEqual(cells[f"level/{place}"], value("level") or "–")

    def test_the_hour_is_measured_and_makes_sense(self):
        self.assertEqual(self.day["format"], "greensplit-day-1")
        self.assertEqual(self.day["gaps"], [])
        self.assertEqual(self.junction["peakHours"], [7])
        self.assertEqual(self.junction["manual"]["interventions"]["hours"][7], 0)
        signalled = [g for g in self.junction["laneGroups"] if g["delay"]["missing"] != "no signal holds it"]
        self.assertGreater(len(signalled), 6)
        for group in signalled:
            self.assertGreater(group["vehicles"]["hours"][7], 50)
            self.assertTrue(0 < group["saturation"]["hours"][7] < 1.3, group)
            self.assertTrue(0 < group["delay"]["hours"][7] < 120, group)
            self.assertTrue(0 <= group["arrivalsOnGreen"]["hours"][7] <= 1, group)
        for stage in self.junction["stages"]:
            ended = sum(stage[kind]["hours"][7] for kind in ("maxOut", "minimum", "early", "fixedPlan"))
            self.assertEqual(ended, stage["greens"]["hours"][7])
        self.assertGreater(len(self.junction["coordination"]), 2)

    def test_what_is_missing_is_null_beside_its_reason(self):
        def figures(value):
            if isinstance(value, dict):
                if "missing" in value:
                    yield value
                for inner in value.values():
                    yield from figures(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from figures(inner)
        found = list(figures(self.day))
        self.assertGreater(len(found), 50)
        for figure in found:
            self.assertEqual(len(figure["hours"]), 24)
            if None in figure["hours"] or figure["day"] is None:
                self.assertTrue(figure["missing"], figure)
        # The run ends at ten past eight: nothing is said of the hours after.
        self.assertIsNone(self.junction["manual"]["interventions"]["hours"][9])

    def test_a_date_or_a_junction_that_is_not_there_is_refused(self):
        history = self.folder / "history.db"
        page = self.folder / "none.html"
        refused = pages.run("report", "--day", "1970-01-05", "--history", history, "--out", page, status=2)
        self.assertIn("nothing was recorded on that day", refused)
        refused = pages.run("report", "--day", DATE, "--sites", "J999", "--history", history, "--out", page, status=2)
        self.assertIn("J999", refused)
        self.assertFalse(page.exists())

    @unittest.skipUnless(pages.BROWSER, "no chromium: make browser installs it")
    def test_fits_wide_and_narrow_screens_and_no_text_lies_on_another(self):
        for lang, page in self.pages.items():
            for width in (1280, 390):
                with self.subTest(lang=lang, width=width):
                    found, console = pages.measure(self.folder, page, width, opened=True)
                    self.assertEqual(console, [])
                    self.assertLessEqual(found["scrollWidth"], width)
                    self.assertEqual(found["outside"], [])
                    self.assertEqual(found["overlaps"], [])
                    self.assertEqual(found["requests"], 0)
                    self.assertGreater(found["drawings"], 3)


if __name__ == "__main__":
    unittest.main()
