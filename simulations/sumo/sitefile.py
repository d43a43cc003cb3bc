"""Writes a junction as a site file (docs/site-file.md)."""
import json
import math

SATURATION_FLOW = {"through": 1800, "left": 1700, "right": 1600, "u-turn": 1400}


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def number(value):
    return f"{round(value, 2):g}"


def names(junction, groups):
    return "[" + ", ".join(junction.groups[g].name for g in groups) + "]"


def site_file(junction, timing, options, source):
    """The whole file."""
    lines = [f"# Written by simulations/sumo/import_net.py from {source}.", "version: 1",
             f"id: {quoted(junction.id)}", f"name: {quoted(junction.tls[:64])}", 'time_zone: "+00:00"', ""]
    lines += approaches(junction) + signal_groups(junction, timing) + conflicts(junction)
    lines += lane_groups(junction) + crossings(junction)
    lines += stages(timing, junction, options) + changes(timing, junction) + limits(timing, junction, options)
    lines += detectors(junction, options) + plan(timing)
    lines += ["schedule:", '  - {from: "00:00", plan: net}', ""] + control(timing, junction, options)
    return "\n".join(lines) + "\n"


def approaches(junction):
    return ["approaches:"] + [
        f"  - {{name: {a.name}, heading: {a.heading} deg, speed: {number(min(150, max(5, a.speed * 3.6)))} km/h}}"
        for a in junction.approaches] + [""]


def signal_groups(junction, timing):
    lines = ["signal_groups:"]
    for position, group in enumerate(junction.groups):
        to = sorted({other for stage in timing.stages if position in stage.permissive
                     for other in stage.served if junction.gives_way(position, other)})
        way = f", gives_way_to: {names(junction, to)}" if to else ""
        kind = "pedestrian" if group.is_crossing else "vehicle"
        lines.append(f"  - {{name: {group.name}, kind: {kind}{way}}}")
    return lines + [""]


def conflicts(junction):
    lines = []
    for a, group in enumerate(junction.groups):
        others = [b for x, b in sorted(junction.conflicts) if x == a]
        if others:
            lines.append(f"  {group.name}: {names(junction, others)}")
    return (["conflicts:"] + lines if lines else ["conflicts: {}"]) + [""]


def lane_groups(junction):
    lines = ["lane_groups:"]
    for lane in junction.lane_groups:
        flow = 1 / sum(m.share / SATURATION_FLOW[m.turn] for m in lane.movements)
        lines += [f"  - name: {lane.name}", f"    approach: {junction.approaches[lane.approach].name}", "    lanes: 1",
                  f"    length: {number(min(5000, max(1, lane.length)))} m",
                  f"    saturation_flow: {round(flow)} pcu/h", "    movements:"]
        for movement, share in zip(lane.movements, shares(lane)):
            group = "none" if movement.group is None else junction.groups[movement.group].name
            lines.append(f"      - {{turn: {movement.turn}, signal: {group}, share: {share}}}")
        if lane.upstream:
            lines.append("    upstream:")
        for link in lane.upstream:
            lines.append(f"      - {{junction: {quoted(link.junction)}, lane_group: {link.lane_group}, "
                         f"share: {link.share:g}, travel_time: {link.travel_time:g} s}}")
    return lines + [""]


def shares(lane):
    """Shares in thousandths that add up to 1."""
    parts = [max(1, round(1000 * m.share)) for m in lane.movements]
    parts[parts.index(max(parts))] += 1000 - sum(parts)
    return [f"{p / 1000:g}" for p in parts]


def crossings(junction):
    if not junction.crossings:
        return []
    return ["crossings:"] + [
        f"  - {{name: {c.name}, signal: {junction.groups[c.group].name}, length: {number(min(100, max(1, c.length)))} m, "
        f"walk: {c.walk:g} s, clearance: {c.clearance:g} s}}" for c in junction.crossings] + [""]


def stages(timing, junction, options):
    lines = ["stages:"]
    for stage in timing.stages:
        longest = stage.max_green or options.max_green
        planned = [green for position, green in timing.plan if timing.stages[position] is stage]
        longest = max([longest, stage.min_green] + planned)
        lines += [f"  - name: {stage.name}", f"    green: {names(junction, stage.green)}"]
        if stage.permissive:
            lines.append(f"    permissive: {names(junction, stage.permissive)}")
        lines += [f"    min_green: {stage.min_green:g} s", f"    max_green: {longest:g} s",
                  f"    yellow: {stage.yellow:g} s", f"    all_red: {stage.all_red:g} s"]
    return lines + [""]


def changes(timing, junction):
    name = lambda place: timing.stages[place].name
    forbidden = [f"    - [{name(a)}, {name(b)}]" for a, b in timing.forbidden(junction)]
    longer = [f"    - {{from: {name(a)}, to: {name(b)}, time: {number(seconds)} s}}"
              for a, b, seconds in timing.intergreens(junction)]
    if not forbidden and not longer:
        return []
    return (["changes:"] + (["  forbidden:"] + forbidden if forbidden else []) + (["  intergreens:"] + longer if longer else [])
            + [""])


def change_time(timing, a, b):
    """As the cabinet has it: nothing where nobody loses green."""
    one, other = timing.stages[a], timing.stages[b]
    return one.yellow + one.all_red if a == b or one.served - other.served else 0.0


def cycle(timing):
    steps = zip(timing.plan, timing.plan[1:] + timing.plan[:1])
    if len(timing.plan) == 1:
        return timing.plan[0][1]
    return sum(green + change_time(timing, a, b) for (a, green), (b, _) in steps)


def longest_red(timing, junction):
    """The longest time that a group is red in the net's own plan."""
    worst = 0.0
    for group in range(len(junction.groups)):
        red = 0.0
        for (a, green), (b, _) in 2 * list(zip(timing.plan, timing.plan[1:] + timing.plan[:1])):
            if group in timing.stages[a].served:
                red = 0.0 if group in timing.stages[b].served else change_time(timing, a, b)
            else:
                red += green + change_time(timing, a, b)
            worst = max(worst, red)
    return worst


def reds(timing, junction, options):
    """The longest red, and the longest where somebody waits: room enough for the net's own plan."""
    own = math.ceil(1.2 * longest_red(timing, junction))
    red = max(options.longest_red, own)
    return red, min(red, max(options.longest_wait, own))


def control(timing, junction, options):
    lease = max(120, math.ceil(cycle(timing)))
    wait = reds(timing, junction, options)[1]
    # SUMO's drivers brake for yellow wherever they can stop.
    return [f"control: {{pace: {options.pace}, sequence: {options.sequence}, lease: {lease} s, used_yellow: 0 s, "
            f"longest_wait: {wait:g} s}}"]


def limits(timing, junction, options):
    length = cycle(timing)
    red = reds(timing, junction, options)[0]
    # The shortest that is safe (Webster and Cobbe, Road Research Technical Paper 56, 1966).
    return ["limits:", f"  min_cycle: {min(25, math.floor(length)):g} s",
            f"  max_cycle: {max(180, math.ceil(length)):g} s", f"  longest_red: {red:g} s", ""]


def detectors(junction, options):
    return ["detectors:"] + [
        f"  - {{id: {quoted(lane.lane)}, lane_group: {lane.name}, view: {number(min(options.view, lane.length))} m}}"
        for lane in junction.lane_groups] + [""]


def plan(timing):
    length = cycle(timing)
    lines = ["# The net's own program.", "plans:", "  - name: net", f"    cycle: {number(length)} s"]
    offset = round(timing.offset % length, 1) % length
    if offset:
        lines.append(f"    offset: {number(offset)} s")
    lines.append("    greens:")
    lines += [f"      - {{stage: {timing.stages[position].name}, green: {green:g} s}}" for position, green in timing.plan]
    return lines + [""]
