"""A page that compares recorded days: its figures those of the file, nothing claimed of too little, in a browser."""
import json
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import pages

# Simulated days begin on the second day of the epoch, a Friday; the fortnight has one that was recorded.
DAYS = "1970-01-02..1970-01-15"
CLAIMS = {"en": {"tooFewPairs": "too few days", "notMeasured": "not measured"},
          "zh": {"tooFewPairs": "天数太少", "notMeasured": "未测得"}}


class DaysTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="days-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.history = cls.folder / "history.db"
        pages.run("simulate", pages.ROOT / "simulations/arterial.yaml", "--pace", "stage", "--alone",
                  "--history", cls.history)
        cls.pages = {}
        for lang in ("en", "zh"):
            cls.pages[lang] = cls.folder / f"{lang}.html"
            cls.report("--out", cls.pages[lang], "--json", cls.folder / "days.json", "--lang", lang)
        cls.comparison = json.loads((cls.folder / "days.json").read_text())

    @classmethod
    def report(cls, *words, days=DAYS, status=0):
        return pages.run("report", "--days", days, "--history", cls.history, *words, status=status)

    def cells(self, lang):
        return {cell.get("data-is"): "".join(cell.itertext())
                for cell in ET.parse(self.pages[lang]).getroot().iter("td") if cell.get("data-is")}

    def test_the_record_tells_the_regime_and_days_without_a_record_have_none(self):
        self.assertEqual(self.comparison["format"], "greensplit-comparison-1")
        self.assertEqual(self.comparison["gaps"], [])
        every = self.comparison["scopes"][0]
        self.assertEqual([day["date"] for day in every["days"]],
                         [f"1970-01-{day:02}" for day in range(2, 16)])
        self.assertEqual(every["days"][0]["weekday"], 5)
        self.assertEqual(every["days"][0]["regime"], "adaptive")
        self.assertGreater(every["days"][0]["adaptiveShare"], 0.9)
        self.assertTrue(all(day.get("regime") is None for day in every["days"][1:]))
        self.assertEqual(len(self.comparison["scopes"]), 4)

    def test_nothing_is_claimed_of_one_day(self):
        for scope in self.comparison["scopes"]:
            self.assertEqual(scope["pairs"], [])
            for measure in scope["measures"]:
                self.assertEqual((measure["claim"], measure["difference"], measure["half"]),
                                 ("notMeasured", None, None))
        for lang in ("en", "zh"):
            cells = self.cells(lang)
            self.assertEqual(cells["difference/all/delay"], "–")
            self.assertEqual(cells["claim/all/delay"], CLAIMS[lang]["notMeasured"])

    def test_what_a_person_says_goes_before_the_record(self):
        self.report("--out", self.folder / "said.html", "--json", self.folder / "said.json",
                    "--fixed", "1970-01-02", "--without", "1970-01-03,1970-01-04")
        days = json.loads((self.folder / "said.json").read_text())["scopes"][0]["days"]
        self.assertEqual((days[0]["regime"], days[0]["isSaid"]), ("fixed", True))
        self.assertEqual(len(days), 12)

    def test_dates_that_make_no_sense_are_refused(self):
        page = self.folder / "none.html"
        for days, more, told in (
                ("1970-01-02", (), "expected two dates"),
                ("1970-01-15..1970-01-02", (), "expected two dates"),
                ("1970-01-02..1972-01-02", (), "at most 366 days"),
                (DAYS, ("--without", "1970-02-01"), "expected a date within --days"),
                (DAYS, ("--fixed", "1970-01-02", "--adaptive", "1970-01-02"), "named by both"),
                ("1971-01-02..1971-01-15", (), "nothing was recorded")):
            with self.subTest(days=days, more=more):
                self.assertIn(told, self.report("--out", page, *more, days=days, status=2))
        self.assertFalse(page.exists())

    @unittest.skipUnless(pages.BROWSER, "no chromium: make browser installs it")
    def test_fits_wide_and_narrow_screens(self):
        for lang, page in self.pages.items():
            for width in (1280, 390):
                with self.subTest(lang=lang, width=width):
                    found, console = pages.measure(self.folder, page, width, opened=True)
                    self.assertEqual(console, [])
                    self.assertLessEqual(found["scrollWidth"], width)
                    self.assertEqual(found["requests"], 0)


if __name__ == "__main__":
    unittest.main()
