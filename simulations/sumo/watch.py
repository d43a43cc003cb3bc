"""Safety from outside: what the net's own program and matrices say of the lamps that were shown.

It knows neither stages nor site files, only positions in the net's signal states.
"""
from network import GREEN, foes, is_endless_yellow, varies

LISTED = 20                     # findings that are told one by one; all are counted


class SignalWatch:
    """Watches one traffic light. Lamps are known at the begin of each step, so a time can only be held
    to have been too short by whole steps."""

    def __init__(self, junction, net, step, min_green):
        self.junction = junction
        self.step = step
        self.walkers = {i for g in junction.groups if g.is_crossing for i in g.indices}
        self.least_green = steps(min_green, step)
        self.least_yellow = {i: steps(seconds, step) for i, seconds in yellow_times(junction).items()}
        self.forbidden = forbidden_pairs(junction, net)
        self.before = None
        self.lasted = []
        self.kind = []
        self.findings = {"green_to_red_without_yellow": 0, "yellow_too_short": 0, "green_too_short": 0,
                         "conflicting_greens": 0}
        self.told = []

    def show(self, time, state):
        """Takes in the state that holds from `time` for a step."""
        for a, b in self.forbidden:
            if state[a] in GREEN and state[b] in GREEN:
                fresh = self.before is None or not (self.before[a] in GREEN and self.before[b] in GREEN)
                if fresh:
                    self.find("conflicting_greens", time, f"links {a} and {b} are green together")
        if self.before is None:
            # How long the first lamps have been on nobody knows.
            self.lasted = [10**6] * len(state)
        else:
            for index, (old, new) in enumerate(zip(self.before, state)):
                if kind(old) != kind(new):
                    self.end(time, index, kind(old), kind(new))
                    self.lasted[index] = 0
        self.lasted = [n + 1 for n in self.lasted]
        self.before = state

    def end(self, time, index, old, new):
        lasted = self.lasted[index]
        if old == "green" and lasted < self.least_green:
            self.find("green_too_short", time, f"link {index} was green for {lasted * self.step:g} s")
        if index in self.walkers or index not in self.least_yellow:
            return
        least = self.least_yellow[index]
        if old == "green" and new == "red" and least > 0:
            self.find("green_to_red_without_yellow", time, f"link {index} went from green to red")
        if old == "yellow" and new == "red" and lasted < least:
            self.find("yellow_too_short", time, f"link {index} was yellow for {lasted * self.step:g} s")

    def find(self, what, time, text):
        self.findings[what] += 1
        if len(self.told) < LISTED:
            self.told.append(f"{self.junction.tls} at {time:g} s: {text}")


def kind(lamp):
    return "green" if lamp in GREEN else "yellow" if lamp == "y" else "dark" if lamp in "oO" else "red"


def steps(seconds, step):
    """Begins of steps that fall into `seconds` wherever they start, at the least."""
    return int(seconds / step + 1e-6)


def yellow_times(junction):
    """Each link's shortest yellow in the net's programs; the net's usual one where they have none.

    What a phase shows yellow whose length follows traffic is not part of it: nobody's yellow waits for traffic. Nor is one
    that another program is meant to end.
    """
    runs = {}
    for phases in [junction.phases, *junction.former]:
        for index in range(len(phases[0][1])):
            lamps = [(0 if varies(d, *bounds) or is_endless_yellow(d, s) else d, s[index]) for d, s, *bounds in phases]
            first = next((i for i, (_, lamp) in enumerate(lamps) if lamp != "y"), 0)
            length = 0.0
            for duration, lamp in lamps[first:] + lamps[:first] + [(0, "end")]:
                if lamp == "y":
                    length += duration
                elif length:
                    runs.setdefault(index, []).append(length)
                    length = 0.0
    usual = min((min(r) for r in runs.values()), default=3.0)
    return {index: min(runs.get(index, [usual])) for index in range(len(junction.phases[0][1]))}


def forbidden_pairs(junction, net):
    """Pairs of links that cross or merge and that the net's own programs never show green together."""
    phases = sum(junction.former, junction.phases)
    shown = lambda a, b: any(s[a] in GREEN and s[b] in GREEN for _, s, *_ in phases)
    pairs = set()
    held = [k for k in junction.links if k.index is not None]
    for position, one in enumerate(held):
        for other in held[:position]:
            if one.node == other.node and one.lane != other.lane and one.index != other.index \
                    and foes(net.getNode(one.node), one.request, other.request) and not shown(one.index, other.index):
                pairs.add((min(one.index, other.index), max(one.index, other.index)))
    return sorted(pairs)
