#!/usr/bin/env python3
"""SUMO as a plant of greensplit (docs/plant-protocol.md), with cameras at its stop lines.

    greensplit simulate --plant 'plant.py --scenario DIR' --sites SITES --json OUT
"""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import network
import trips
from cameras import Cameras, number
from scenario import LONGEST, Scenario, Unusable
from watch import SignalWatch

# SUMO's character for each lamp of the plant protocol. A group that flashes green goes on as it was.
LAMPS = {"G": "G", "g": "g", "y": "y", "r": "r", "u": "u", "o": "O", "Y": "o"}


def arguments(words):
    parser = argparse.ArgumentParser(prog="plant.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--scenario", required=True, metavar="DIR", help="folder with one .sumocfg, or that file")
    parser.add_argument("--begin", type=float, metavar="S", help="begin, s (the scenario's)")
    parser.add_argument("--end", type=float, metavar="S", help="end, s (the scenario's)")
    parser.add_argument("--seed", type=int, default=1, help="of the traffic and of the cameras' faults (1)")
    parser.add_argument("--step", type=float, default=1, metavar="S", help="between two exchanges, 0.1 to 5 s (1)")
    parser.add_argument("--view", type=float, default=80, metavar="M", help="how far cameras see, m (80)")
    parser.add_argument("--interval", type=float, default=1, metavar="S", help="between two records of a camera, s (1)")
    parser.add_argument("--miss", type=float, default=0, metavar="P", help="share of vehicles not seen (0)")
    parser.add_argument("--double", type=float, default=0, metavar="P", help="share counted twice (0)")
    parser.add_argument("--latency", type=float, default=0, metavar="S", help="by which records come late, s (0)")
    parser.add_argument("--dead", type=float, default=0, metavar="P", help="share of cameras that are dead (0)")
    parser.add_argument("--dead-from", type=float, default=0, metavar="S", help="when they die, s (from the begin)")
    parser.add_argument("--min-green", type=float, default=5, metavar="S",
                        help="below this a green counts as a safety finding, s (5)")
    parser.add_argument("--own-program", action="store_true", help="the net's own program runs; lamps are ignored")
    parser.add_argument("--keep", metavar="DIR", help="where SUMO's own outputs stay")
    parser.add_argument("--sumo-option", action="append", default=[], metavar="OPTION", help="further option of SUMO")
    options = parser.parse_args(words)
    for name in ("miss", "double", "dead"):
        if not 0 <= getattr(options, name) <= 1:
            parser.error(f"--{name} is a share of 0 to 1")
    if not 0.1 <= options.step <= 5:
        parser.error("--step is 0.1 to 5 s")
    if options.interval < options.step - 1e-9:
        parser.error("--interval is at least one step")
    return options


class Plant:
    """One run."""

    def __init__(self, options, folder):
        scenario = Scenario(options.scenario)
        self.options = options
        self.begin = scenario.begin if options.begin is None else options.begin
        end = scenario.end if options.end is None else options.end
        self.until_empty = end is None
        self.end = self.begin + LONGEST if end is None else end
        if self.end <= self.begin:
            sys.exit(f"plant.py: the end, {self.end:g} s, is not after the begin; name --end")
        self.net = network.read_net(scenario.net)
        self.junctions = [j for j in network.junctions(self.net, options.view) if j.refusal is None]
        if not self.junctions:
            sys.exit(f"plant.py: {scenario.net} has no junction that can be controlled")
        network.take_programs(self.junctions, scenario.additional)
        self.cameras = Cameras(self.junctions, self.begin, options)
        self.watches = [SignalWatch(j, self.net, options.step, options.min_green) for j in self.junctions]
        self.last = {j.id: "r" * len(j.groups) for j in self.junctions}
        self.trips = folder / "tripinfo.xml"
        self.sim = self.start(scenario, folder)

    def start(self, scenario, folder):
        """SUMO in this process; over a socket where that does not work."""
        try:
            import libsumo as sim
        except ImportError:
            import traci as sim
        lines = folder / "cameras.add.xml"
        lines.write_text(self.cameras.detectors(), encoding="utf-8")
        # A step of SUMO is a second at most; longer exchanges take several.
        self.moves = max(1, -int(-self.options.step // 1))
        words = ["sumo", "-c", str(scenario.config), "-b", str(self.begin), "-e", str(self.end),
                 "--seed", str(self.options.seed), "--time-to-teleport", "-1",
                 "--step-length", f"{self.options.step / self.moves:g}",
                 "--additional-files", ",".join([*scenario.additional, str(lines)]),
                 "--tripinfo-output", str(self.trips), "--tripinfo-output.write-unfinished", "true",
                 "--tripinfo-output.write-undeparted", "true", "--statistic-output", str(folder / "statistics.xml"),
                 "--no-step-log", "true", "--no-warnings", "true", "--duration-log.disable", "true",
                 *self.options.sumo_option]
        sim.start(words)
        return sim

    def run(self):
        say({"plant": 1, "name": f"sumo {self.version}", "begin": number(self.begin), "end": number(self.end),
             "step": self.options.step, "intersections": [j.id for j in self.junctions]})
        now, steps = self.begin, 0
        while True:
            self.set_lamps(now)
            for _ in range(self.moves):
                self.sim.simulationStep()
                self.cameras.watch(self.sim)
            steps += 1
            now = round(self.begin + steps * self.options.step, 3)
            records = self.cameras.report(self.sim, now)
            if now >= self.end - 1e-6 or self.until_empty and self.sim.simulation.getMinExpectedNumber() == 0:
                break
            say({"t": number(now), "counts": records})
        self.sim.close()
        say({"t": number(now), "done": True, "summary": self.summary()})

    @property
    def version(self):
        return self.sim.getVersion()[1].split()[-1]

    def set_lamps(self, now):
        line = sys.stdin.readline()
        if not line:
            sys.exit("plant.py: greensplit has ended before the run did")
        message = json.loads(line)
        for junction, watch in zip(self.junctions, self.watches):
            if self.options.own_program:
                state = self.sim.trafficlight.getRedYellowGreenState(junction.tls)
            else:
                state = self.state(junction, message["signals"][junction.id])
                self.sim.trafficlight.setRedYellowGreenState(junction.tls, state)
            watch.show(now, state)

    def state(self, junction, lamps):
        if len(lamps) != len(junction.groups):
            sys.exit(f"plant.py: {junction.id} has {len(junction.groups)} signal groups in the net and {len(lamps)} "
                     "in its site file; import the net anew")
        before = self.last[junction.id]
        shown = "".join(old if lamp == "f" and old in "Gg" else LAMPS.get(lamp, "G")
                        for lamp, old in zip(lamps, before))
        shown = "".join(walking(lamp) if group.is_crossing else lamp for lamp, group in zip(shown, junction.groups))
        self.last[junction.id] = shown
        return junction.state(shown)

    def summary(self):
        figures = trips.summary(self.trips)
        findings = {}
        for watch in self.watches:
            for what, count in watch.findings.items():
                findings[what] = findings.get(what, 0) + count
        told = [text for watch in self.watches for text in watch.told]
        return {**figures, "safety": {**findings, "total": sum(findings.values()), "told": told[:20]},
                "seed": self.options.seed, "dead_cameras": sorted(self.cameras.dead)}


def walking(lamp):
    """A walkers' signal knows no yellow and no way to give way."""
    return {"g": "G", "y": "r", "u": "r"}.get(lamp, lamp)


def say(message):
    print(json.dumps(message, separators=(",", ":")), flush=True)


def main(words):
    options = arguments(words)
    # SUMO writes notices to standard output, which belongs to the protocol here.
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = protocol
    try:
        if options.keep:
            Path(options.keep).mkdir(parents=True, exist_ok=True)
            return Plant(options, Path(options.keep)).run()
        with tempfile.TemporaryDirectory(prefix="plant-") as folder:
            Plant(options, Path(folder)).run()
    except Unusable as reason:
        sys.exit(f"plant.py: {reason}")


if __name__ == "__main__":
    main(sys.argv[1:])
