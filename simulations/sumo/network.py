"""A SUMO net as greensplit sees it: every signalled junction with its groups, queues and conflicts.

Nothing here depends on options or demand, so the importer that writes site files and the plant that
drives the simulator derive the same signal groups, lane groups and detectors from the same net.
"""
import hashlib
import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import sumolib

import rings
from scenario import programs

GREEN = "Gg"
NEMA = "NEMA"                   # type of programs whose phases run in rings
ENDLESS = 40.0                  # yellow so long is one that another program is meant to end, s
TURNS = {"s": "through", "l": "left", "L": "left", "r": "right", "R": "right", "t": "u-turn", "T": "u-turn"}
LETTERS = {"through": "T", "left": "L", "right": "R", "u-turn": "U"}
# Without counts of turns: most drive on, few turn back.
USUAL_SHARES = {"through": 6.0, "left": 2.0, "right": 2.0, "u-turn": 0.1}
NAME_LIMIT = 64


@dataclass(frozen=True)
class Link:
    """One way through a junction: from a lane to a lane, held by a position in the signal's states."""
    index: int | None           # position in the states; None without a signal
    lane: str                   # where it comes from
    to_lane: str
    turn: str
    node: str
    request: int                # position in the node's right-of-way matrix
    inside: tuple               # lengths of the lanes inside the node, m: who gives way waits at the end of each but the last


@dataclass
class Group:
    """A signal group: positions in the signal's states that always show the same."""
    name: str
    indices: list
    is_crossing: bool = False


@dataclass
class Movement:
    turn: str
    group: int | None
    share: float
    to_lanes: list


@dataclass
class LaneGroup:
    """One lane before a stop line, with the road behind it as far as a camera looks."""
    name: str
    lane: str
    approach: int
    length: float
    speed: float
    movements: list
    chain: list                 # (lane, its end's distance from the stop line), the stop line's first
    upstream: list = field(default_factory=list)

    @property
    def own_length(self):
        """Of the lane itself, m."""
        return self.chain[1][1] if len(self.chain) > 1 else self.length


@dataclass
class Approach:
    name: str
    heading: float
    speed: float
    edge: str


@dataclass
class Crossing:
    name: str
    group: int
    length: float
    walk: float = 0.0
    clearance: float = 0.0


def varies(duration, shortest, longest):
    """Whether the net lets the length of a phase follow traffic."""
    return any(bound not in (None, duration) for bound in (shortest, longest))


def is_endless_yellow(duration, state):
    """Whether a phase shows yellow that another program is meant to end."""
    return "y" in state and duration > ENDLESS


@dataclass
class Junction:
    """A traffic light of the net."""
    tls: str
    id: str
    phases: list                # (duration, state, shortest, longest); the last two None if not given
    offset: float
    former: list = field(default_factory=list)      # phases of programs that another one replaces
    links: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    approaches: list = field(default_factory=list)
    lane_groups: list = field(default_factory=list)
    crossings: list = field(default_factory=list)
    conflicts: set = field(default_factory=set)     # pairs (a, b) of groups, a < b
    yields: set = field(default_factory=set)        # pairs (a, b): a gives way to b
    notes: list = field(default_factory=list)       # what is expressed otherwise than the net has it
    refusal: str | None = None                      # why it cannot be expressed at all
    is_rail: bool = False                           # trains set it, by SUMO's own rules

    def state(self, lamps):
        """The net's state for a character a group, each of SUMO's; positions without a group stay as they are.

        That one may turn on red is no lamp's to say: it is a sign's, or the law. Nor is what a green that gives way
        looks like: at SUMO's "g" drivers slow down before the junction, at "G" they do not.
        """
        state = list(self.resting)
        for group, lamp in zip(self.groups, lamps):
            for index in group.indices:
                state[index] = self.red[index] if lamp == "r" else self.giving_way[index] if lamp == "g" else lamp
        return "".join(state)

    @cached_property
    def resting(self):
        """What positions show that no group holds: off where the net has no signal, else red."""
        states = [s for _, s, _, _ in self.phases]
        return [states[0][i] if states[0][i] in "oO" else self.red[i] for i in range(len(states[0]))]

    @cached_property
    def red(self):
        """Each position's red: SUMO's "s" where the program lets drivers turn on red after a stop."""
        states = [s for _, s, _, _ in self.phases]
        return ["s" if any(s[i] == "s" for s in states) else "r" for i in range(len(states[0]))]

    @cached_property
    def giving_way(self):
        """Each position's green that gives way: "G" where the program has that alone for those who do, else "g"."""
        greens = [{a for a, group in enumerate(self.groups) if any(s[i] in GREEN for i in group.indices)}
                  for _, s, _, _ in self.phases]
        lamps = ["g"] * len(self.phases[0][1])
        for a, group in enumerate(self.groups):
            yielding = [s for (_, s, _, _), green in zip(self.phases, greens) if any(self.gives_way(a, b) for b in green)]
            for index in group.indices:
                if {s[index] for s in yielding} & set(GREEN) == {"G"}:
                    lamps[index] = "G"
        return lamps

    def conflict(self, a, b):
        return (min(a, b), max(a, b)) in self.conflicts

    def gives_way(self, group, other):
        """Whether a group gives way to another that conflicts with it, as the net's matrix has it.

        Where the matrix says it of both or of neither, the later of the two gives way.
        """
        if group == other or not self.conflict(group, other):
            return False
        mine, theirs = (group, other) in self.yields, (other, group) in self.yields
        return group > other if mine == theirs else mine


def site_id(tls):
    """The junction's id: the net's own, shortened where a site file's names end."""
    if len(tls) <= NAME_LIMIT:
        return tls
    return tls[:NAME_LIMIT - 13] + "-" + hashlib.sha256(tls.encode()).hexdigest()[:12]


def read_net(path):
    """The net with programs, conflicts, crossings and the lanes within junctions; `nema`: its NEMA programs by light.

    sumolib leaves out the yellow and red of their phases.
    """
    net = sumolib.net.readNet(str(path), withPrograms=True, withInternal=True, withPedestrianConnections=True,
                              lxml=False)
    has_rings = any(p.getType() == NEMA for tls in net.getTrafficLights() for p in tls.getPrograms().values())
    net.nema = {logic.get("id"): logic for logic in programs(path) if logic.get("type") == NEMA} if has_rings else {}
    return net


def junctions(net, view=80.0):
    """Every traffic light of the net, in the order of ids; those that cannot be expressed say why."""
    found = []
    by_signal = {}
    for edge in net.getEdges(withInternal=True):
        for to in edge.getOutgoing().values():
            for connection in to:
                if connection.getTLSID():
                    by_signal.setdefault(connection.getTLSID(), []).append(connection)
    for tls in sorted(net.getTrafficLights(), key=lambda t: t.getID()):
        own = list(tls.getPrograms().values())
        if not own:
            held = by_signal.get(tls.getID(), [])
            is_rail = bool(held) and all(c.getJunction().getType().startswith("rail_") for c in held)
            refusal = "trains set it, by SUMO's own rules" if is_rail else "it has no signal program"
            found.append(Junction(tls.getID(), site_id(tls.getID()), [], 0, refusal=refusal, is_rail=is_rail))
            continue
        junction = Junction(tls.getID(), site_id(tls.getID()), phases(own[-1]), own[-1].getOffset())
        if len(own) > 1:
            junction.notes.append(f"of {len(own)} programs the last is taken, as SUMO does")
        if own[-1].getType() == NEMA:
            take_rings(junction, net.nema[tls.getID()])
        else:
            follow_branches(junction, [p.next for p in own[-1].getPhases()])
        describe(junction, by_signal.get(tls.getID(), []), net, view)
        found.append(junction)
    return found


def take_programs(junctions, files):
    """Gives junctions the programs in a scenario's additional files, which SUMO runs in place of the net's.

    Groups and queues stay those of the net: the importer and the plant derive them from it alone.
    """
    by_signal = {j.tls: j for j in junctions if j.phases}
    for file in map(Path, files):
        for logic in programs(file):
            junction, states = by_signal.get(logic.get("id")), [p.get("state") for p in logic.iter("phase")]
            if junction is None:
                continue
            name = f"program {logic.get('programID')} of {file.name}"
            red = [g.name for g in junction.groups if not any(s[i] in GREEN for s in states for i in g.indices if i < len(s))]
            if any(len(state) != len(junction.phases[0][1]) for state in states):
                junction.notes.append(f"{name} is left out: its states are not as long as the net's")
            elif not any(c in GREEN for state in states for c in state):
                junction.notes.append(f"{name} is left out: it shows nobody green")
            elif red:
                junction.notes.append(f"{name} is left out: it never shows {', '.join(red)} green")
            else:
                seconds = lambda phase, key: float(phase.get(key)) if phase.get(key) else None
                junction.former = junction.former + [junction.phases]
                junction.phases = [(seconds(p, "duration"), p.get("state"), seconds(p, "minDur"), seconds(p, "maxDur"))
                                   for p in logic.iter("phase")]
                junction.offset = seconds(logic, "offset") or 0.0
                junction.notes.append(f"{name} is taken, as SUMO does")
                if logic.get("type") == NEMA:
                    take_rings(junction, logic)
                else:
                    follow_branches(junction, [[int(n) for n in (p.get("next") or "").split()] for p in logic.iter("phase")])


def take_rings(junction, logic):
    """Gives a junction the cycle of a NEMA program's rings in place of its phases one by one."""
    read = rings.cycle(logic)
    if read is None:
        junction.notes.append("the rings of its NEMA program cannot be read; phases follow in their order")
        return
    states, reference = read
    junction.phases = [(seconds, state, None, None) for seconds, state in states]
    junction.offset -= reference
    junction.notes.append(f"the rings of its NEMA program run as fixed times of {sum(s for s, _ in states):g} s")


def follow_branches(junction, following):
    """Gives a junction the phases in the order in which they come: where the program branches, the first way of each.

    All of them as they stand where somebody would never be green so.
    """
    if not any(following):
        return
    way, place = [], 0
    while place not in way and 0 <= place < len(following):
        way.append(place)
        place = following[place][0] if following[place] else (place + 1) % len(following)
    way = way[way.index(place):] if place in way else []
    shown = lambda phases: {i for _, state, *_ in phases for i, lamp in enumerate(state) if lamp in GREEN}
    taken = [junction.phases[p] for p in way]
    if shown(taken) != shown(junction.phases):
        junction.notes.append("branches between phases (next) are left out; phases follow in their order")
        return
    junction.former = junction.former + [junction.phases]
    junction.phases = taken
    if len(way) < len(following):
        junction.notes.append("branches between phases (next): the first is followed each time, which leaves out "
                              f"{len(following) - len(way)}")


def phases(program):
    given = lambda seconds: None if seconds is None or seconds < 0 else float(seconds)
    return [(float(p.duration), p.state, given(p.minDur), given(p.maxDur)) for p in program.getPhases()]


def describe(junction, connections, net, view):
    """Fills in links, groups, queues and conflicts, or says why that cannot be done."""
    states = [s for _, s, _, _ in junction.phases]
    if not any(c in GREEN for s in states for c in s):
        junction.refusal = "its program shows nobody green"
        return
    vehicles = [c for c in connections if not c.getFrom().getFunction()]
    crossings = [c for c in connections if c.getTo().getFunction() == "crossing"]
    add_approaches(junction, vehicles)
    add_vehicle_groups(junction, vehicles, net, view)
    add_crossings(junction, crossings, net)
    add_conflicts(junction, net)
    if junction.refusal is not None:
        return
    if not junction.lane_groups:
        junction.refusal = "no lane is held by its signal"
    elif len(junction.groups) > 64:
        junction.refusal = f"it has {len(junction.groups)} signal groups; a site file takes 64"
    elif len(junction.lane_groups) > 32:
        junction.refusal = f"it has {len(junction.lane_groups)} lanes before stop lines; control takes 32"
    elif len(junction.approaches) > 16:
        junction.refusal = f"it has {len(junction.approaches)} approaches; a site file takes 16"


def shown_always(junction, index, kind):
    return all(s[index] in kind for _, s, _, _ in junction.phases)


def column(junction, index):
    return "".join(s[index] for _, s, _, _ in junction.phases)


# ---------------------------------------------------------------- approaches and queues
def heading(lane):
    """Direction of travel at the lane's end, degrees clockwise from north."""
    (x0, y0), (x1, y1) = [p[:2] for p in lane.getShape()[-2:]]
    return math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360


def add_approaches(junction, connections):
    """One approach an incoming edge, named by where its traffic comes from."""
    edges = sorted({c.getFrom() for c in connections},
                   key=lambda e: min(c.getTLLinkIndex() for c in connections if c.getFrom() is e))
    points = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
    headings = [heading(e.getLanes()[-1]) for e in edges]
    names = [points[round((h + 180) % 360 / 90) % 4 * 2] for h in headings]
    if len(set(names)) < len(names):
        names = [points[round((h + 180) % 360 / 45) % 8] for h in headings]
    for position, (edge, angle) in enumerate(zip(edges, headings)):
        name = names[position]
        if names.count(name) > 1:
            name += str(names[:position].count(name) + 1)
        # A lane's limit may be a walker's; the fastest is that of the road.
        speed = max(lane.getSpeed() for lane in edge.getLanes())
        junction.approaches.append(Approach(name, round(angle) % 360, speed, edge.getID()))


def request_of(connection):
    """Position in the right-of-way matrix of the node, whose order is that of the lanes inside."""
    node = connection.getJunction()
    inner = connection.getViaLaneID() or connection.getToLane().getID()
    within = node.getInternal() or []
    return within.index(inner) if inner in within else connection.getJunctionIndex()


def ways_inside(connection, net):
    """Lengths of the lanes inside the node, up to where who gives way waits for a gap and from there on."""
    lengths, inner = [], connection.getViaLaneID()
    while inner:
        lengths.append(net.getLane(inner).getLength())
        inner = next((onward.getViaLaneID() for onward in net.getLane(inner).getOutgoing()), "")
    return tuple(lengths)


def link_of(connection, net):
    held = connection.getTLSID() != ""
    return Link(connection.getTLLinkIndex() if held else None, connection.getFromLane().getID(),
                connection.getToLane().getID(), TURNS.get(connection.getDirection(), "through"),
                connection.getJunction().getID(), request_of(connection), ways_inside(connection, net))


def add_vehicle_groups(junction, connections, net, view):
    """Groups by lane and turn where the program shows them alike, and a lane group for each lane."""
    lanes = sorted({c.getFromLane() for c in connections},
                   key=lambda l: ([a.edge for a in junction.approaches].index(l.getEdge().getID()), l.getIndex()))
    wanted = []                 # (lane, turn, links)
    for lane in lanes:
        # What leaves the lane at its end: walkers' ways into junctions are none of a vehicle's.
        links = [link_of(c, net) for c in lane.getOutgoing() if not c.getTo().getFunction()]
        links = [k for k in links if is_open(junction, k)]
        wanted += [(lane, turn, part) for turn, part in by_turn(junction, links)]
    groups = merged_groups(junction, wanted)
    counters = {}
    for lane in lanes:
        mine = [(turn, links) for l, turn, links in wanted if l is lane]
        if not any(k.index is not None for _, links in mine for k in links):
            junction.notes.append(f"lane {lane.getID()} is held by nobody's green and left out")
            continue
        add_lane_group(junction, lane, mine, groups, look_back(lane, net, view), counters)
    for group in junction.groups:
        if group.name.endswith("1") and group.name[:-1] + "2" not in [g.name for g in junction.groups]:
            group.name = group.name[:-1]


def is_open(junction, link):
    if link.index is None or shown_always(junction, link.index, "oO"):
        return True
    if any(s[link.index] in GREEN for _, s, _, _ in junction.phases):
        return True
    junction.notes.append(f"link {link.index} ({link.lane} to {link.to_lane}) is never green and stays red")
    return False


def by_turn(junction, links):
    """The links of a lane by turn; where the program shows the links of one turn differently, each way of
    showing takes a turn that is free."""
    parts = []
    for turn in ("right", "through", "left", "u-turn"):
        ways = {}
        for link in (k for k in links if k.turn == turn):
            ways.setdefault("off" if off(junction, link) else column(junction, link.index), []).append(link)
        for way in ways.values():
            parts.append((turn, way))
    parts = folded(junction, parts)
    taken = []
    for position, (turn, way) in enumerate(parts):
        if turn in taken:
            free = [t for t in LETTERS if t not in taken and t not in [p[0] for p in parts]]
            if not free:
                junction.refusal = (f"lane {way[0].lane} has more than four ways of which no two are ever green together; "
                                    "a lane group takes four turns")
                break
            junction.notes.append(f"link {way[0].index} of lane {way[0].lane} goes {turn} and is called {free[0]}, "
                                  "for the program shows its two ways differently")
            parts[position] = (free[0], way)
        taken.append(parts[position][0])
    return parts


def folded(junction, parts):
    """Ways of a lane, those put together that lose least by it until there is a turn for each.

    Ways that share a signal group are green where all of them are. Those come first that are green together
    anyway, and among them those of a turn that is there twice.
    """
    greens = lambda way: {p for k in way for p, (_, s, _, _) in enumerate(junction.phases) if s[k.index] in GREEN}
    shared = lambda way: set.intersection(*(greens([k]) for k in way))
    parts = list(parts)
    while len(parts) > len(LETTERS):
        turns = [turn for turn, _ in parts]
        held = [p for p, (_, way) in enumerate(parts) if not any(off(junction, k) for k in way)]
        pairs = [(p, q) for p in held for q in held if p < q and shared(parts[p][1] + parts[q][1])]
        if not pairs:
            return parts

        def gain(pair):
            ways = [parts[p][1] for p in pair]
            lost = len(shared(ways[0]) | shared(ways[1])) - len(shared(ways[0] + ways[1]))
            return -lost, max(turns.count(turns[p]) for p in pair), -pair[0]
        first, second = max(pairs, key=gain)
        ways = sorted(parts[first][1] + parts[second][1], key=lambda k: k.index)
        turn = min((turns[p] for p in (first, second)), key=turns.count)
        junction.notes.append(f"links {', '.join(str(k.index) for k in ways)} of lane {ways[0].lane} have one signal group, "
                              "green where all of them are: a lane group takes four turns")
        parts[first] = (turn, ways)
        del parts[second]
    return parts


def off(junction, link):
    """Whether no lamp holds a link."""
    return link.index is None or shown_always(junction, link.index, "oO")


def merged_groups(junction, wanted):
    """The group of each signal position: positions of one lane and turn together, and likewise whoever
    shares a position with them."""
    owner = {}
    for _, _, links in wanted:
        held = sorted({k.index for k in links if k.index is not None and not shown_always(junction, k.index, "oO")})
        together = {owner[i] for i in held if i in owner} | set(held)
        for index in list(owner) + held:
            if owner.get(index, index) in together:
                owner[index] = min(together)
    junction.groups = [Group("", sorted(i for i in owner if owner[i] == root)) for root in sorted(set(owner.values()))]
    return {i: position for position, g in enumerate(junction.groups) for i in g.indices}


def add_lane_group(junction, lane, ways, groups, seen, counters):
    approach = [a.edge for a in junction.approaches].index(lane.getEdge().getID())
    name = junction.approaches[approach].name
    movements = []
    for turn, links in ways:
        junction.links += links
        held = [groups[k.index] for k in links if k.index in groups]
        group = held[0] if held else None
        if turn in [m.turn for m in movements]:
            continue
        movements.append(Movement(turn, group, USUAL_SHARES[turn], [k.to_lane for k in links]))
        if group is not None and not junction.groups[group].name:
            letter = LETTERS[turn]
            counters[approach, letter] = counters.get((approach, letter), 0) + 1
            junction.groups[group].name = f"{name}.{letter}{counters[approach, letter]}"
    total = sum(m.share for m in movements)
    for movement in movements:
        movement.share /= total
    chain, length = seen
    junction.lane_groups.append(LaneGroup(f"{name}.{lane.getIndex()}", lane.getID(), approach, length, lane.getSpeed(),
                                          movements, chain))


def look_back(lane, net, view):
    """The lanes that a camera at the stop line sees, and how long the queue before it may grow.

    A lane shorter than the view goes on with those straight behind it, to the next signal. Before a fork
    all count: nobody sees where a driver will turn.
    """
    chain = []
    longest = lane.getLength()
    ahead = [(lane, 0.0)]
    while ahead:
        here, distance = ahead.pop(0)
        chain.append((here.getID(), round(distance, 2)))
        far = distance + here.getLength()
        longest = max(longest, far)
        if far >= view:
            continue
        for connection, inner in ways_into(here, net):
            if inner and inner.getID() not in [l for l, _ in chain]:
                chain.append((inner.getID(), round(far, 2)))
            behind = connection.getFromLane()
            if behind.getID() not in [l for l, _ in chain]:
                ahead.append((behind, far + (inner.getLength() if inner else 0.0)))
    return chain, longest


def ways_into(lane, net):
    """Connections by which traffic comes straight into the lane past no signal, with the lane inside the
    junction between; a bend counts where nothing else leads here."""
    ways = [c for part in lane.getEdge().getIncoming().values() for c in part
            if c.getToLane() is lane and not c.getTLSID() and c.getDirection() not in "tT"
            and not c.getFrom().getFunction()]
    straight = [c for c in ways if c.getDirection() in "sLR"]
    return [(c, net.getLane(c.getViaLaneID()) if c.getViaLaneID() else None)
            for c in straight or (ways if len(ways) == 1 else [])]


# ---------------------------------------------------------------- crossings and conflicts
def add_crossings(junction, connections, net):
    """A pedestrian group for each crossing that the program lets go."""
    for number, connection in enumerate(sorted(connections, key=lambda c: c.getTLLinkIndex()), 1):
        link = link_of(connection, net)
        if not is_open(junction, link):
            continue
        if shown_always(junction, link.index, "oO"):
            continue
        indices = sorted({link.index, connection.getTLLinkIndex2()} - {-1})
        junction.links.append(link)
        junction.groups.append(Group(f"P{number}", indices, is_crossing=True))
        junction.crossings.append(Crossing(f"crossing {number}", len(junction.groups) - 1,
                                           connection.getToLane().getLength()))


def foes(node, first, second):
    """Whether two links of a node cross or merge, as its matrix has it."""
    if first < 0 or second < 0 or first not in node._foes or second not in node._foes:
        return False
    return node.areFoes(first, second) or node.areFoes(second, first)


def responds(node, first, second):
    """Whether the first link must give way to the second."""
    if first < 0 or first not in node._prohibits:
        return False
    return node._prohibits[first][-(second + 1)] == "1"


def add_conflicts(junction, net):
    """Which groups conflict, and who gives way, from the matrices of the nodes."""
    group_of = {i: position for position, g in enumerate(junction.groups) for i in g.indices}
    held = [k for k in junction.links if k.index in group_of]
    for position, one in enumerate(held):
        for other in held[:position]:
            a, b = group_of[one.index], group_of[other.index]
            if a == b or one.node != other.node:
                continue
            node = net.getNode(one.node)
            if one.lane == other.lane or not foes(node, one.request, other.request):
                continue
            junction.conflicts.add((min(a, b), max(a, b)))
            if responds(node, one.request, other.request):
                junction.yields.add((a, b))
            if responds(node, other.request, one.request):
                junction.yields.add((b, a))
