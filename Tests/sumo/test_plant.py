"""SUMO under greensplit: one round trip after the other, on streets made on the spot."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import street
import trips


class PlantTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        # One junction and a few minutes: the build under test is not the one for the street.
        self.net = street.cross(self.folder, stub=30)
        street.scenario(self.folder, self.net, length=180)
        self.sites = self.folder / "sites"
        street.import_net(self.net, self.sites)

    def run_plant(self, *plant, words=()):
        status, result, said = street.simulate(self.folder, self.sites, plant, words)
        self.assertEqual(status, 0, said)
        self.assertEqual(result["unusedRecords"], 0)
        return result

    def test_control_is_safe_from_outside_and_beats_the_net_s_own_program(self):
        own, controlled = self.run_plant("--own-program")["plant"], self.run_plant()["plant"]
        for figures in (own, controlled):
            self.assertEqual(figures["safety"]["total"], 0, figures["safety"])
        self.assertEqual(own["vehicles"], controlled["vehicles"])
        self.assertLess(controlled["delay_s"], own["delay_s"])

    def test_control_of_lanes_that_lead_five_ways_is_safe_from_outside(self):
        net = street.star(self.folder)
        street.scenario(self.folder, net, length=180)
        street.import_net(net, self.folder / "star")
        status, result, said = street.simulate(self.folder, self.folder / "star")
        self.assertEqual(status, 0, said)
        self.assertEqual(result["plant"]["safety"]["total"], 0, result["plant"]["safety"])
        self.assertGreater(result["plant"]["completed"], 0)

    def test_the_own_program_gives_what_sumo_gives_without_a_plant(self):
        figures = self.run_plant("--own-program", "--seed", 3)["plant"]
        out = self.folder / "alone.xml"
        street.tool("sumo", "-c", self.folder / "street.sumocfg", "--seed", 3, "--time-to-teleport", -1,
                    "--tripinfo-output", out, "--tripinfo-output.write-unfinished",
                    "--tripinfo-output.write-undeparted", "--no-step-log", "--no-warnings")
        alone = trips.summary(out)
        self.assertEqual({name: figures[name] for name in alone}, alone)

    def test_the_same_seed_gives_the_same_run_also_over_the_wire(self):
        first = self.run_plant(words=["--seed", 2])
        self.assertEqual(self.run_plant(words=["--seed", 2]), first)
        self.assertEqual(self.run_plant(words=["--seed", 2, "--wire"]), first)
        self.assertNotEqual(self.run_plant(words=["--seed", 4])["plant"]["delay_s"], first["plant"]["delay_s"])

    def test_the_history_of_a_run_is_decided_again_the_same(self):
        for pace in ("second", "stage", "cycle"):
            history = self.folder / f"{pace}.db"
            self.run_plant(words=["--pace", pace, "--history", history])
            replay = subprocess.run([street.PROGRAM, "replay", str(history)], capture_output=True, text=True)
            self.assertEqual(replay.returncode, 0, replay.stdout + replay.stderr)
            self.assertIn("Identical: every recorded decision is made again, byte for byte.", replay.stdout)

    def test_any_step_works_and_begin_and_end_are_kept_to(self):
        for step in (0.5, 2, 5):
            result = self.run_plant("--step", step, "--interval", max(1, step), words=["--begin", 10, "--end", 100])
            self.assertEqual((result["begin"], result["end"]), (10, 100))
            self.assertEqual(result["plant"]["safety"]["total"], 0, result["plant"]["safety"])

    def test_cameras_with_faults_are_used_and_dead_ones_are_named(self):
        faulty = self.run_plant("--miss", 0.1, "--double", 0.02, "--latency", 1.5, "--dead", 0.3)
        self.assertEqual(faulty["plant"]["safety"]["total"], 0)
        lanes = sum(text.count("view:") for text in (f.read_text() for f in self.sites.glob("*.yaml")))
        self.assertEqual(len(faulty["plant"]["dead_cameras"]), round(0.3 * lanes))
        self.assertNotEqual(faulty["digest"], self.run_plant()["digest"])

    def test_what_a_scenario_loads_beside_its_net_is_loaded_too(self):
        # A type that vehicles need, and a detector with the name of a lane that a camera sees.
        name = street.beside(self.folder, '<vType id="DEFAULT_VEHTYPE" maxSpeed="5"/>',
                             '<inductionLoop id="NJ_0" lane="NJ_0" pos="9" period="60" file="NUL"/>')
        street.scenario(self.folder, self.net, length=180, additional=[name])
        slow = self.run_plant("--own-program")["plant"]
        street.scenario(self.folder, self.net, length=180)
        self.assertLess(slow["completed"], self.run_plant("--own-program")["plant"]["completed"])
        (self.folder / name).unlink()
        street.scenario(self.folder, self.net, additional=[name])
        status, _, said = street.simulate(self.folder, self.sites)
        self.assertEqual(status, 3)
        self.assertIn("street.add.xml: no such file, which street.sumocfg names", said)

    def test_a_program_beside_the_net_is_the_one_that_runs_and_that_lamps_are_judged_by(self):
        longer = lambda phase: "y" in phase.get("state") or phase.set("duration", "50")
        name = street.beside(self.folder, street.program(self.net, "town", longer))
        before = self.run_plant("--own-program")["plant"]
        street.scenario(self.folder, self.net, length=180, additional=[name])
        # Site files of the net alone go on to work: groups and queues do not depend on the program.
        for _ in range(2):
            own, controlled = self.run_plant("--own-program")["plant"], self.run_plant()["plant"]
            self.assertNotEqual(own["delay_s"], before["delay_s"])
            self.assertEqual((own["safety"]["total"], controlled["safety"]["total"]), (0, 0))
            street.import_net(self.net, self.sites)

    def test_without_an_end_a_run_lasts_until_the_last_vehicle_has_arrived(self):
        street.scenario(self.folder, self.net, length=60, time='<begin value="0:00:10"/>')
        result = self.run_plant()
        self.assertEqual(result["begin"], 10)
        self.assertEqual(result["plant"]["completed"], result["plant"]["vehicles"])
        self.assertTrue(60 < result["end"] < 600, result["end"])
        street.scenario(self.folder, self.net, time='<end value="noon"/>')
        self.assertIn("end is noon; seconds or HH:MM:SS would be right", street.simulate(self.folder, self.sites)[2])

    def test_a_site_file_of_another_net_ends_the_run_with_a_clear_error(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        street.import_net(street.grid(elsewhere), elsewhere)
        status, result, said = street.simulate(self.folder, elsewhere)
        self.assertEqual(status, 3)
        self.assertIn("no site file for the plant's junction", said)
        self.assertEqual(result["plans"], 0)

    def test_a_scenario_that_is_broken_is_told(self):
        empty = self.folder / "empty"
        empty.mkdir()
        run = subprocess.run([sys.executable, str(street.BRIDGE / "plant.py"), "--scenario", str(empty)],
                             capture_output=True, text=True)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("name a folder with one .sumocfg", run.stderr)
        status, result, said = street.simulate(empty, self.sites)
        self.assertEqual(status, 3, said)
        self.assertIsNone(result.get("plant"))
        self.assertNotIn("0 plans sent", said)


if __name__ == "__main__":
    unittest.main()
