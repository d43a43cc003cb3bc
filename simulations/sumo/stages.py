"""Stages of a junction: those of the net's program, and those that its conflicts allow besides."""
import math
from dataclasses import dataclass, field, replace
from itertools import takewhile

from network import GREEN, is_endless_yellow, varies

STAGE_LIMIT = 16                # of a site file, and of a plan's entries
YELLOW = 3.0                    # where the net has none, s
LONGEST_YELLOW = 10.0           # of a site file, s
LONGEST_GREEN = 600.0           # of a site file, s
LONGEST_INTERGREEN = 25.4       # of a site file, s
LONGEST_ALL_RED = 30.0          # of a site file, s
LONGEST_CLEARANCE = 6.0         # of a change nobody takes longer to clear a junction, s
ROOM_TO_WAIT = 30.0             # length of a lane within a junction, m: four vehicles, what 8 s of green let in
PASSING = 1.0                   # shortest green of a stage in which nobody's green both begins and ends, s
SHORT_ROAD = 60.0               # between two signals: what fills it stands in the junction upstream, m
VEHICLE = 7.5                   # road that a standing vehicle takes, m
START_UP = 2.0                  # lost before the first of a queue moves, s
ACCELERATION = 2.5              # of drivers who leave a junction, m/s2
HEADWAY = 2.0                   # between vehicles of a queue that leaves, s
WALK = 5.0                      # steady green for stepping off, s
WALKING_SPEED = 1.2             # of those who clear a crossing, m/s


@dataclass
class Stage:
    name: str
    green: list                 # groups with right of way
    permissive: list            # groups that give way
    yellow: float
    all_red: float
    min_green: float
    max_green: float | None = None      # as the net says; None if it does not
    only_next: int | None = None        # the one stage that may follow: who is cleared in it walks
    running_on: frozenset = frozenset() # groups that are green in any stage from which this one may come
    going_on: frozenset = frozenset()   # groups that are green in any stage that may follow
    passing: "Stage | None" = None      # the same where it may pass sooner

    @property
    def served(self):
        return set(self.green) | set(self.permissive)

    @property
    def is_passing(self):
        return bool(self.running_on or self.going_on)

    def joins(self, following):
        """Whether every green that is part of a longer one has the rest of it in a stage of full length, and nobody is
        shown for longer what may pass."""
        if following.running_on and (self.is_passing or not following.running_on <= self.served):
            return False
        if following.passing and not following.passing.going_on and self.joins(following.passing):
            return False
        return not self.going_on or not following.is_passing and self.going_on <= following.served


@dataclass(frozen=True)
class Part:
    """Phases of the net's program that serve the same groups; nobody in a change."""
    served: frozenset
    state: str
    duration: float
    start: float                # in the program's cycle, s
    shortest: float | None      # as the net says; None if it does not, or if it is always as long
    longest: float | None

    def followed_by(self, other):
        """Both as one green."""
        given = [seconds for seconds in (self.shortest, other.shortest) if seconds is not None]
        longest = None if self.longest is None or other.longest is None else self.longest + other.longest
        return replace(self, duration=self.duration + other.duration, shortest=sum(given) if given else None,
                       longest=longest)


@dataclass
class Timing:
    """Stages, and the net's own plan as (stage, green) with its offset."""
    stages: list = field(default_factory=list)
    plan: list = field(default_factory=list)
    offset: float = 0.0
    cleared: dict = field(default_factory=dict)     # longest (yellow, all-red) after each group's green in the program

    def forbidden(self, junction):
        """Pairs of stages of which the second may not follow the first."""
        places = range(len(self.stages))
        own = self.own_changes()
        return [(a, b) for a in places for b in places if a != b and (a, b) not in own
                and (self.stages[a].only_next not in (None, b) or not self.stages[a].joins(self.stages[b])
                     or traps(junction, self.stages[a], self.stages[b]))]

    def intergreens(self, junction):
        """Changes beside the program with the time that they need beyond their stage's own: as long as the program takes
        wherever any of those who lose green in them loses it. (from, to, s)"""
        own, forbidden = self.own_changes(), set(self.forbidden(junction))
        needed = {}
        for a, stage in enumerate(self.stages):
            for b, following in enumerate(self.stages):
                if a != b and (a, b) not in own | forbidden:
                    lost = [sum(self.cleared[g]) for g in stage.served - following.served if g in self.cleared]
                    needed[a, b] = min(tenths(max(lost, default=0.0)), LONGEST_INTERGREEN)
        return [(a, b, seconds) for (a, b), seconds in needed.items()
                if seconds > tenths(self.stages[a].yellow + self.stages[a].all_red)]

    def own_changes(self):
        """Pairs of stages that follow each other in the program."""
        places = [place for place, _ in self.plan]
        return set(zip(places, places[1:] + places[:1]))


def tenths(seconds):
    return round(seconds * 10) / 10


def from_program(junction, min_green, max_green):
    """The stages of the net's program. Whatever is expressed otherwise is noted at the junction."""
    runs = green_runs(junction, min_green)
    shorten_endless(junction, runs, max_green)
    timing = Timing()
    usual = min(max([run["yellow"] for run in runs], default=0), LONGEST_YELLOW) or YELLOW
    positions = []
    for run in runs:
        positions.append(position_of(junction, timing, run, min_green))
    for number, run in enumerate(runs):
        settle_change(junction, timing, run, positions[number], runs[(number + 1) % len(runs)],
                      positions[(number + 1) % len(runs)], usual)
    for stage in timing.stages:
        if stage.only_next is None and stage.yellow == 0:
            stage.yellow = usual
    for number, run in enumerate(runs):
        stage, green = timing.stages[positions[number]], tenths(run["green"] - run["shortened"])
        if green < stage.min_green:
            junction.notes.append(f"stage {stage.name} is green for {green:g} s in the net's program and for "
                                  f"{stage.min_green:g} s here, the shortest green")
            green = stage.min_green
        if timing.plan and timing.plan[-1][0] == positions[number]:
            timing.plan[-1] = (positions[number], tenths(timing.plan[-1][1] + green))
        else:
            timing.plan.append((positions[number], green))
    if len(timing.plan) > 1 and timing.plan[0][0] == timing.plan[-1][0]:
        timing.plan[0] = (timing.plan[0][0], tenths(timing.plan[0][1] + timing.plan.pop()[1]))
    settle_crossings(junction, timing)
    timing.offset = junction.offset + (runs[0]["start"] if runs else 0)
    return timing


def shorten_endless(junction, runs, max_green):
    """Greens that some other program is to end are no plan: they are as long as a green may be here."""
    for run in runs:
        if run["longest"] is not None:
            run["longest"] = min(run["longest"], LONGEST_GREEN)
        if run["green"] > LONGEST_GREEN:
            junction.notes.append(f"a green of {run['green']:.0f} s in the net's program is {max_green:g} s here; a site file "
                                  f"takes {LONGEST_GREEN:g} s")
            run["green"] = max_green


def green_runs(junction, min_green):
    """The program as greens, each with the change that follows it."""
    parts = without_clearances(junction, program_parts(junction), min_green)
    parts = without_ways(junction, parts, min_green)
    firsts = [i for i, part in enumerate(parts) if part.served]
    runs = []
    for place, first in enumerate(firsts):
        until = firsts[place + 1] if place + 1 < len(firsts) else firsts[0] + len(parts)
        between = [parts[i % len(parts)] for i in range(first + 1, until)]
        part = parts[first]
        runs.append({"served": part.served, "green": part.duration, "start": part.start, "shortest": part.shortest,
                     "longest": part.longest, "change": sum(p.duration for p in between), "shortened": 0.0,
                     "yellow": max((sum(p.duration for p in between if p.state[i] == "y")
                                    for i in range(len(part.state))), default=0)})
    return runs


def program_parts(junction):
    """The phases in their order, neighbours together that serve the same.

    A phase is part of a change if it shows yellow or red with yellow, or nobody green. Where the net lets its length
    vary, it is a green of those that it shows green: nobody's yellow waits for traffic.
    """
    parts, start = [], 0.0
    for duration, state, shortest, longest in own_phases(junction):
        if is_endless_yellow(duration, state) and not varies(duration, shortest, longest):
            junction.notes.append(f"a yellow of {duration:.0f} s in the net's program is {YELLOW:g} s here: another program is "
                                  "to end it")
            duration = YELLOW
        is_change = (not any(c in GREEN for c in state)
                     or ("y" in state or "u" in state) and not varies(duration, shortest, longest))
        served = [] if is_change else [g for g, group in enumerate(junction.groups) if is_served(junction, group, state)]
        parts.append(Part(frozenset(served), state, duration, start, None if shortest == duration else shortest, longest))
        start += duration
    begin = next((i for i, part in enumerate(parts) if part.served != parts[i - 1].served), 0)
    together = []
    for part in parts[begin:] + parts[:begin]:
        if together and part.served and together[-1].served == part.served:
            together[-1] = together[-1].followed_by(part)
        else:
            together.append(part)
    return together


def without_clearances(junction, parts, min_green):
    """Greens of those alone who are green before and after are no stages: the junction is cleared for the others.

    One as long as a stage may be is one all the same for whom it gives right of way that he has not before and after.
    """
    greens = [i for i, part in enumerate(parts) if part.served]
    if len(greens) < 3:
        return parts
    clears = set()
    for place, i in enumerate(greens):
        sides = parts[greens[place - 1]], parts[greens[(place + 1) % len(greens)]]
        goes_on = lambda side: side.served if parts[i].duration < min_green else right_of_way(junction, side)
        if all(parts[i].served <= goes_on(side) for side in sides):
            clears.add(i)
    waits = [i for i in sorted(clears) if parts[i].duration > LONGEST_CLEARANCE]
    if waits:
        junction.notes.append(f"{sum(parts[i].duration for i in waits):g} s of the net's program show green to those alone "
                              "who are green before and after; they are left out")
    return [replace(part, served=frozenset()) if i in clears else part
            for i, part in enumerate(parts) if i not in waits]


def right_of_way(junction, part):
    """Those of a part's groups who give way to none of the others."""
    return {g for g in part.served if not any(junction.gives_way(g, other) for other in part.served)}


def without_ways(junction, parts, min_green):
    """The parts without greens that are but the way from one stage to the next.

    Programs let some leave earlier than others, or come earlier. Such a green is shorter than a stage's may be, and
    serves those alone who are served before it, or after it; its time counts there, so that the cycle stays as long.
    """
    whole = [i for i, part in enumerate(parts) if part.served and part.duration >= min_green]
    if len(whole) < 2:
        return parts
    parts = parts[whole[0]:] + parts[:whole[0]]
    whole = [i - whole[0] for i in whole]
    cycle = sum(part.duration for part in parts)
    time = lambda some: sum(part.duration for part in some)
    stages, changes, moved = [parts[i] for i in whole], [], 0.0
    for number, (first, until) in enumerate(zip(whole, whole[1:] + [len(parts)])):
        between, following = parts[first + 1:until], (number + 1) % len(whole)
        earlier = reach(between, stages[number], min_green)
        later = len(between) - reach(between[earlier:][::-1], stages[following], min_green)
        stages[number] = replace(stages[number], duration=stages[number].duration + time(between[:earlier]))
        ahead = time(between[later:])
        stages[following] = replace(stages[following], duration=stages[following].duration + ahead,
                                    start=(stages[following].start - ahead) % cycle)
        changes.append(between[earlier:later])
        moved += time(between[:earlier]) + ahead
    if moved:
        junction.notes.append(f"{moved:g} s of the net's program, in which some are green no more or not yet, count as "
                              "green of the stage before or after")
    return [part for stage, change in zip(stages, changes) for part in [stage, *change]]


def reach(parts, stage, min_green):
    """How many of the parts next to a stage are its own: up to the last short green of those whom it serves."""
    own = 0
    for number, part in enumerate(parts, 1):
        if part.served and (part.duration >= min_green or not part.served <= stage.served):
            break
        own = number if part.served else own
    return own


def own_phases(junction):
    """The phases as the junction's groups are shown them: other positions, of arms that the net no longer has or
    that no vehicle drives on, are red. Time that is theirs alone is left out, and noted, unless it is short enough
    to be a clearance."""
    held = {i for group in junction.groups for i in group.indices}
    lit = lambda state: any(c in GREEN or c in "yu" for c in state)
    seen = ["".join(c if i in held else "r" for i, c in enumerate(s)) for _, s, _, _ in junction.phases]
    theirs = [lit(s) and not lit(own) for (_, s, _, _), own in zip(junction.phases, seen)]
    phases = [(d, own, *bounds) for (d, _, *bounds), own in zip(junction.phases, seen)]
    left_out = [p for run in cyclic_runs(theirs) if sum(phases[p][0] for p in run) > LONGEST_CLEARANCE for p in run]
    if left_out:
        junction.notes.append(f"{sum(phases[p][0] for p in left_out):g} s of the net's program show green or yellow to "
                              "positions alone that no lane here has; they are left out")
    return [phase for p, phase in enumerate(phases) if p not in left_out]


def cyclic_runs(marks):
    """Positions of neighbouring marks together, the last and the first being neighbours; not all are marked."""
    begins = [p for p, mark in enumerate(marks) if mark and not marks[p - 1]]
    runs = [[p + k for k in range(len(marks))] for p in begins]
    return [[q % len(marks) for q in takewhile(lambda q: marks[q % len(marks)], run)] for run in runs]


def position_of(junction, timing, run, min_green):
    """The stage that a phase is, a new one if none before was the same."""
    served = sorted(run["served"])
    # Who must give way to somebody green is permissive, whatever the letter: 'g' with nobody to give way
    # to is a green, and of two that conflict one gives way.
    permissive = [g for g in served if any(junction.gives_way(g, other) for other in served)]
    green = [g for g in served if g not in permissive]
    for position, stage in enumerate(timing.stages):
        if (stage.green, stage.permissive) == (green, permissive):
            return position
    timing.stages.append(Stage(letter(len(timing.stages)), green, permissive, 0.0, 0.0,
                               max(min_green, run["shortest"] or 0), run["longest"]))
    return len(timing.stages) - 1


def is_served(junction, group, state):
    """Whether a state shows a group green: all its positions, or any where the program never shows all."""
    greens = lambda s: [s[i] in GREEN for i in group.indices]
    whole = any(all(greens(s)) for _, s, *_ in junction.phases)
    return all(greens(state)) if whole else any(greens(state))


def traps(junction, stage, following):
    """Whether a change traps drivers who have driven in to turn and give way: they lose their green while
    the oncoming ones that they wait for drive on (the yellow trap)."""
    through = {m.group for lane in junction.lane_groups for m in lane.movements if m.turn == "through"}
    return any(junction.gives_way(group, other) for group in set(stage.permissive) - following.served
               for other in stage.served & following.served & through)


def settle_change(junction, timing, run, position, following, after, usual):
    """Yellow and all-red of a stage from the change that follows it in the program."""
    stage = timing.stages[position]
    if position == after:
        if run["change"]:
            junction.notes.append(f"stage {stage.name} follows itself after {run['change']:g} s in the net's program and "
                                  "goes on here, for nobody else is served between")
        return
    lost = stage.served - timing.stages[after].served
    vehicles = [g for g in lost if not junction.groups[g].is_crossing]
    if not lost:
        if run["change"]:
            junction.notes.append(f"the change from stage {stage.name} takes {run['change']:g} s in the net's program "
                                  "and none here, for nobody loses green in it; its time is green of that stage")
        run["shortened"] = -run["change"]
        return
    if not vehicles and not run["change"]:
        stage.only_next = after
        return
    if run["yellow"] == 0:
        if vehicles:
            names = ", ".join(junction.groups[g].name for g in sorted(vehicles))
            junction.notes.append(f"{names} {'lose' if len(vehicles) > 1 else 'loses'} green without yellow after stage "
                                  f"{stage.name}; {usual:g} s are put in")
        run["shortened"] = min(max(0.0, usual - run["change"]), max(0.0, run["green"] - stage.min_green))
    if run["yellow"] > LONGEST_YELLOW:
        junction.notes.append(f"stage {stage.name} ends with {run['yellow']:g} s of yellow in the net's program; a site "
                              f"file takes {LONGEST_YELLOW:g} s, and the rest is all-red")
    yellow = min(run["yellow"] or usual, LONGEST_YELLOW)
    all_red = tenths(max(0.0, run["change"] - yellow))
    if all_red > LONGEST_ALL_RED:
        junction.notes.append(f"stage {stage.name} ends with {all_red:g} s of all-red in the net's program; a site file takes "
                              f"{LONGEST_ALL_RED:g} s")
        all_red = LONGEST_ALL_RED
    stage.yellow = max(stage.yellow, yellow)
    stage.all_red = max(stage.all_red, all_red)
    for group in lost:
        before = timing.cleared.get(group, (0.0, 0.0))
        timing.cleared[group] = max(before[0], yellow), max(before[1], all_red)


def settle_crossings(junction, timing):
    """Walk and clearance of each crossing, and so the shortest greens of its stages.

    Those of the field, unless the net's own greens are shorter: its plan must keep to them.
    """
    for crossing in junction.crossings:
        stages = [s for s in timing.stages if crossing.group in s.served]
        room = min(green for position, green in timing.plan if crossing.group in timing.stages[position].served)
        crossing.clearance = float(math.ceil(crossing.length / WALKING_SPEED))
        crossing.walk = min(WALK, room - crossing.clearance)
        if crossing.walk < 1:
            crossing.walk, crossing.clearance = 1.0, max(1.0, room - 1)
            junction.notes.append(f"{crossing.name} is {crossing.length:.0f} m long and green for {room:g} s in the "
                                  "net's program, too short to cross it; its clearance is cut to fit")
        for stage in stages:
            stage.min_green = max(stage.min_green, crossing.walk + crossing.clearance)


def letter(number):
    return chr(ord("A") + number) if number < 26 else f"S{number + 1}"


# ---------------------------------------------------------------- stages beside the program
def add_stages(junction, timing, min_green, only_needed=False):
    """Adds the largest sets of lanes that may all go with right of way, completed by whoever fits.

    Of a lane all movements go, so nobody in it holds up the others. A set of lanes that another stage
    serves whole with right of way is left out: single turns more do not make up for it. With `only_needed` those alone are added without which a lane
    would never have all its movements green at once, which a site file asks for.
    """
    lanes = [{m.group for m in lane.movements if m.group is not None} for lane in junction.lane_groups]
    onward = ways_on(junction)
    ways = [set().union(*(onward[g] for g in lane)) for lane in lanes]
    free = lambda a, b: not any(junction.conflict(x, y) for x in a for y in b)
    open_lanes = {l for l in range(len(lanes)) if free(ways[l], ways[l])}
    neighbours = [{m for m in open_lanes if m != l and free(ways[l], ways[m])} for l in range(len(lanes))]
    found = []
    for clique in cliques(set(), open_lanes, set(), neighbours):
        green = completed(junction, set().union(*(ways[l] for l in clique)), onward)
        if any(all(lanes[l] <= set(stage.green) for l in clique) for stage in timing.stages + found):
            continue
        found.append(Stage("", sorted(green), [], *clearing(timing, green), min_green))
    whole = lambda stage, lane: lanes[lane] <= stage.served
    # Who has no way on with right of way goes all the same where no stage of the program serves his lane whole.
    for lane in range(len(lanes)):
        if lane not in open_lanes and free(lanes[lane], lanes[lane]) and not any(whole(s, lane) for s in timing.stages):
            found.append(Stage("", sorted(lanes[lane]), [], *clearing(timing, lanes[lane]), min_green))
    if only_needed:
        found = [s for s in found
                 if any(whole(s, l) and not any(whole(t, l) for t in timing.stages) for l in range(len(lanes)))]
    # Those first that serve a lane with right of way that nobody before does, then the widest.
    chosen = []
    while found and len(timing.stages) + len(chosen) < STAGE_LIMIT:
        new = lambda s: sum(lanes[l] <= set(s.green) and not any(lanes[l] <= set(t.green) for t in timing.stages + chosen)
                            for l in range(len(lanes)))
        best = max(found, key=lambda s: (new(s), sum(whole(s, l) for l in range(len(lanes))), -found.index(s)))
        found.remove(best)
        if only_needed and not new(best):
            continue
        best.name = letter(len(timing.stages) + len(chosen))
        chosen.append(best)
    if found and not only_needed:
        junction.notes.append(f"{len(found)} of the compatible stages are left out; a site file takes {STAGE_LIMIT}")
    timing.stages += chosen
    for lane in range(len(lanes)):
        if not any(whole(stage, lane) for stage in timing.stages):
            junction.refusal = f"no stage serves all of lane {junction.lane_groups[lane].lane}"


def clearing(timing, green):
    """Yellow and all-red after a green that the program does not have: as long as any of its groups needs there.

    Those of all stages where the program never ends the green of any of them.
    """
    needed = [timing.cleared[g] for g in green if g in timing.cleared] or [(s.yellow, s.all_red) for s in timing.stages]
    return max(yellow for yellow, _ in needed), max(all_red for _, all_red in needed)


def ways_on(junction):
    """Each group with those that must be green with it: of the lanes between the nodes of one signal that its drivers
    come to and that have no room for them to wait. Nobody is taken to turn back there."""
    forward = lambda lane: [m for m in lane.movements if m.group is not None and m.turn != "u-turn"]
    short = {lane.lane: lane for lane in junction.lane_groups if lane.own_length < ROOM_TO_WAIT}
    leads = {group: set() for group in range(len(junction.groups))}
    for lane in junction.lane_groups:
        for movement in forward(lane):
            leads[movement.group] |= {m.group for to in movement.to_lanes if to in short for m in forward(short[to])}
    onward = {}
    for group in leads:
        reached, new = {group}, {group}
        while new:
            new = set().union(*(leads[g] for g in new)) - reached
            reached |= new
        onward[group] = reached
    return onward


def completed(junction, green, onward):
    """Those and every vehicle group, in order, that conflicts with none of them, nor do its ways on."""
    green = set(green)
    for group, info in enumerate(junction.groups):
        if not info.is_crossing and not any(junction.conflict(one, g) for one in onward[group]
                                            for g in green | onward[group]):
            green |= onward[group]
    return green


def cliques(chosen, candidates, excluded, neighbours):
    """Bron and Kerbosch (1973) with a pivot: every largest set of mutual neighbours, always in the same order."""
    if not candidates and not excluded:
        yield sorted(chosen)
        return
    pivot = max(sorted(candidates | excluded), key=lambda v: len(candidates & neighbours[v]))
    for vertex in sorted(candidates - neighbours[pivot]):
        yield from cliques(chosen | {vertex}, candidates & neighbours[vertex], excluded & neighbours[vertex], neighbours)
        candidates = candidates - {vertex}
        excluded = excluded | {vertex}


# ---------------------------------------------------------------- stages that are part of longer greens
def let_pass(junction, timing, min_green, only_program=False):
    """Stages in which nobody's green both begins and ends pass as soon as the junction is clear for the next.

    A shortest green is a signal group's: who is green in the stage before, or in the one behind, has it there. So that he
    has it in every order, such a stage may come from and lead to those alone that serve him, for their full length; it is
    there once more for other orders, but with `only_program`. Stages that the net wants longer, or that walkers cross in,
    are as they are, and so are those right behind another signal: what the road between the two holds must get out.
    """
    if any(lane.upstream and lane.length <= SHORT_ROAD for lane in junction.lane_groups):
        return
    shorten_passing(junction, timing, min_green)
    if not only_program:
        add_full(timing, min_green)


def shorten_passing(junction, timing, min_green):
    """Gives those of the program's stages that may pass the time that they need."""
    places = [place for place, _ in timing.plan]
    around = {place: [] for place in places}
    for before, place, after in zip(places[-1:] + places, places, places[1:] + places[:1]):
        around[place].append((before, after))
    full = set()
    for place, sides in around.items():
        stage = timing.stages[place]
        served = lambda other: timing.stages[other].served
        begins = frozenset(g for g in stage.served if any(g not in served(before) for before, _ in sides))
        neighbours = {side for pair in sides for side in pair}
        shortest = max(PASSING, time_to_leave(junction, timing, stage))
        if place in full | neighbours or stage.min_green > min_green or shortest >= min_green \
                or any(junction.groups[g].is_crossing for g in stage.served) \
                or any(timing.stages[side].is_passing for side in neighbours) \
                or not all(begins <= served(after) for _, after in sides):
            continue
        stage.min_green, stage.running_on, stage.going_on = shortest, frozenset(stage.served) - begins, begins
        full |= neighbours


def time_to_leave(junction, timing, stage):
    """Green in which those leave the junction who gave way in a stage before, whole s.

    Once the oncoming traffic stops for yellow as many turners as have room to wait inside go one after the other, and
    from a lane that they share one more behind them, straight across. The yellow of this stage counts, for their stop
    line is behind them.
    """
    gave_way = lambda group: any(group in other.permissive for other in timing.stages)
    clearing = [group for group in stage.green if gave_way(group)]
    oncoming = min((other.yellow for other in timing.stages if set(clearing) & set(other.permissive)), default=0.0)
    longest = 0.0
    for link in junction.links:
        if any(link.index in junction.groups[group].indices for group in clearing):
            turners = int(sum(link.inside[:-1]) / VEHICLE)
            across = max((sum(other.inside) for other in junction.links
                          if turners and other.lane == link.lane and other.index != link.index), default=0.0)
            longest = max(longest, START_UP + HEADWAY * turners + math.sqrt(2 * across / ACCELERATION))
    return float(math.ceil(longest - oncoming - stage.yellow - stage.all_red))


def add_full(timing, min_green):
    """Passing stages once more, of full length and after whatever stage, unless another serves the same with right of way."""
    for stage in [s for s in timing.stages if s.is_passing]:
        serves_all = any(set(stage.green) <= set(other.green) and not other.is_passing for other in timing.stages)
        if not serves_all and len(timing.stages) < STAGE_LIMIT:
            timing.stages.append(replace(stage, name=letter(len(timing.stages)), min_green=min_green, running_on=frozenset(),
                                         going_on=frozenset(), passing=stage))
