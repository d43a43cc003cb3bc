"""What stands in a report: well-formed, every number that of the results, every word in its language."""
import json
import math
import re
import statistics
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import pages

FIXED = "fixed plan"
# Student's t for 95 % and two degrees of freedom: three seeds.
T = 4.302653


def shown(value, places=1):
    """As the page writes a number: halves away from zero, as nobody else does."""
    scaled = math.floor(abs(value) * 10 ** places + 0.5) / 10 ** places
    return f"{'-' if value < 0 and scaled > 0 else ''}{scaled:.{places}f}"


def signed(value):
    text = shown(abs(value))
    return text if float(text) == 0 else ("−" if value < 0 else "+") + text


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="report-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.files = pages.simulate(cls.folder)
        cls.results = [json.loads(file.read_text()) for file in cls.files]
        cls.roots = {lang: ET.parse(pages.report(cls.folder, cls.files, lang)).getroot() for lang in ("en", "zh")}
        cls.controls = [run["contender"] for run in cls.results[0]["runs"]]
        cls.outline = cls.results[0]["junctions"][0]

    def runs(self, control):
        return [next(r for r in result["runs"] if r["contender"] == control) for result in self.results]

    def mean(self, control, value):
        known = [v for v in map(value, self.runs(control)) if v is not None]
        return statistics.mean(known) if known else None

    def differences(self, control, value):
        return [value(a) - value(b) for a, b in zip(self.runs(control), self.runs(FIXED))
                if value(a) is not None and value(b) is not None]

    def cells(self, lang="en"):
        return {cell.get("data-is"): "".join(cell.itertext()) for cell in self.roots[lang].iter("td")
                if cell.get("data-is")}

    def group(self, position):
        return lambda run: run["score"]["junctions"][0]["laneGroups"][position]["performance"]

    def expected(self, field):
        """What the results say about the figure that a cell claims to show."""
        kind, *rest = field.split("/")
        network = lambda run: run["score"]["performance"]
        if kind in ("delay", "delay95", "stops"):
            return shown(self.mean(rest[0], lambda r: network(r)[kind]), 2 if kind == "stops" else 1)
        if kind in ("vehicles", "completed", "neverEntered"):
            name = "due" if kind == "vehicles" else kind
            return shown(self.mean(rest[0], lambda r: network(r)[name]), 0)
        if kind == "plans":
            return shown(self.mean(rest[0], lambda r: r["plans"]), 0)
        if kind in ("n", "pairs"):
            return "3" if kind == "n" or rest[0] != FIXED else "–"
        if kind in ("difference", "half"):
            return self.difference(rest[0], lambda r: network(r)["delay"], kind) if rest[0] != FIXED else "–"
        if kind == "peopleWait":
            return shown(self.mean(rest[0], self.people_wait))
        if kind in ("delays", "waits") and len(rest) == 2:
            return shown(self.mean(rest[1], lambda r: r["score"][kind][rest[0]]))
        if kind in ("delays", "queues"):
            return self.series(kind, rest[0], rest[2], int(rest[3]))
        if kind == "lane":
            return self.lane(rest[0], int(rest[2]))
        if kind == "flow":
            # 900 s are scored.
            return shown(self.mean(rest[0], lambda r: self.group(int(rest[2]))(r)["due"] * 4), 0)
        if kind in ("wait", "people"):
            crossing = lambda r: r["score"]["junctions"][0]["crossings"][int(rest[2])]
            wait = lambda r: crossing(r)["wait"] if crossing(r)["people"] else None
            value = self.mean(rest[0], wait if kind == "wait" else lambda r: crossing(r)["people"])
            return shown(value, 1 if kind == "wait" else 0)
        if kind == "split":
            return shown(100 * self.split(rest[0], int(rest[2]), int(rest[3])))
        if kind in ("start", "green"):
            return shown(self.runs(rest[0])[0]["courses"][0]["stages"][kind][int(rest[2])])
        return None

    def difference(self, control, value, kind):
        differences = self.differences(control, value)
        if kind == "half":
            return shown(T * statistics.stdev(differences) / math.sqrt(len(differences)))
        return signed(statistics.mean(differences))

    def people_wait(self, run):
        crossings = run["score"]["junctions"][0]["crossings"]
        people = sum(c["people"] for c in crossings)
        return sum(c["wait"] * c["people"] for c in crossings) / people

    def series(self, kind, control, approach, interval):
        groups = [n for n, g in enumerate(self.outline["laneGroups"]) if g["approach"] == approach]
        minutes = slice(5 * interval, 5 * interval + 5)
        courses = [[run["courses"][0]["laneGroups"][g] for g in groups] for run in self.runs(control)]
        if kind == "queues":
            return shown(statistics.mean(statistics.mean(sum(v) for v in zip(*(g["queue"][minutes] for g in course)))
                                         for course in courses))
        number = sum(sum(g["departures"][minutes]) for course in courses for g in course)
        return shown(sum(sum(g["delay"][minutes]) for course in courses for g in course) / number) if number else "–"

    def lane(self, control, position):
        performance = self.group(position)
        delay = self.mean(control, lambda r: performance(r)["delay"] if performance(r)["due"] else None)
        if not self.outline["laneGroups"][position]["isSignalled"]:
            return f"– {shown(delay)} –" if delay is not None else "– – –"
        capacity = lambda r: r["courses"][0]["laneGroups"][position]["capacity"]
        saturation = self.mean(control, lambda r: performance(r)["due"] / capacity(r))
        level = "F" if saturation > 1 else next(
            (name for name, limit in zip("ABCDE", (10, 20, 35, 55, 80)) if delay <= limit), "F")
        return f"{shown(saturation, 2)} {shown(delay)} {level}"

    def split(self, control, interval, stage):
        shares = []
        for run in self.runs(control):
            stages = run["courses"][0]["stages"]
            shares.append(sum(max(0, min(start + green, 300 * interval + 300) - max(start, 300 * interval)) / 300
                              for s, start, green in zip(stages["stage"], stages["start"], stages["green"])
                              if s == stage))
        return statistics.mean(shares)

    def test_every_number_of_the_tables_is_that_of_the_results(self):
        cells = self.cells()
        kinds = {}
        for field, text in cells.items():
            if field.split("/")[0] in ("seeds", "group", "crossing"):
                continue
            expected = self.expected(field)
            self.assertIsNotNone(expected, f"{field} is not known to this test")
            kinds[field.split("/")[0]] = kinds.get(field.split("/")[0], 0) + 1
            if re.fullmatch(r"[−+-]?[0-9.]+", text) and re.fullmatch(r"[−+-]?[0-9.]+", expected):
                # The last place may fall either way where sums are taken in another order.
                value = lambda t: float(t.replace("−", "-"))
                last = 10 ** -len(text.partition(".")[2])
                self.assertLessEqual(abs(value(text) - value(expected)), last * 1.01, field)
                self.assertEqual(len(text.partition(".")[2]), len(expected.partition(".")[2]), field)
            else:
                self.assertEqual(text, expected, field)
        self.assertEqual(sum(kinds.values()), len([f for f in cells if f.split("/")[0] not in
                                                   ("seeds", "group", "crossing")]))
        for kind in ("delay", "half", "delays", "queues", "lane", "wait", "split", "green", "waits", "flow"):
            self.assertGreater(kinds.get(kind, 0), 2, kind)

    def test_differences_of_lane_groups_and_crossings_carry_their_intervals(self):
        best = min((c for c in self.controls if c != FIXED),
                   key=lambda c: self.mean(c, lambda r: r["score"]["performance"]["delay"]))
        cells, checked = self.cells(), 0
        for position, group in enumerate(self.outline["laneGroups"]):
            performance = self.group(position)
            value = lambda r: performance(r)["delay"] if performance(r)["due"] else None
            for kind, name in (("difference", "mean"), ("half", "half")):
                text = cells[f"group/0/{name}/{group['name']}"]
                expected = self.difference(best, value, kind)
                self.assertAlmostEqual(float(text.replace("−", "-")), float(expected.replace("−", "-")), delta=0.11)
                checked += 1
        self.assertEqual(checked, 2 * len(self.outline["laneGroups"]))

    def test_the_numbers_are_the_same_in_both_languages(self):
        def numbers(lang):
            return {field: text for field, text in self.cells(lang).items() if not field.startswith("seeds")}
        self.assertEqual(numbers("en"), numbers("zh"))

    def test_every_word_is_in_the_language_of_the_page(self):
        names = {pages.NAME, "J001", "rush hour"}
        names |= {g["name"] for g in self.outline["laneGroups"]} | set(self.outline["crossings"])
        names |= {s["name"] for s in self.outline["stages"]} | set(self.outline["approaches"])
        for lang, foreign in (("zh", r"[A-Za-z]{2,}"), ("en", r"[\u3400-\u9fff]")):
            root = self.roots[lang]
            texts = [t for e in root.iter() if e.tag != "style" for t in (e.text, e.tail) if t]
            texts += [e.get("aria-label") for e in root.iter() if e.get("aria-label")]
            for text in texts:
                # HCM is HCM everywhere.
                text = re.sub("HCM", "", text)
                for name in sorted((n for n in names if len(n) > 1), key=len, reverse=True):
                    text = text.replace(name, "")
                self.assertIsNone(re.search(foreign, text), f"{lang}: {text!r}")

    def test_whoever_cannot_see_the_pictures_has_their_words_and_numbers(self):
        for root in self.roots.values():
            self.assertIn(root.get("lang"), ("en", "zh-Hans"))
            figures = list(root.iter("figure"))
            self.assertGreater(len(figures), 15)
            for figure in figures:
                drawing = figure.find("{http://www.w3.org/2000/svg}svg")
                self.assertTrue(drawing.get("aria-label"))
                self.assertEqual(drawing.get("role"), "img")
                self.assertTrue(list(figure.iter("table")), drawing.get("aria-label"))
            for table in root.iter("table"):
                self.assertTrue(all(th.get("scope") for th in table.iter("th")))

    def test_what_cannot_be_read_is_told_and_leaves_the_old_page_alone(self):
        page = self.folder / "kept.html"
        page.write_text("old")
        half = self.folder / "half.json"
        half.write_bytes(self.files[0].read_bytes()[:-500])
        said = pages.run("report", self.files[1], half, "--out", page, status=2)
        self.assertTrue(said.startswith(f"greensplit report: {half}: is not JSON after "), said)
        self.assertTrue(said.endswith("if it is half written, run greensplit simulate --json again\n"), said)
        said = pages.run("report", self.folder / "none.json", "--out", page, status=2)
        self.assertIn("none.json: No such file or directory", said)
        pages.run("report", self.files[0], "--out", page, "--lang", "fr", status=2)
        self.assertEqual(page.read_text(), "old")
        pages.run("report", self.files[0], "--out", self.folder / "none" / "page.html", status=1)
        self.assertEqual(list(self.folder.glob("*.new")), [])


if __name__ == "__main__":
    unittest.main()
