"""make bench-sumo, on a street made on the spot."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import street


class BenchTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        town = self.folder / "scenarios" / "town"
        town.mkdir(parents=True)
        # With a program and a vehicle type that are not in the net's file.
        net = street.cross(town, stub=30)
        name = street.beside(town, '<vType id="DEFAULT_VEHTYPE" sigma="0.4"/>', street.program(
            net, "town", lambda phase: "y" in phase.get("state") or phase.set("duration", "30")))
        street.scenario(town, net, length=120, additional=[name])

    def bench(self, *words, scenarios=None):
        environment = dict(os.environ, GREENSPLIT=street.PROGRAM)
        environment.pop("SUMO_SCENARIOS", None)
        if scenarios is not None:
            environment["SUMO_SCENARIOS"] = str(scenarios)
        return subprocess.run([sys.executable, str(street.BRIDGE / "bench.py"), "--out", str(self.folder / "out"),
                               *map(str, words)], capture_output=True, text=True, env=environment, timeout=600)

    def test_every_control_is_run_with_every_seed_and_reported(self):
        done = self.bench("--seeds", 2, scenarios=self.folder / "scenarios")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0].split()[:3], ["scenario", "control", "n"])
        rows = {line[6:22].strip(): line.split() for line in lines[2:8]}
        self.assertEqual(list(rows), ["fixed plan", "actuated", "second, free", "stage, free", "cycle, skip", "cycle, fixed"])
        delays = {}
        for control, row in rows.items():
            found = [json.loads(p.read_text())["plant"]["delay_s"] for p in sorted((self.folder / "out/town").glob(
                control.replace(", ", "-").replace(" ", "-") + "-*.json"))]
            self.assertEqual(len(found), 2)
            delays[control] = sum(found) / 2
            self.assertIn(f"{delays[control]:.1f}", row)
        self.assertLess(delays["second, free"], delays["fixed plan"])
        self.assertEqual([rows[c][-1] for c in ("second, free", "stage, free", "cycle, skip", "cycle, fixed")],
                         ["0"] * 4)
        page = (self.folder / "out/town/report.html").read_text()
        self.assertIn("n = 2 pairs of equal seeds", page)
        # What is there is not run again.
        before = {p: p.stat().st_mtime_ns for p in (self.folder / "out/town").glob("*.json")}
        again = self.bench("--seeds", 2, scenarios=self.folder / "scenarios")
        self.assertEqual(again.stdout, done.stdout)
        self.assertEqual({p: p.stat().st_mtime_ns for p in before}, before)

    def test_without_scenarios_it_is_skipped_with_a_word(self):
        for scenarios in (None, self.folder / "none", self.folder):
            done = self.bench(scenarios=scenarios)
            self.assertEqual(done.returncode, 0)
            self.assertIn("bench-sumo: skipped: ", done.stdout)

    def test_the_fixed_plan_is_what_the_plant_gives_under_the_own_program(self):
        done = self.bench("--seeds", 1, scenarios=self.folder / "scenarios")
        self.assertEqual(done.returncode, 0, done.stderr)
        sites = self.folder / "out/town/sites"
        _, result, said = street.simulate(self.folder / "scenarios/town", sites, ["--own-program"], ["--seed", 1])
        self.assertIsNotNone(result, said)
        alone = json.loads((self.folder / "out/town/fixed-plan-1.json").read_text())
        self.assertEqual(alone["plant"]["delay_s"], result["plant"]["delay_s"])
        for field in ("format", "name", "begin", "end", "intersections"):
            self.assertEqual(alone[field], result[field], field)


if __name__ == "__main__":
    unittest.main()
