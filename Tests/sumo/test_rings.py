"""NEMA programs: two rings as fixed times are what SUMO's own controller shows when every phase lasts its split."""
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import street
import import_net
import network
import rings
import sitefile

LEFT, ON = "lt", "srR"
# Phase: arm, ways, longest green, yellow, red.
PHASES = {1: ("E", LEFT, 8, 3, 1), 2: ("M", ON, 20, 4, 2), 3: ("N", LEFT, 7, 3, 2), 4: ("S", ON, 15, 3.5, 1.5),
          5: ("M", LEFT, 12, 3, 1), 6: ("E", ON, 16, 4, 2), 7: ("S", LEFT, 9, 3, 2), 8: ("N", ON, 13, 3.5, 1.5)}
GIVEN = {"ring1": "1,2,3,4", "ring2": "5,6,7,8", "barrierPhases": "4,8", "barrier2Phases": "2,6", "coordinatePhases": "2,6",
         "coordinate-mode": "true", "controllerType": "TS2", "fixForceOff": "false", "total-cycle-length": "70",
         "minRecall": "", "maxRecall": "1,2,3,4,5,6,7,8", "detector-length": "20", "detector-length-leftTurnLane": "10"}
WATCH = """
import sys, libsumo
libsumo.start(["sumo", "-n", sys.argv[1], "--step-length", "0.5", "--no-warnings"])
for _ in range(560):
    libsumo.simulationStep()
    print(libsumo.trafficlight.getRedYellowGreenState("J"))
"""


def program(net, phases=PHASES, permissive=True, **given):
    """Gives the cross a NEMA program; turners give way in the phase of those who drive on beside them."""
    links = [(c.getTLLinkIndex(), c.getFrom().getID()[0], c.getDirection())
             for edge in network.read_net(net).getEdges() for to in edge.getOutgoing().values() for c in to if c.getTLSID()]
    lamp = lambda link, arm, ways: ("r" if link[1] != arm else "G" if link[2] in ways else
                                    "g" if permissive and ways == ON and link[2] in LEFT else "r")
    state = lambda *phase: "".join(lamp(link, *phase) for link in sorted(links))
    text = '<tlLogic id="J" type="NEMA" programID="0" offset="0">'
    text += "".join(f'<param key="{key}" value="{value}"/>' for key, value in {**GIVEN, **given}.items())
    text += "".join(f'<phase duration="99" minDur="5" maxDur="{green}" vehext="2" yellow="{yellow}" red="{red}" name="{name}" '
                    f'state="{state(arm, ways)}"/>' for name, (arm, ways, green, yellow, red) in phases.items()) + "</tlLogic>"
    net.write_text(re.sub(r"<tlLogic.*?</tlLogic>", text, net.read_text(), flags=re.S))
    return ET.fromstring(text)


class RingTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.net = street.cross(self.folder)

    def test_the_cycle_is_what_sumo_shows_when_every_phase_lasts_its_split(self):
        for permissive in (False, True):
            with self.subTest(permissive=permissive):
                states = rings.cycle(program(self.net, permissive=permissive))[0]
                self.assertEqual(sum(seconds for seconds, _ in states), 70)
                ours = [state for seconds, state in states for _ in range(round(2 * seconds))]
                shown = self.shown()
                begins = next(i for i in range(140, 280) if shown[i] == ours[0] != shown[i - 1])
                self.assertEqual(shown[begins:begins + 280], ours + ours)

    def shown(self):
        """What SUMO shows from its begin on, every half second."""
        # Its controller can hang on a program that it does not like.
        return subprocess.run([sys.executable, "-c", WATCH, str(self.net)], capture_output=True, text=True, timeout=60,
                              check=True).stdout.split()

    def test_the_offset_is_that_of_the_coordinated_phases(self):
        for controller, offset in [("TS2", 0), ("TS2", 13), ("Type 170", 0), ("Type 170", 13)]:
            with self.subTest(controller=controller, offset=offset):
                program(self.net, controllerType=controller)
                self.net.write_text(self.net.read_text().replace('offset="0"', f'offset="{offset}"'))
                (junction,) = network.junctions(network.read_net(self.net))
                first, shown = junction.phases[0][1], self.shown()
                begins = [i / 2 % 70 for i in range(140, 560) if shown[i] == first != shown[i - 1]]
                self.assertEqual({junction.offset % 70}, set(begins))

    def test_the_shorter_ring_waits_at_the_barrier_in_its_coordinated_phase_or_its_last(self):
        phases = {**PHASES, 6: ("E", ON, 10, 4, 2), 8: ("N", ON, 5, 3.5, 1.5)}
        whole, shorter = (rings.cycle(program(self.net, p))[0] for p in (PHASES, phases))
        self.assertEqual(shorter, whole)

    def test_time_that_the_splits_leave_of_the_cycle_is_the_coordinated_phases(self):
        before = rings.cycle(program(self.net))[0]
        after = rings.cycle(program(self.net, **{"total-cycle-length": "90"}))[0]
        longer = [(b, a) for (b, _), (a, _) in zip(before, after) if a != b]
        self.assertEqual([state for _, state in after], [state for _, state in before])
        self.assertEqual(longer, [(16, 36)])

    def test_a_ring_may_have_no_phase_beside_those_of_the_other(self):
        phases = {name: phase for name, phase in PHASES.items() if name not in (3, 4)}
        states = rings.cycle(program(self.net, phases, ring1="1,2,0,0", barrierPhases="8"))[0]
        self.assertEqual(sum(seconds for seconds, _ in states), 70)
        self.assertTrue(any(c in "Gg" for _, state in states[-4:] for c in state))

    def test_the_importer_takes_the_rings_and_says_so(self):
        program(self.net)
        status, said = street.import_net(self.net, self.folder / "sites")
        self.assertEqual(status, 0, said)
        self.assertIn("J: the rings of its NEMA program run as fixed times of 70 s", said)
        check = street.check(self.folder / "sites")
        self.assertEqual(check.returncode, 0, check.stderr)
        options = import_net.arguments([str(self.net), "--out", "nowhere"])
        (junction, timing), = import_net.describe(network.read_net(self.net), options)
        self.assertEqual(sitefile.cycle(timing), 70)
        first = timing.stages[timing.plan[0][0]]
        self.assertEqual({junction.groups[g].name for g in first.served}, {"E.L", "E.U", "W.L", "W.U"})

    def test_rings_that_cannot_be_read_leave_the_phases_in_their_order_and_it_is_said(self):
        for given in ({"ring1": "1,2,3"}, {"ring1": "", "ring2": ""}, {"ring1": "9,9,9,9", "ring2": "9,9,9,9"}):
            with self.subTest(given):
                program(self.net, **given)
                said = street.import_net(self.net, self.folder / "sites")[1]
                self.assertIn("J: the rings of its NEMA program cannot be read; phases follow in their order", said)
        logic = program(self.net)
        for torn in (lambda state: state[1:], lambda state: "?" + state[1:]):
            broken = ET.fromstring(ET.tostring(logic))
            phase = broken.find("phase")
            phase.set("state", torn(phase.get("state")))
            self.assertIsNone(rings.cycle(broken))


if __name__ == "__main__":
    unittest.main()
