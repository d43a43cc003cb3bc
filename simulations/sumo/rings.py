"""NEMA programs: phases that two rings run side by side, as states one after the other.

Each ring shows its phases in their order; a barrier is crossed by both rings at once. As fixed times a phase lasts its
split: its longest green (`maxDur`), yellow and red, the coordinated ones as much longer as the cycle is.
https://sumo.dlr.de/docs/Simulation/NEMA.html
"""
from dataclasses import dataclass

# The stronger of what both rings show a position is what it shows; who has just had green in one ring gives way in the
# other after that ring's yellow and red alone.
CLEARING = "R"
STRENGTH = "rsug" + CLEARING + "yGoO"
YELLOW = 3.0                    # where a phase does not say, s


@dataclass(frozen=True)
class Phase:
    name: str
    state: str
    green: float
    yellow: float
    red: float

    @property
    def split(self):
        return self.green + self.yellow + self.red


def cycle(logic):
    """A cycle of a `tlLogic` element of type NEMA, and how long after its begin, s, the program's offset falls; None if its
    rings cannot be read. The cycle: (seconds, state), the first phases of the rings first."""
    given = {p.get("key"): p.get("value") or "" for p in logic.iter("param")}
    names = lambda key: given.get(key, "").replace(",", " ").split()
    phases = {p.get("name"): phase(p) for p in logic.iter("phase")}
    rings = [names("ring1"), names("ring2")]
    barriers = set(names("barrierPhases") + names("barrier2Phases"))
    sides = between_barriers(rings, barriers, phases) if len(rings[0]) == len(rings[1]) else []
    width = len(next(iter(phases.values())).state)
    if not sides or any(len(p.state) != width or set(p.state) - set(STRENGTH) for p in phases.values()):
        return None
    lengths = [max(sum(p.split for p in ring) for ring in side) for side in sides]
    coordinated = set(names("coordinatePhases"))
    rest = float(given.get("total-cycle-length") or 0) - sum(lengths)
    if rest > 0:
        first = next((i for i, side in enumerate(sides) if any(p.name in coordinated for ring in side for p in ring)), 0)
        lengths[first] += rest
    shown = [[lamps for side, length in zip(sides, lengths) for lamps in filled(side[ring], length, coordinated)]
             for ring in (0, 1)]
    ends_there = "170" in given.get("controllerType", "")
    reference = [at for ring in shown for at in references(ring, coordinated, ends_there)]
    return together(*[course(ring, width) for ring in shown]), min(reference, default=0.0)


def references(ring, coordinated, ends_there):
    """When the coordinated phases of a ring begin, which is what an offset tells of (TS2), or end (Type 170), s."""
    times, begin = [], 0.0
    for phase, green in ring:
        end = begin + green + (0 if phase is None else phase.yellow + phase.red)
        if phase is not None and phase.name in coordinated:
            times.append(end if ends_there else begin)
        begin = end
    return times


def phase(element):
    seconds = lambda key, usual: float(element.get(key) or usual)
    return Phase(element.get("name"), element.get("state"), seconds("maxDur", element.get("duration")),
                 seconds("yellow", YELLOW), seconds("red", 0))


def between_barriers(rings, barriers, phases):
    """The phases of both rings by the side of a barrier on which they are; a name without a phase is an empty place."""
    sides, begin = [], 0
    for place in range(len(rings[0])):
        if place + 1 == len(rings[0]) or any(ring[place] in barriers for ring in rings):
            sides.append([[phases[n] for n in ring[begin:place + 1] if n in phases] for ring in rings])
            begin = place + 1
    return [side for side in sides if side[0] or side[1]]


def filled(ring, length, coordinated):
    """Phases with their greens, which fill `length`: the coordinated one's is longer, or else the last one's."""
    if not ring:
        return [(None, length)]
    longer = next((p for p in ring if p.name in coordinated), ring[-1])
    rest = length - sum(p.split for p in ring)
    return [(p, p.green + (rest if p is longer else 0)) for p in ring]


def course(ring, width):
    """(seconds, state) of one ring: who is green in the next phase too stays green between."""
    lamps = []
    for place, (phase, green) in enumerate(ring):
        if phase is None:
            lamps.append((green, "r" * width))
            continue
        following = ring[(place + 1) % len(ring)][0]
        stays = [following is not None and following.state[i] in "gG" for i in range(width)]
        ends = lambda lamp: "".join(c if c not in "gG" or stays[i] else lamp for i, c in enumerate(phase.state))
        lamps += [(green, phase.state), (phase.yellow, ends("y")), (phase.red, ends(CLEARING))]
    return [(seconds, state) for seconds, state in lamps if seconds > 0]


def together(one, other):
    """What both rings show at once."""
    merged = []
    one, other = list(one), list(other)
    while one and other:
        seconds = min(one[0][0], other[0][0])
        state = "".join(max(a, b, key=STRENGTH.index) for a, b in zip(one[0][1], other[0][1])).replace(CLEARING, "r")
        if merged and merged[-1][1] == state:
            merged[-1] = (merged[-1][0] + seconds, state)
        else:
            merged.append((seconds, state))
        for ring in (one, other):
            left = round(ring[0][0] - seconds, 3)
            ring[:1] = [(left, ring[0][1])] if left > 0 else []
    return [(round(seconds, 3), state) for seconds, state in merged]
