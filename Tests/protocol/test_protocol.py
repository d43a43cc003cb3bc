"""The exchange between daemons and cabinet, held to its claims in every state within the bounds.

`make prove` searches under larger bounds; docs/protocol.md tells what is claimed and assumed.
"""

import pathlib
import re
import unittest

import spin

ROOT = spin.FOLDER.parent.parent

# Bounds that a second or two are enough for; each leaves another part of the world in.
BOUNDS = {
    "one daemon, restarts, torn orders, a person": (
        "DAEMONS=1 ORDERS=3 RELEASE=3 RESTARTS=1 TEARS=1 PERSONS=1".split()
    ),
    "a standby, torn orders": "ORDERS=1 TEARS=1".split(),
    "a standby, restarts": "ORDERS=1 RESTARTS=1".split(),
    "a standby, a person": "ORDERS=1 PERSONS=1".split(),
    "a standby, two late messages": "ORDERS=1 LATE=2".split(),
}

# What each safeguard is for: without it, this claim fails.
MUTATIONS = {
    "WITHOUT_FENCING": ("ORDERLY", "ORDERS=1"),
    "WITHOUT_SEQUENCE": ("ORDERLY", "DAEMONS=1"),
    "WITHOUT_RETENTION": ("ORDERLY", "ORDERS=1 RESTARTS=1"),
    "WITHOUT_CHECKSUM": ("WHOLE", "DAEMONS=1 ORDERS=1 TEARS=1"),
    "WITHOUT_READBACK": ("TRUE_TO_WORD", "DAEMONS=1 ORDERS=1"),
    "BELIEVING_EVERY_REFUSAL": ("TRUE_TO_WORD", "ORDERS=1"),
    "FORGETTING_COPIES": ("TRUE_TO_WORD", "DAEMONS=1 TEARS=1"),
    "DROPPING_WHAT_WAITS": ("KEPT", "DAEMONS=1 ORDERS=1"),
}


class EveryState(unittest.TestCase):
    def test_no_claim_fails_in_any_state(self):
        for name, options in BOUNDS.items():
            with self.subTest(name):
                verdict = spin.check(options)
                self.assertEqual(verdict.errors, 0, verdict.first)
                self.assertGreater(verdict.states, 1000)

    def test_each_safeguard_is_needed(self):
        for mutation, (claim, bounds) in MUTATIONS.items():
            with self.subTest(mutation):
                verdict = spin.check([*bounds.split(), f"CLAIMS={claim}", mutation])
                self.assertEqual(verdict.errors, 1)
                self.assertIn("assertion violated", verdict.first)


class InTheEnd(unittest.TestCase):
    def test_a_lost_daemon_ends_in_the_cabinets_own_plan(self):
        for bounds in ("DAEMONS=1", "ORDERS=1", "ORDERS=1 TEARS=1"):
            with self.subTest(bounds):
                verdict = spin.check([*bounds.split(), "CLAIM_OWN_PLAN"], lasting=True)
                self.assertEqual(verdict.errors, 0, verdict.first)

    def test_without_a_lease_it_does_not(self):
        options = "DAEMONS=1 ORDERS=1 CLAIM_OWN_PLAN WITHOUT_LEASE".split()
        verdict = spin.check(options, lasting=True)
        self.assertEqual(verdict.errors, 1)
        self.assertIn("acceptance cycle", verdict.first)

    def test_a_plan_that_waits_does_not_wait_for_ever(self):
        for bounds in ("DAEMONS=1 RESTARTS=1", "ORDERS=1"):
            with self.subTest(bounds):
                verdict = spin.check([*bounds.split(), "CLAIM_TAKES_OVER"], lasting=True)
                self.assertEqual(verdict.errors, 0, verdict.first)

    def test_without_stage_boundaries_it_does(self):
        options = "DAEMONS=1 ORDERS=1 CLAIM_TAKES_OVER WITHOUT_BOUNDARIES".split()
        verdict = spin.check([*options, "WITHOUT_LEASE"], lasting=True)
        self.assertEqual(verdict.errors, 1)


class FaithfulToTheCode(unittest.TestCase):
    """Every step of the model names what it stands for, and that exists."""

    text = spin.MODEL.read_text()

    def test_functions_named_in_the_model_are_in_the_code(self):
        named = re.findall(r"\[(\w+) (\w+)\]", re.sub(r"\[map: [^\]]*\]", "", self.text))
        self.assertGreater(len(named), 25)
        for file, function in named:
            source = (ROOT / f"Sources/Cabinets/{file}.swift").read_text()
            self.assertRegex(source, rf"\b(func|var) {function}\b", f"{file}.swift")

    def test_sections_named_in_the_model_are_in_the_map(self):
        headings = re.findall(
            r"^## (.+?)(?: \(\d+\))?$", (ROOT / "docs/cabinet-map.md").read_text(), re.MULTILINE
        )
        named = re.findall(r"\[map: ([^\]]*)\]", self.text)
        self.assertGreater(len(named), 3)
        for section in named:
            self.assertIn(section, headings)


if __name__ == "__main__":
    unittest.main()
