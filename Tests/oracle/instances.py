"""Split problems for all solvers: made here, kept in split-instances.jsonl, one a line.

A line is an object: `cycle`, tenths of a second; `stages`, each [shortest green, longest green,
change], tenths; `groups`, each [flow veh/h, saturation flow veh/h, weight, initial queue veh, [share
of the saturation flow in each stage]]; `answers`, the least objective that each independent solver
found, vehicle seconds per hour.
"""

import json
import pathlib
import random

PATH = pathlib.Path(__file__).parent / "split-instances.jsonl"
START_LOSS = 2.0
END_GAIN = 2.0
PERIOD = 0.25
RANDOMNESS = 0.5


def fixed_green(instance, shares):
    """Effective green that no stage's green changes, s: a change is green for a lane group as far as
    it is served on both sides of it; one that stops gains the start of yellow, one that starts loses
    its start-up time."""
    stages = instance["stages"]
    total = 0.0
    for i, (_, _, change) in enumerate(stages):
        after = shares[(i + 1) % len(stages)]
        kept = min(shares[i], after)
        total += kept * change / 10
        if kept == 0:
            total += shares[i] * min(END_GAIN, change / 10) - after * START_LOSS
    return total


def generate(count=240, seed=20260101):
    """From light to oversaturated, two to six stages, with overlaps, permissive turns and queues."""
    source = random.Random(seed)
    found = []
    while len(found) < count:
        instance = draw(source, stages=2 + len(found) % 5)
        if all(is_open(instance, group[4]) for group in instance["groups"]):
            found.append(instance)
    return found


def draw(source, stages):
    bounds = []
    for _ in range(stages):
        least = 10 * source.randint(5, 12)
        bounds.append([least, least + 10 * source.randint(10, 60), 10 * source.randint(3, 7)])
    lost = sum(change for _, _, change in bounds)
    low = lost + sum(least for least, _, _ in bounds)
    high = lost + sum(most for _, most, _ in bounds)
    cycle = 10 * round((low + source.uniform(0.1, 0.9) * (high - low)) / 10)
    load = source.uniform(0.2, 1.6)
    groups = [group(source, stages, position, load)
              for position in range(source.randint(stages, 14))]
    return {"cycle": cycle, "stages": bounds, "groups": groups}


def group(source, stages, position, load):
    shares = [0] * stages
    shares[position % stages] = 1
    kind = source.random()
    if kind < 0.2:
        shares[(position + 1) % stages] = 1
    elif kind < 0.4:
        shares[(position + 1) % stages] = round(source.uniform(0.2, 0.7), 2)
    elif kind < 0.5:
        shares[position % stages] = round(source.uniform(0.3, 0.8), 2)
    saturation = 50 * source.randint(30, 110)
    flow = round(saturation * load * source.uniform(0.2, 1) * sum(shares) / stages, 1)
    queue = round(source.uniform(0, 0.02) * flow, 1) if source.random() < 0.3 else 0
    weight = 1 if source.random() < 0.8 else round(source.uniform(0.5, 3), 1)
    return [flow, saturation, weight, queue, shares]


def is_open(instance, shares):
    """Whether the shortest greens leave two seconds of effective green: below one the curves of the
    paper end."""
    greens = [least / 10 for least, _, _ in instance["stages"]]
    return fixed_green(instance, shares) + sum(s * g for s, g in zip(shares, greens)) >= 2


def read():
    return [json.loads(line) for line in PATH.read_text().splitlines()]


def write(instances):
    lines = [json.dumps(instance, separators=(",", ":")) for instance in instances]
    PATH.write_text("\n".join(lines) + "\n")
