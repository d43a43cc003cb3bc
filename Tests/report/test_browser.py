"""The page in a real browser: on a wide screen, on a phone, on paper."""
import re
import tempfile
import unittest
from pathlib import Path

import pages


class BrowserTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="report-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        files = pages.simulate(cls.folder)
        cls.pages = {lang: pages.report(cls.folder, files, lang) for lang in ("en", "zh")}
        assert pages.BROWSER, "no chromium: make browser installs it"

    def test_fits_wide_and_narrow_screens_and_no_text_lies_on_another(self):
        for lang, page in self.pages.items():
            for width in (1280, 390):
                for opened in (False, True):
                    with self.subTest(lang=lang, width=width, opened=opened):
                        found, console = pages.measure(self.folder, page, width, opened)
                        self.assertEqual(console, [])
                        self.assertEqual(found["width"], width)
                        self.assertLessEqual(found["scrollWidth"], width)
                        self.assertEqual(found["outside"], [])
                        self.assertEqual(found["overlaps"], [])
                        self.assertEqual(found["requests"], 0)
                        self.assertGreater(found["drawings"], 15)
                        self.assertIn("rush hour", found["title"])
                        # Letters of some 9 pixels at least, on the phone too.
                        self.assertGreater(found["smallest"], 9)

    def test_opened_by_itself_it_writes_nothing_to_the_console(self):
        for page in self.pages.values():
            output, log = pages.chromium("--window-size=1280,900", "--dump-dom", page.as_uri())
            self.assertEqual(pages.console(log), [])
            self.assertIn("</svg>", output)

    def test_the_console_is_looked_at(self):
        # A page that does what ours must not: the tests above would say so.
        page = self.folder / "bad.html"
        good = self.pages["en"].read_text()
        page.write_text(good.replace("</main>", '<img src="http://192.0.2.1/x.png"/></main>'))
        self.assertNotEqual(pages.measure(self.folder, page, 390)[1], [])

    def test_prints_on_a4(self):
        for lang, page in self.pages.items():
            paper = self.folder / f"{lang}.pdf"
            pages.chromium("--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
            content = paper.read_bytes()
            self.assertTrue(content.startswith(b"%PDF"))
            boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)
            self.assertIn(len(boxes), range(2, 12))
            for width, height in boxes:
                # 210 mm by 297 mm, in points.
                self.assertAlmostEqual(float(width), 595.3, delta=1)
                self.assertAlmostEqual(float(height), 841.9, delta=1)


if __name__ == "__main__":
    unittest.main()
