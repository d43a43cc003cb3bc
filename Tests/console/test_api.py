"""What docs/openapi.yaml and docs/alerts.yaml promise, held against a real daemon."""
import json
import re
import shutil
import subprocess
import time
import unittest
import urllib.error
import urllib.request

import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from prometheus_client.parser import text_string_to_metric_families
from schemathesis.specs.openapi.checks import positive_data_acceptance

from street import ROOT, Street

ACCESS = """access:
  - {name: screen, role: viewer, token_file: screen}
  - {name: wang, role: operator, token_file: wang}
  - {name: camera, role: counts, token_file: camera}
"""
PAGE = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())


class APITests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.street = Street(ACCESS)
        cls.addClassCleanup(cls.street.close)
        cls.street.wait(lambda: cls.street.is_controlled("screen"))

    def operations(self):
        for path, methods in PAGE["paths"].items():
            for method, operation in methods.items():
                yield path, method.upper(), operation

    def test_each_operation_answers_random_requests_as_the_page_says(self):
        schema = schemathesis.openapi.from_dict(PAGE)
        tried = set()
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path == "/v1/events":
                continue  # It does not end; see below.
            name = ("camera" if operation.path == "/v1/counts"
                    else "wang" if operation.path.startswith("/v1/overrides") else "screen")

            @settings(max_examples=60, deadline=None, database=None, derandomize=True,
                      phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
            @given(operation.as_strategy())
            def ask(case):
                # No schema can say that an interval ends after it starts, nor which stages a junction has and when
                # it was seen: such requests are refused as the page describes.
                is_free = operation.path.startswith(("/v1/counts", "/v1/overrides", "/v1/explain"))
                excluded = [positive_data_acceptance] if is_free else []
                case.call_and_validate(base_url=self.street.address, excluded_checks=excluded,
                                       headers={"Authorization": f"Bearer {name}-secret"})
            with self.subTest(operation=operation.label):
                ask()
                tried.add(operation.path)
        self.assertEqual(tried, set(PAGE["paths"]) - {"/v1/events"})

    def test_junctions_that_are_there_answer_as_the_page_says(self):
        schema = schemathesis.openapi.from_dict(PAGE)
        for path in ("/v1/junctions/{id}", "/v1/junctions/{id}/day"):
            for junction in ("J001", "J002", "J003"):
                case = schema[path]["GET"].Case(path_parameters={"id": junction})
                answer = case.call(base_url=self.street.address, headers={"Authorization": "Bearer screen-secret"})
                self.assertEqual(answer.status_code, 200)
                case.validate_response(answer)

    def test_every_page_wants_the_role_that_it_should(self):
        free = {"/health", "/"}
        for path, method, operation in self.operations():
            self.assertEqual(path in free, operation.get("security") == [{}], path)
            real = path.replace("{id}", "J001")
            wrong = "screen" if path == "/v1/counts" else "camera"
            body = b"[]" if method == "POST" else None
            for token, status in ((None, 401), ("guess", 401), (wrong, 403)):
                with self.subTest(path=path, token=token):
                    found, headers, text = self.street.ask(real, token, method, body)
                    if path in free:
                        self.assertEqual(found, 200)
                    else:
                        self.assertEqual(found, status)
                        self.assertIn("WWW-Authenticate", headers)
                        self.assertIn(str(status), operation["responses"])

    def test_events_are_those_that_the_page_describes(self):
        schema = schemathesis.openapi.from_dict(PAGE)
        for path, name, wanted in (("/v1/events", "junctions", "/v1/junctions"),
                                   ("/v1/events?junction=J001", "junction", "/v1/junctions/J001")):
            request = urllib.request.Request(self.street.address + path, headers={"Authorization": "Bearer screen-secret"})
            with urllib.request.urlopen(request, timeout=30) as stream:
                self.assertTrue(stream.headers["Content-Type"].startswith("text/event-stream"))
                text, begun = "", time.monotonic()
                while text.count("event: ") < 3:
                    text += stream.readline().decode()
                self.assertLess(time.monotonic() - begun, 20)
            self.assertEqual(set(re.findall(r"^event: (.*)$", text, re.M)), {name})
            told = json.loads(re.search(r"^data: (.*)$", text, re.M).group(1))
            self.assertLessEqual(set(told) - {"removed"}, set(self.street.json(wanted, "screen")))
        self.assertEqual(self.street.ask("/v1/events?junction=J999", "screen")[0], 404)

    def test_too_many_listeners_are_told_so_and_the_daemon_goes_on(self):
        request = urllib.request.Request(self.street.address + "/v1/events", headers={"Authorization": "Bearer screen-secret"})
        streams = [urllib.request.urlopen(request, timeout=30) for _ in range(60)]
        try:
            found = [self.street.ask("/v1/events?junction=J999", "screen")[0]]
            for _ in range(10):
                try:
                    streams.append(urllib.request.urlopen(request, timeout=30))
                except urllib.error.HTTPError as error:
                    found.append(error.code)
            self.assertEqual(found[0], 404)
            self.assertIn(429, found)
            self.assertEqual(self.street.ask("/v1/junctions", "screen")[0], 200)
        finally:
            for stream in streams:
                stream.close()
        # Those who have gone make room.
        self.street.wait(lambda: self.room(request), 30)

    def room(self, request):
        try:
            urllib.request.urlopen(request, timeout=30).close()
            return True
        except urllib.error.HTTPError:
            return False

    def test_metrics_are_read_by_prometheus_client_and_tell_what_the_api_tells(self):
        status, headers, text = self.street.ask("/metrics", "screen")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
        families = {family.name: family for family in text_string_to_metric_families(text)}
        self.assertGreater(len(families), 20)
        for family in families.values():
            self.assertIn(family.type, ("gauge", "counter"))
            self.assertTrue(family.documentation)
            self.assertRegex(family.name, r"^(greensplit|process)_[a-z_]+$")
            for sample in family.samples:
                self.assertEqual(sample.name.endswith("_total"), family.type == "counter", sample.name)
                self.assertLessEqual(set(sample.labels), {"junction", "mode", "kind", "version"})
        up = {s.labels["junction"]: s.value for s in families["greensplit_cabinet_up"].samples}
        self.assertEqual(up, {"J001": 1, "J002": 1, "J003": 1})
        modes = {s.labels["mode"]: s.value for s in families["greensplit_junctions"].samples}
        self.assertEqual(sum(modes.values()), 3)
        told = self.street.json("/v1/status", "screen")
        taken = sum(junction["counts"]["accepted"] for junction in told["junctions"])
        records = families["greensplit_count_records"].samples[0].value
        self.assertGreater(records, 100)
        self.assertLessEqual(records, taken * 1.2 + 500)
        self.assertEqual(families["greensplit_history_up"].samples[0].value, 1)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is in Debian's package prometheus, which is large")
    def test_alert_rules_are_rules_to_prometheus(self):
        done = subprocess.run(["promtool", "check", "rules", ROOT / "docs" / "alerts.yaml"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_alert_rules_ask_for_measurements_that_are_there(self):
        rules = yaml.safe_load((ROOT / "docs" / "alerts.yaml").read_text())
        text = self.street.ask("/metrics", "screen")[2]
        names = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
        alerts = [rule for group in rules["groups"] for rule in group["rules"]]
        self.assertGreater(len(alerts), 5)
        for rule in alerts:
            with self.subTest(alert=rule["alert"]):
                asked = set(re.findall(r"\b(?:greensplit|process)_[a-z_]+", rule["expr"]))
                self.assertTrue(asked)
                self.assertLessEqual(asked, names)
                self.assertIn("summary", rule["annotations"])
                self.assertIn("summary_zh", rule["annotations"])


if __name__ == "__main__":
    unittest.main()
