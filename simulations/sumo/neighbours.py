"""Which lane groups of other junctions send their vehicles to which of a net's lane groups."""
from dataclasses import dataclass

from network import TURNS, USUAL_SHARES

REACH = 120.0                   # control looks no further back than this, s
LEAST_SHARE = 0.02              # below it a way is noise


@dataclass
class Upstream:
    junction: str
    lane_group: str
    share: float
    travel_time: float


def connect(junctions, net):
    """Fills in `upstream` of every lane group: shares by usual turns, times at free flow."""
    arrivals = {}               # edge: [(junction, its lane groups on that edge)]
    for junction in junctions:
        for lane in junction.lane_groups:
            arrivals.setdefault(junction.approaches[lane.approach].edge, []).append((junction, lane))
    for junction in junctions:
        for lane in junction.lane_groups:
            reached = {}
            for movement in lane.movements:
                inner = net.getLane(lane.lane).getOutgoing()
                via = [c for c in inner if c.getToLane().getID() in movement.to_lanes]
                follow(via[0], movement.share, 0.0, arrivals, junction, net, reached)
            for (other, target), (share, weighted) in sorted(reached.items()):
                if share >= LEAST_SHARE:
                    lane_group = next(l for _, l in sum(arrivals.values(), []) if l.lane == target)
                    lane_group.upstream.append(Upstream(junction.id, lane.name, int(share * 1000) / 1000,
                                                        max(0.1, round(weighted / share, 1))))


def follow(connection, share, time, arrivals, origin, net, reached):
    """Adds up what of `share` comes to other junctions' lane groups by a connection and all beyond it."""
    inner = connection.getViaLaneID()
    if inner:
        time += net.getLane(inner).getLength() / net.getLane(inner).getSpeed()
    edge = connection.getTo()
    time += edge.getLength() / edge.getSpeed()
    if share < LEAST_SHARE or time > REACH:
        return
    if edge.getID() in arrivals:
        ends = arrivals[edge.getID()]
        for junction, lane in ends:
            if junction is not origin:
                before, weighted = reached.get((junction.id, lane.lane), (0.0, 0.0))
                part = share / len(ends)
                reached[junction.id, lane.lane] = (before + part, weighted + part * time)
        return
    ways = {}
    for connections in edge.getOutgoing().values():
        for onward in connections:
            if not onward.getTo().getFunction():
                ways.setdefault(onward.getTo().getID(), onward)
    weights = {to: USUAL_SHARES[TURNS.get(c.getDirection(), "through")] for to, c in ways.items()}
    for to, onward in sorted(ways.items()):
        follow(onward, share * weights[to] / sum(weights.values()), time, arrivals, origin, net, reached)
