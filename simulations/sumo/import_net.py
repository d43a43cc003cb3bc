#!/usr/bin/env python3
"""Turns every signalled junction of a SUMO net into a site file of greensplit.

    import_net.py NET.net.xml --out DIR

What cannot be expressed is said on standard output, junction by junction. The exit status is 1 if a
junction could not be expressed at all; the others are written all the same.
"""
import argparse
import re
import sys
from pathlib import Path

import network
import neighbours
import sitefile
import stages
from scenario import Scenario, Unusable


def arguments(words):
    parser = argparse.ArgumentParser(prog="import_net.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("net", metavar="NET.net.xml")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the site files; made if missing")
    parser.add_argument("--view", type=float, default=80, metavar="M", help="how far cameras see, m (80)")
    parser.add_argument("--min-green", type=float, default=5, metavar="S", help="shortest green, s (5)")
    parser.add_argument("--max-green", type=float, default=60, metavar="S",
                        help="longest green where the net has none, s (60)")
    parser.add_argument("--longest-wait", type=float, default=150, metavar="S",
                        help="longest red where somebody waits, or may unseen, s (150); "
                             "more where the net's own plan needs more")
    parser.add_argument("--longest-red", type=float, default=300, metavar="S",
                        help="longest red, s (300); more where the net's own plan needs more")
    parser.add_argument("--program-stages-only", action="store_true",
                        help="leave out the compatible stages that the net's program does not have")
    parser.add_argument("--pace", choices=["cycle", "stage", "second"], default="second")
    parser.add_argument("--sequence", choices=["fixed", "skip", "free"], default="free")
    return parser.parse_args(words)


def describe(net, options):
    """Junctions with their timing; refused ones have none."""
    found = network.junctions(net, options.view)
    take_scenario_programs(found, Path(options.net))
    described = []
    for junction in found:
        timing = None
        if junction.refusal is None:
            timing = stages.from_program(junction, options.min_green, options.max_green)
            if max(len(timing.stages), len(timing.plan)) > stages.STAGE_LIMIT:
                junction.refusal = (f"its program has {len(timing.plan)} greens of {len(timing.stages)} stages; "
                                    f"a site file takes {stages.STAGE_LIMIT}")
            else:
                stages.add_stages(junction, timing, options.min_green, options.program_stages_only)
        described.append((junction, timing))
    neighbours.connect([j for j, _ in described if j.refusal is None], net)
    for junction, timing in described:
        if junction.refusal is None:
            stages.let_pass(junction, timing, options.min_green, options.program_stages_only)
    return described


def take_scenario_programs(junctions, net):
    """The programs that the only scenario in the net's folder loads beside this net."""
    configs = list(net.parent.glob("*.sumocfg"))
    if len(configs) != 1:
        return
    try:
        scenario = Scenario(configs[0])
        if scenario.net.resolve() == net.resolve():
            network.take_programs(junctions, scenario.additional)
    except Unusable as reason:
        print(f"{reason}; programs beside the net are not looked for")


def file_name(junction):
    return re.sub(r"[^A-Za-z0-9_.-]", "_", junction.id) + ".yaml"


def main(words):
    options = arguments(words)
    if not Path(options.net).is_file():
        sys.exit(f"import_net.py: {options.net}: no such file; name a net that netconvert has written")
    described = describe(network.read_net(options.net), options)
    if not described:
        sys.exit(f"import_net.py: {options.net} has no traffic light")
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for junction, timing in described:
        if junction.refusal is not None:
            print(f"{junction.tls}: NOT expressed: {junction.refusal}")
        else:
            text = sitefile.site_file(junction, timing, options, Path(options.net).name)
            (out / file_name(junction)).write_text(text, encoding="utf-8")
            print(f"{junction.tls}: {file_name(junction)}: {len(timing.stages)} stages, "
                  f"{len(junction.groups)} signal groups, {len(junction.lane_groups)} lane groups")
        for note in junction.notes:
            print(f"{junction.tls}: {note}")
    return 1 if any(junction.refusal and not junction.is_rail for junction, _ in described) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
