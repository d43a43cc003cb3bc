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


class RoadTests(unittest.TestCase):
    """The street of three junctions: its time-space diagrams."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="road-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.history = cls.folder / "history.db"
        pages.run("simulate", pages.ROOT / "simulations/arterial.yaml", "--pace", "cycle", "--alone",
                  "--history", cls.history)
        cls.report("--json", cls.folder / "day.json")
        cls.roads = json.loads((cls.folder / "day.json").read_text())["timeSpace"]

    @classmethod
    def report(cls, *words, lang="en", status=0):
        return pages.run("report", "--day", DATE, "--history", cls.history, "--out", cls.folder / f"{lang}.html",
                         "--lang", lang, *words, status=status)

    def test_both_directions_have_a_road_past_all_three_and_bands_hold_what_greens_say(self):
        ways = [[stop["junction"] for stop in road["stops"]] for road in self.roads]
        self.assertIn(["J001", "J002", "J003"], ways)
        self.assertIn(["J003", "J002", "J001"], ways)
        for road in self.roads:
            self.assertIsNone(road["missing"])
            self.assertEqual(road["from"], 7 * 3600 + 900)
            start, within = road["from"] + 0.25, 0
            while start < road["from"] + 900:
                passes = all(any(begin <= start + stop["travelTime"] < end for begin, end in stop["greens"])
                             for stop in road["stops"])
                self.assertEqual(passes, any(begin <= start < end for begin, end in road["bands"]))
                within += passes
                start += 0.5
            self.assertAlmostEqual(road["efficiency"], within / 1800, delta=0.02)

    def test_the_diagrams_begin_when_it_is_asked_for(self):
        self.report("--json", self.folder / "later.json", "--time-space", "07:40")
        for road in json.loads((self.folder / "later.json").read_text())["timeSpace"]:
            self.assertEqual(road["from"], 7 * 3600 + 2400)
        self.report("--json", self.folder / "none.json", "--time-space", "12:00")
        for road in json.loads((self.folder / "none.json").read_text())["timeSpace"]:
            self.assertEqual((road["efficiency"], road["bands"]), (None, []))
            self.assertTrue(road["missing"])
        self.assertIn("07:30", self.report("--time-space", "25:00", status=2))

    @unittest.skipUnless(pages.BROWSER, "no chromium: make browser installs it")
    def test_fits_wide_and_narrow_screens(self):
        for lang in ("en", "zh"):
            self.report(lang=lang)
            for width in (1280, 390):
                with self.subTest(lang=lang, width=width):
                    found, console = pages.measure(self.folder, self.folder / f"{lang}.html", width, opened=True)
                    self.assertEqual((console, found["outside"], found["overlaps"]), ([], [], []))
                    self.assertLessEqual(found["scrollWidth"], width)


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

    def test_arms_weigh_their_lane_groups_by_vehicles(self):
        cells = self.cells()
        for arm in self.junction["approaches"]:
            groups = [g for g in self.junction["laneGroups"]
                      if g["approach"] == arm["name"] and g["delay"]["missing"] != "no signal holds it"]
            flow = sum(g["vehicles"]["hours"][7] for g in groups)
            for measure in ("saturation", "delay"):
                mean = sum(g[measure]["hours"][7] * g["vehicles"]["hours"][7] for g in groups) / flow
                self.assertAlmostEqual(arm[measure]["hours"][7], mean, delta=0.01)
            self.assertAlmostEqual(arm["vehicles"]["hours"][7], flow, delta=0.01)
            level = "ABCDEF"[sum(arm["delay"]["hours"][7] > most for most in (10, 20, 35, 55, 80))]
            self.assertEqual(arm["level"]["hours"][7], level)
            self.assertEqual(cells[f"level/approach/J001/{arm['name']}/7"], level)

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
