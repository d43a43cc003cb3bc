"""The console in a real browser, before a real daemon: what it shows is what the API says."""
import json
import re
import shutil
import time
import unittest

from playwright.sync_api import sync_playwright

from street import EVIL, Street

BROWSER = shutil.which("chromium")
ACCESS = """access:
  - {name: screen, role: viewer, token_file: screen}
  - {name: wang, role: operator, token_file: wang}
"""


def until(page, condition, seconds=30):
    """Waits for `condition`; the page's own policy lets no text be run in it, so it is asked from outside."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if page.evaluate(f"Boolean({condition})"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{condition}: {page.locator('body').inner_text()[:2000]}")


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert BROWSER, "no chromium: make browser installs it"
        cls.street = Street()
        cls.addClassCleanup(cls.street.close)
        cls.player = sync_playwright().start()
        cls.addClassCleanup(cls.player.stop)
        cls.browser = cls.player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)
        cls.street.wait(cls.street.is_controlled)

    def open(self, path="#/", locale="en-GB", scheme="light", width=1280, intercept=None, street=None):
        context = self.browser.new_context(
            locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900}, timezone_id="Asia/Shanghai")
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(30_000)
        self.trouble = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.trouble.append(request.url)
                if not request.url.startswith((self.street.address, "data:", (street or self.street).address)) else None)
        if intercept:
            intercept(page)
        page.goto(f"{(street or self.street).address}/{path}")
        return page

    def settled(self, page):
        until(page, "document.getElementById('live').textContent.match(/live|实时/)")

    def test_the_list_shows_what_the_api_says(self):
        page = self.open()
        self.settled(page)
        page.wait_for_selector("#rows tr:nth-child(3)")

        def same():
            told = self.street.json("/v1/junctions")
            modes = {mode["code"]: mode["words"]["en"] for mode in told["modes"]}
            kinds = {kind["code"]: kind["words"]["en"] for kind in told["trouble_kinds"]}
            shown = {}
            for row in page.locator("#rows tr").all():
                cells = row.locator("td").all_inner_texts()
                shown[row.locator("th a").inner_text()] = (
                    row.locator("th .name").inner_text(), cells[0], cells[1], cells[2])
            if sorted(shown) != [row["id"] for row in told["junctions"]]:
                return False
            for row in told["junctions"]:
                name, mode, troubles, saturation = shown[row["id"]]
                wanted = [kinds[t["kind"]] + (f" · {t['place']}" if t["place"] else "") for t in row["troubles"]]
                if (name != row["name"] or modes[row["mode"]] not in mode
                        or any(word not in troubles for word in wanted) or bool(wanted) != bool(troubles)
                        or saturation != f"{row['saturation']:.2f}"):
                    return False
            return True
        # Things change between two looks; within some seconds both must have been the same.
        self.street.wait(same, 20)
        self.assertEqual(self.trouble, [])

    def test_one_junction_is_live_and_shows_what_the_api_says(self):
        page = self.open("#/junction/J001")
        self.settled(page)
        seen = set()

        def look():
            told = self.street.json("/v1/junctions/J001")
            seen.add(page.locator("#one-stage").inner_text())
            groups = page.locator("#one-groups tr").count()
            running = told["running"]
            return (groups == len(told["lane_groups"]) == 12
                    and f"Stage {running['stage']} · " in page.locator("#one-stage").inner_text()
                    and [row.inner_text() for row in page.locator("#one-groups tr th").all()]
                    == [f"{g['name']}\n{g['approach']} · {g['lanes']}" for g in told["lane_groups"]]
                    and page.locator("#one-plan dd").first.inner_text().startswith(f"{told['plan']['sequence']}: ")
                    and [t.split(" ")[0] for t in page.locator("#one-lamps li").all_inner_texts()]
                    == [g["name"] for g in told["signal_groups"]]
                    and page.locator("#one-detectors tr").count() == len(told["health"]["detectors"]))
        self.street.wait(look, 30)
        # A second of the street is a tenth of ours: the text turns with it.
        self.street.wait(lambda: look() or len(seen) > 3, 20)
        self.street.wait(lambda: seen.add(page.locator("#one-stage").inner_text()) or len(seen) > 3, 20)
        self.assertGreater(page.locator("#one-day svg rect").count(), 0)
        self.assertEqual(self.trouble, [line for line in self.trouble if "404" in line])

    def test_names_and_reasons_are_text_and_nothing_else(self):
        for path in ("#/", "#/junction/J002"):
            page = self.open(path)
            until(page, "document.body.textContent.includes('J002')")
            time.sleep(1)
            self.assertNotIn("evil", page.title())
            self.assertEqual(page.locator("img").count(), 0)
        page = self.open("#/junction/J002")
        until(page, f"document.getElementById('one-title').textContent === {json.dumps('J002 ' + EVIL)}")
        words = {"en": EVIL, "zh": EVIL}
        report = {"id": EVIL, "junction": EVIL, "action": "stage", "words": words, "before": words, "who": EVIL, "reason": EVIL,
                  "begins": "2026-11-24T00:00:00Z", "ready": "2026-11-24T00:00:00Z", "ends": "2026-11-24T00:30:00Z"}
        page = self.open("#/overrides", intercept=lambda page: page.route(
            "**/v1/overrides", lambda route: route.fulfill(json={"overrides": [report]})))
        page.wait_for_selector("#all-overrides tbody tr")
        self.assertEqual(page.locator("img").count(), 0)
        self.assertIn(EVIL, page.locator("#all-overrides tbody").inner_text())
        self.assertNotIn("evil", page.title())
        # Even who could run script in the page could not turn text into markup.
        refused = page.evaluate("""() => { try { document.body.innerHTML = '<b>x</b>'; return false; }
            catch (error) { return error instanceof TypeError; } }""")
        self.assertTrue(refused)

    def test_fits_every_width_in_both_languages_and_colours(self):
        for width in (1280, 390, 320):
            for locale, lang in (("en-GB", "en"), ("zh-CN", "zh-Hans"), ("de-DE", "en")):
                for scheme in ("light", "dark"):
                    for path in ("#/", "#/junction/J001", "#/alarms"):
                        with self.subTest(width=width, locale=locale, scheme=scheme, path=path):
                            page = self.open(path, locale, scheme, width)
                            until(page, SHOWN[path])
                            self.assertEqual(page.evaluate("document.documentElement.lang"), lang)
                            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                            self.assertEqual(page.evaluate(CONTRAST), [])
                            page.context.close()

    def test_every_control_has_a_name_and_every_heading_its_place(self):
        for path in ("#/", "#/junction/J001", "#/alarms", "#/overrides"):
            page = self.open(path)
            page.wait_for_timeout(1500)
            self.assertEqual(page.evaluate(NAMELESS), [])
            self.assertEqual(page.locator("h1:visible").count(), 1)
            self.assertEqual(page.locator("main, header, nav >> visible=true").count() >= 3, True)
            self.assertEqual(page.evaluate("document.querySelectorAll('[id]').length"),
                             page.evaluate("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"))

    def test_works_with_the_keyboard_alone(self):
        page = self.open()
        self.settled(page)
        page.wait_for_selector("#rows tr")
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate("document.activeElement.className"), "skip")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "search":
                break
        page.keyboard.type("J003")
        until(page, "document.querySelectorAll('#rows tr').length === 1")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "J003":
                break
        page.keyboard.press("Enter")
        until(page, "document.getElementById('one-title').textContent.startsWith('J003')")
        self.assertEqual(page.evaluate("document.activeElement.id"), "main")
        # Focus stays while the page turns with each second.
        page.locator("#field-one-override-reason, #one-override").first.wait_for()
        page.locator("#language").focus()
        page.wait_for_timeout(2500)
        self.assertEqual(page.evaluate("document.activeElement.id"), "language")
        page.keyboard.press("Enter")
        until(page, "document.documentElement.lang === 'zh-Hans'")
        self.assertEqual(page.locator("nav a").first.inner_text(), "路口")

    def test_filters_by_mode_and_trouble(self):
        page = self.open()
        self.settled(page)
        page.wait_for_selector("#modes button")
        page.locator("#modes button", has_text="isolated adaptive").click()
        until(page, "document.querySelectorAll('#rows tr').length === 3")
        self.assertEqual(page.locator("#modes button[aria-pressed=true]").inner_text(), "isolated adaptive 3")
        page.locator("#search").fill("nothing of the kind")
        until(page, "document.querySelectorAll('#rows tr').length === 0")
        self.assertEqual(page.locator("#found").inner_text(), "0 of 3 junctions")

    def test_says_plainly_where_overrides_are_not_offered(self):
        page = self.open("#/overrides", intercept=lambda page: page.route(
            "**/v1/overrides", lambda route: route.fulfill(status=404, json={"error": "no such page"})))
        until(page, "document.getElementById('all-overrides').textContent === 'Overrides are not offered by this daemon.'")
        self.assertTrue(page.locator("#new-override").is_hidden())

    def test_an_override_is_shown_before_it_is_done(self):
        sent = []

        def answer(route):
            if route.request.method == "GET":
                return route.fulfill(json={"overrides": []})
            body = route.request.post_data_json
            sent.append(body)
            return route.fulfill(json={
                "id": None if body["dry_run"] else "7", "dry_run": body["dry_run"], "from": "2026-11-24T00:00:00Z",
                "until": "2026-11-24T00:30:00Z", "takes_over": [],
                "overrides": [{"junction": "J001", "words": {"en": "holds stage B", "zh": "锁定阶段B"}}]})
        page = self.open("#/junction/J001", intercept=lambda page: page.route("**/v1/overrides", answer))
        form = page.locator("#one-override form")
        form.locator("select").nth(1).select_option("B")
        act = form.get_by_role("button", name="Do it")
        self.assertTrue(act.is_disabled())
        form.get_by_role("button", name="Show what it would do").click()
        self.assertEqual(sent, [], "a reason is needed")
        form.get_by_label("Reason (is recorded)").fill("road works")
        form.get_by_role("button", name="Show what it would do").click()
        form.locator(".answer", has_text="J001: holds stage B").wait_for()
        # What was changed since must be shown again.
        form.get_by_label("Reason (is recorded)").fill("fire brigade")
        self.assertTrue(act.is_disabled())
        form.get_by_role("button", name="Show what it would do").click()
        act.and_(page.locator(":enabled")).click()
        form.locator(".answer", has_text="Done.").wait_for()
        self.assertEqual([one["dry_run"] for one in sent], [True, True, False])
        self.assertEqual(sent[2], {"action": "stage", "junctions": ["J001"], "stage": "B", "minutes": 30,
                                   "reason": "fire brigade", "dry_run": False, "take_over": False})


class AdvisoryTests(unittest.TestCase):
    def test_junctions_that_are_only_advised_on_are_told_apart_and_are_no_alarm(self):
        street = Street("mode: advise\ncontrol: [J001]\n")
        self.addCleanup(street.close)
        wanted = {"J001": "isolated", "J002": "advisory", "J003": "advisory"}
        street.wait(lambda: {row["id"]: row["mode"] for row in street.json("/v1/junctions")["junctions"]} == wanted)
        metrics = street.ask("/metrics")[2]
        for junction, mode in wanted.items():
            self.assertIn(f'greensplit_junction_advised{{junction="{junction}"}} {int(mode == "advisory")}\n',
                          metrics.replace(".0\n", "\n"))
        # Past the time in which the daemon settles, after which alarms are raised.
        time.sleep(12)
        self.assertNotIn("advisory", [alarm["kind"] for alarm in street.json("/v1/alarms")["alarms"]])
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            for locale, words in (("en-GB", "advisory 2"), ("zh-CN", "建议模式 2")):
                page = browser.new_page(locale=locale)
                page.goto(street.address)
                page.locator("#modes button", has_text=words).click()
                until(page, "document.querySelectorAll('#rows tr').length === 2")
                self.assertEqual(page.locator("#rows a").all_inner_texts(), ["J002", "J003"])
            browser.close()


class TokenTests(unittest.TestCase):
    def test_with_tokens_the_page_asks_for_one_and_shows_nothing_before(self):
        street = Street(ACCESS)
        self.addCleanup(street.close)
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            page = browser.new_page(locale="en-GB")
            page.goto(street.address)
            until(page, "document.getElementById('notice').textContent.includes('A token is needed')")
            self.assertEqual(page.locator("#rows tr").count(), 0)
            page.get_by_role("button", name="Sign in").first.click()
            page.get_by_label("Token").fill("screen-secret")
            page.keyboard.press("Enter")
            until(page, "document.querySelectorAll('#rows tr').length === 3")
            self.assertTrue(page.locator("#notice").is_hidden())
            # It is not where other pages of the machine, or the next who opens the browser, find it.
            self.assertEqual(page.evaluate("JSON.stringify(localStorage)").find("secret"), -1)
            page.get_by_role("button", name="Sign out").click()
            until(page, "document.getElementById('notice').textContent.includes('A token is needed')")
            browser.close()

    def test_an_operator_places_an_override_and_ends_it(self):
        street = Street(ACCESS)
        self.addCleanup(street.close)
        street.wait(lambda: street.is_controlled("screen"))
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            page = browser.new_page(locale="en-GB")
            page.goto(f"{street.address}/#/junction/J001")
            page.get_by_role("button", name="Sign in").first.click()
            page.get_by_label("Token").fill("wang-secret")
            page.keyboard.press("Enter")
            form = page.locator("#one-override form")
            form.locator("select").nth(1).select_option("B")
            form.get_by_label("Reason (is recorded)").fill("fire <b>brigade</b>")
            form.get_by_role("button", name="Show what it would do").click()
            form.locator(".answer", has_text="J001: ").wait_for()
            self.assertEqual(self.overrides(street), [])
            form.get_by_role("button", name="Do it").click()
            form.locator(".answer", has_text="Done.").wait_for()
            [placed] = self.overrides(street)
            self.assertEqual((placed["junction"], placed["action"], placed["reason"]),
                             ("J001", "stage", "fire <b>brigade</b>"))
            self.assertTrue(placed["who"].startswith("wang"))
            page.goto(f"{street.address}/#/overrides")
            row = page.locator("#all-overrides tbody tr")
            row.get_by_text("fire <b>brigade</b>").wait_for()
            row.get_by_role("button").click()
            until(page, "document.getElementById('all-overrides').textContent === 'Nothing to show.'")
            self.assertEqual(self.overrides(street), [])
            browser.close()

    def overrides(self, street):
        return street.json("/v1/overrides", "screen")["overrides"]


# When each view is there.
SHOWN = {
    "#/": "document.querySelectorAll('#rows tr').length === 3",
    "#/junction/J001": "document.querySelectorAll('#one-groups tr').length === 12 && document.querySelector('#one-day svg')",
    "#/alarms": "document.getElementById('all-alarms').textContent",
}

# Texts whose contrast with what is behind them is under 4.5 to 1 (WCAG 2.2, 1.4.3).
CONTRAST = r"""() => {
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!isText || !element.offsetHeight || element.disabled || element.closest('svg, [hidden]')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([element.textContent.slice(0, 30), ratio]);
  }
  return found;
}"""

# Controls that a screen reader could not name.
NAMELESS = """() => [...document.querySelectorAll('a, button, input, select, textarea')]
  .filter((element) => element.offsetHeight && !element.textContent.trim() && !element.getAttribute('aria-label')
    && !(element.labels && [...element.labels].some((label) => label.textContent.trim())))
  .map((element) => element.outerHTML)"""


if __name__ == "__main__":
    unittest.main()
