#!/usr/bin/env python3
"""Greensplit on other people's SUMO scenarios, beside SUMO's own controls, over several seeds (docs/sumo.md).

    SUMO_SCENARIOS=DIR bench.py [--seeds 5] [--jobs 2] [--out .build/bench-sumo]

Every folder of DIR with one .sumocfg is a scenario. What has been run stays in the folder of --out and is not run
again until the program, the bridge or the scenario changes.
"""
import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import network
import trips
from scenario import LONGEST, Scenario, Unusable, programs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACES = (("second", "free"), ("stage", "free"), ("cycle", "skip"), ("cycle", "fixed"))
STATIC, ACTUATED = "fixed plan", "actuated"
CONTROLS = (STATIC, ACTUATED, *(", ".join(pace) for pace in PACES))
# Where a net does not say otherwise: shortest and longest green of the actuated control, s.
MIN_DURATION, MAX_DURATION = "5", "50"


def arguments(words):
    parser = argparse.ArgumentParser(prog="bench.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="seeds 1 to N (5)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="runs at a time (2)")
    parser.add_argument("--out", type=Path, default=ROOT / ".build" / "bench-sumo", metavar="DIR",
                        help="where results and reports stay (.build/bench-sumo)")
    parser.add_argument("--lang", default="en", choices=["en", "zh"], help="language of the reports (en)")
    options = parser.parse_args(words)
    if options.seeds < 1 or options.jobs < 1:
        parser.error("--seeds and --jobs are at least 1")
    return options


def scenarios(folder):
    """The folders with one .sumocfg in `folder`, or `folder` itself."""
    found = [d for d in [folder, *sorted(folder.iterdir())] if d.is_dir() and len(list(d.glob("*.sumocfg"))) == 1]
    return [Case(d) for d in found]


class Case:
    """A scenario with what its runs share."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.scenario = Scenario(folder)

    def prepare(self, out, program):
        """Makes the site files, and forgets the results of another program, bridge or scenario."""
        self.out = out / self.name
        self.out.mkdir(parents=True, exist_ok=True)
        stamp = self.out / "stamp"
        now = fingerprint([Path(program), *sorted(HERE.glob("*.py")), *self.scenario.files])
        if not stamp.is_file() or stamp.read_text() != now:
            for old in [*self.out.glob("*.json"), *self.out.glob("*.html")]:
                old.unlink()
            self.sites = self.import_net()
            stamp.write_text(now)
        self.sites = self.out / "sites"

    def import_net(self):
        run = subprocess.run([sys.executable, str(HERE / "import_net.py"), str(self.scenario.net), "--out",
                              str(self.out / "sites")], capture_output=True, text=True)
        if run.returncode != 0:
            tell(f"{self.name}: {run.stdout}{run.stderr}".rstrip())

    def result(self, control, seed):
        return self.out / f"{re.sub('[^a-z]+', '-', control)}-{seed}.json"


def fingerprint(files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def run(case, control, seed, program):
    """One run, unless its result is there already; returns what went wrong, or None."""
    out = case.result(control, seed)
    if out.is_file():
        return None
    if control in (STATIC, ACTUATED):
        return run_sumo(case, control, seed, out)
    pace, sequence = control.split(", ")
    plant = f"'{sys.executable}' '{HERE / 'plant.py'}' --scenario '{case.folder}'"
    draft = out.with_suffix(".part")
    done = subprocess.run([program, "simulate", "--plant", plant, "--sites", str(case.sites), "--pace", pace,
                           "--sequence", sequence, "--seed", str(seed), "--json", str(draft)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    draft.rename(out)
    return None


def run_sumo(case, control, seed, out):
    """SUMO under a control of its own, written down as greensplit writes its results (docs/results.md)."""
    scenario = case.scenario
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "tripinfo.xml"
        words = [str(Path(sys.executable).parent / "sumo"), "-c", str(scenario.config), "--seed", str(seed),
                 "-e", str(scenario.begin + LONGEST if scenario.end is None else scenario.end),
                 "--time-to-teleport", "-1", "--tripinfo-output", str(file), "--tripinfo-output.write-unfinished",
                 "--tripinfo-output.write-undeparted", "--no-step-log", "--no-warnings"]
        if control == ACTUATED:
            logic = Path(folder) / "actuated.add.xml"
            write_actuated(scenario, logic)
            words += ["--additional-files", ",".join([*scenario.additional, str(logic)])]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        figures = trips.summary(file)
        end = trips.last_arrival(file, scenario.begin) if scenario.end is None else scenario.end
    junctions = [j.id for j in network.junctions(network.read_net(scenario.net)) if j.refusal is None]
    version = subprocess.run(words[:1] + ["--version"], capture_output=True, text=True).stdout
    out.write_text(json.dumps({
        "format": "greensplit-plant-1", "name": "sumo " + re.search(r"[0-9.]+", version).group(), "control": control,
        "seed": seed, "begin": scenario.begin, "end": end, "intersections": junctions, "junctions": [],
        "plans": 0, "refused": 0, "unusedRecords": 0, "digest": "", "plant": figures}))
    return None


def write_actuated(scenario, path):
    """The programs of a scenario as SUMO's actuated ones: the same phases, as long as traffic keeps coming."""
    out = ET.Element("additional")
    # Of several programs of a signal SUMO takes the last; additional files come after the net.
    last = {logic.get("id"): logic for file in (scenario.net, *scenario.additional) for logic in programs(file)}
    for logic in last.values():
        copy = ET.SubElement(out, "tlLogic", id=logic.get("id"), type="actuated", programID="actuated",
                             offset=logic.get("offset", "0"))
        for phase in logic.iter("phase"):
            state = phase.get("state")
            words = {"duration": phase.get("duration"), "state": state}
            if "y" not in state and ("G" in state or "g" in state):
                words["minDur"] = phase.get("minDur", MIN_DURATION)
                words["maxDur"] = phase.get("maxDur", MAX_DURATION)
            ET.SubElement(copy, "phase", words)
    ET.ElementTree(out).write(path)


def rows(case, seeds):
    """For each control: mean delay, standard deviation, worst seed against the mean, completed, findings."""
    for control in CONTROLS:
        found = [json.loads(case.result(control, s).read_text()) for s in seeds if case.result(control, s).is_file()]
        plants = [result["plant"] for result in found]
        delays = [plant["delay_s"] for plant in plants if plant["delay_s"] is not None]
        if not delays:
            yield [case.name, control, str(len(found)), "-", "-", "-", "-", "-"]
            continue
        mean = statistics.mean(delays)
        spread = f"{statistics.stdev(delays):.1f}" if len(delays) > 1 else "-"
        findings = [plant["safety"]["total"] for plant in plants if "safety" in plant]
        completed = statistics.mean(p["completed"] for p in plants)
        vehicles = statistics.mean(p["vehicles"] for p in plants)
        yield [case.name, control, str(len(found)), f"{mean:.1f}", spread, f"{max(delays) / mean if mean else 1:.2f}",
               f"{completed:.0f}/{vehicles:.0f}", str(sum(findings)) if findings else "-"]


def table(lines):
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    texts = ["  ".join(word.ljust(width) if place < 2 else word.rjust(width)
                       for place, (word, width) in enumerate(zip(line, widths))).rstrip() for line in lines]
    return "\n".join([texts[0], "-" * (sum(widths) + 2 * len(widths) - 2), *texts[1:]])


def report(case, seeds, program, language):
    """The page about a scenario; returns what went wrong, or None."""
    files = [str(case.result(c, s)) for c in CONTROLS for s in seeds if case.result(c, s).is_file()]
    page = case.out / "report.html"
    if not files:
        return "no result to report on"
    done = subprocess.run([program, "report", *files, "--out", str(page), "--lang", language],
                          capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else None


def tell(text):
    print(text, file=sys.stderr, flush=True)


def main(words):
    options = arguments(words)
    folder = os.environ.get("SUMO_SCENARIOS", "")
    if not folder or not Path(folder).is_dir():
        what = f"{folder} is no folder" if folder else "SUMO_SCENARIOS is not set"
        print(f"bench-sumo: skipped: {what}; name a folder of folders with a .sumocfg each")
        return 0
    program = os.environ.get("GREENSPLIT", str(ROOT / ".build" / "release" / "greensplit"))
    try:
        cases = scenarios(Path(folder).resolve())
    except Unusable as reason:
        sys.exit(f"bench-sumo: {reason}")
    if not cases:
        print(f"bench-sumo: skipped: no folder in {folder} holds one .sumocfg")
        return 0
    for case in cases:
        case.prepare(options.out.resolve(), program)
    seeds = range(1, options.seeds + 1)
    jobs = [(case, control, seed) for case in cases for control in CONTROLS for seed in seeds]
    failures = []
    with ThreadPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(run, *job, program): job for job in jobs}
        for done, future in enumerate(as_completed(waiting), start=1):
            case, control, seed = waiting[future]
            reason = future.result()
            if reason is not None:
                failures.append(f"{case.name}, {control}, seed {seed}: {reason}")
            tell(f"{done}/{len(jobs)} {case.name}, {control}, seed {seed}{': ' + reason if reason else ''}")
    header = ["scenario", "control", "n", "delay s", "sd", "worst/mean", "completed", "findings"]
    print(table([header, *(row for case in cases for row in rows(case, seeds))]))
    for case in cases:
        reason = report(case, seeds, program, options.lang)
        if reason is not None:
            failures.append(f"{case.name}, report: {reason}")
        else:
            print(f"report: {case.out / 'report.html'}")
    for failure in failures:
        tell(f"bench-sumo: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
