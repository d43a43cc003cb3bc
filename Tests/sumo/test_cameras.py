"""Cameras, and the watch over the signals, on the simulator itself."""
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

import libsumo

import street
import network
from cameras import Cameras
from watch import SignalWatch


def options(**changed):
    return Namespace(**{"interval": 1, "latency": 0, "seed": 1, "dead": 0, "dead_from": 0, "miss": 0, "double": 0,
                        "view": 80, **changed})


class CameraTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.net_file = street.cross(self.folder, stub=30)
        street.scenario(self.folder, self.net_file)
        self.net = network.read_net(self.net_file)
        self.junctions = network.junctions(self.net)

    def watch(self, seconds=300, **changed):
        """Runs SUMO's own program under the cameras: all records, when each came, and who crossed."""
        cameras = Cameras(self.junctions, 0, options(**changed))
        lines = self.folder / "cameras.add.xml"
        lines.write_text(cameras.detectors())
        libsumo.start(["sumo", "-c", str(self.folder / "street.sumocfg"), "--additional-files", str(lines),
                       "--no-step-log", "--no-warnings"])
        records, crossed, before = [], 0, {}
        for second in range(1, seconds):
            libsumo.simulationStep()
            cameras.watch(libsumo)
            records += [(second, r) for r in cameras.report(libsumo, second)]
            at = {v: libsumo.vehicle.getRoadID(v) for v in libsumo.vehicle.getIDList()}
            crossed += sum(before.get(v) in ("NJ", "EJ", "SJ", "MJ") and road not in ("NJ", "EJ", "SJ", "MJ")
                           for v, road in at.items())
            before = at
        libsumo.close()
        return records, crossed

    def test_everybody_who_crosses_a_stop_line_is_counted_once(self):
        records, crossed = self.watch()
        counted = sum(r["count"] for _, r in records)
        self.assertGreater(crossed, 100)
        # Who stands on the line at the end is on one side for the one and on the other for the other.
        self.assertLessEqual(abs(counted - crossed), 4)

    def test_a_record_tells_of_one_lane_and_interval_and_of_nobody_s_name_or_way(self):
        records, _ = self.watch(60)
        for second, record in records:
            self.assertEqual(set(record), {"v", "det", "start", "end", "count", "in_view", "queue"})
            self.assertEqual((record["start"], record["end"]), (second - 1, second))
            self.assertLessEqual(record["queue"], record["in_view"])

    def test_over_a_stub_a_queue_is_seen_that_is_longer_than_the_stub(self):
        records, _ = self.watch()
        self.assertGreater(max(r["in_view"] for _, r in records if r["det"].startswith("MJ")), 4)

    def test_missed_and_double_counts_have_the_shares_asked_for(self):
        whole = sum(r["count"] for _, r in self.watch()[0])
        missed = sum(r["count"] for _, r in self.watch(miss=0.5)[0])
        doubled = sum(r["count"] for _, r in self.watch(double=0.5)[0])
        self.assertTrue(0.35 * whole < missed < 0.65 * whole, (missed, whole))
        self.assertTrue(1.35 * whole < doubled < 1.65 * whole, (doubled, whole))

    def test_late_records_come_late_and_unchanged(self):
        late, prompt = self.watch(60, latency=1.5)[0], self.watch(60)[0]
        self.assertTrue(all(second - record["end"] == 2 for second, record in late))
        self.assertEqual([r for _, r in late], [r for _, r in prompt][:len(late)])

    def test_a_dead_camera_sends_nothing_from_then_on(self):
        records, _ = self.watch(120, dead=1, dead_from=60)
        self.assertEqual(max(r["end"] for _, r in records), 59)
        self.assertFalse(self.watch(30, dead=1)[0])


class WatchTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        net_file = street.cross(Path(folder.name))
        self.net = network.read_net(net_file)
        self.junction = network.junctions(self.net)[0]

    def findings(self, states, step=1):
        watch = SignalWatch(self.junction, self.net, step, 5)
        for second, state in enumerate(states):
            watch.show(second * step, state)
        return {what: n for what, n in watch.findings.items() if n}

    def states(self):
        return [s for d, s, *_ in self.junction.phases for _ in range(int(d))]

    def test_the_net_s_own_program_has_no_findings(self):
        self.assertEqual(self.findings(self.states() * 3), {})

    def test_green_to_red_without_yellow_is_found(self):
        self.assertIn("green_to_red_without_yellow", self.findings([s for s in self.states() * 2 if "y" not in s]))

    def test_a_yellow_that_is_cut_short_is_found(self):
        cut = [s for i, s in enumerate(self.states()) if not ("y" in s and s == self.states()[i - 1])]
        self.assertIn("yellow_too_short", self.findings(cut * 2))

    def test_a_green_below_its_minimum_is_found(self):
        short = [s for d, s, *_ in self.junction.phases for _ in range(min(int(d), 4))]
        self.assertIn("green_too_short", self.findings(short * 2))

    def test_conflicting_greens_are_found(self):
        width = len(self.junction.phases[0][1])
        self.assertIn("conflicting_greens", self.findings(["G" * width]))

    def test_with_long_steps_only_what_is_certain_is_a_finding(self):
        self.assertEqual(self.findings(self.states()[::5] * 3, step=5), {})


if __name__ == "__main__":
    unittest.main()
