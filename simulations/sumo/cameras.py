"""Cameras at stop lines, with the faults of real ones. They tell counts by lane and nothing else."""
import random

STANDING = 2.0                  # a vehicle below it stands, m/s (docs/count-record.md)
FRONT = 0.1                     # the counting line lies this far before the stop line, m


class Camera:
    """One camera, which sees one lane and the road straight behind it."""

    def __init__(self, lane, chain, view):
        self.lane = lane
        # The scenario may have a detector that is called as its lane.
        self.line = f"stop line {lane}"
        self.chain = [(l, distance) for l, distance in chain if distance < view]
        self.view = view
        self.passed = 0
        self.since = 0.0        # when its last counted vehicle crossed


class Cameras:
    """All cameras of a run. A simulator is asked through `sim`, which is libsumo or traci."""

    def __init__(self, junctions, begin, options):
        self.interval = options.interval
        self.latency = options.latency
        self.options = options
        self.random = random.Random(f"cameras {options.seed}")
        self.all = [Camera(lane.lane, lane.chain, options.view) for j in junctions for lane in j.lane_groups]
        for camera in self.all:
            camera.since = begin
        count = round(options.dead * len(self.all))
        self.dead = set(random.Random(f"dead {options.seed}").sample([c.lane for c in self.all], count))
        self.begin = begin
        self.pending = []       # (when it comes in, record)
        self.sharing = shared_lanes(self.all)

    def detectors(self):
        """The counting lines as an additional file for SUMO."""
        lines = [f'  <inductionLoop id="{escaped(c.line)}" lane="{escaped(c.lane)}" pos="-{FRONT}" '
                 'period="86400" file="NUL" friendlyPos="true"/>' for c in self.all]
        return "<additional>\n" + "\n".join(lines) + "\n</additional>\n"

    def watch(self, sim):
        """Counts who has crossed in the last step of the simulator."""
        for camera in self.all:
            latest = camera.since
            for _, _, entry, _, _ in sim.inductionloop.getVehicleData(camera.line):
                if entry > camera.since:
                    camera.passed += self.seen(1, doubling=True)
                    latest = max(latest, entry)
            camera.since = latest

    def report(self, sim, now):
        """Ends an interval at `now` and hands out the records that have come in by then."""
        if now - self.begin >= self.interval - 1e-6:
            for camera in self.all:
                standing, moving = self.look(sim, camera)
                standing, moving = self.seen(standing), self.seen(moving)
                if not (camera.lane in self.dead and now >= self.options.dead_from):
                    self.pending.append((now + self.latency, {
                        "v": 1, "det": camera.lane, "start": number(self.begin), "end": number(now),
                        "count": camera.passed, "in_view": standing + moving, "queue": standing}))
                camera.passed = 0
            self.begin = now
        due = [record for when, record in self.pending if when <= now + 1e-6]
        self.pending = [(when, record) for when, record in self.pending if when > now + 1e-6]
        return due

    def look(self, sim, camera):
        """Vehicles in view that stand, and that move. Those on a lane that several cameras see behind
        their own lanes are dealt out among them: nobody can tell where they will go."""
        standing = moving = 0
        for lane, distance in camera.chain:
            cameras = self.sharing[lane]
            share = cameras.index(camera.lane)
            far = sim.lane.getLength(lane) - (camera.view - distance)
            for place, vehicle in enumerate(reversed(sim.lane.getLastStepVehicleIDs(lane))):
                if sim.vehicle.getLanePosition(vehicle) < far:
                    break
                if place % len(cameras) != share:
                    continue
                if sim.vehicle.getSpeed(vehicle) < STANDING:
                    standing += 1
                else:
                    moving += 1
        return standing, moving

    def seen(self, vehicles, doubling=False):
        """How many a camera makes of them; drawn anew for each vehicle and record."""
        if self.options.miss == 0 and self.options.double == 0:
            return vehicles
        total = 0
        for _ in range(vehicles):
            missed, doubled = self.random.random() < self.options.miss, self.random.random() < self.options.double
            total += 0 if missed else 2 if doubling and doubled else 1
        return total


def shared_lanes(cameras):
    """For every lane the cameras that see it."""
    sharing = {}
    for camera in cameras:
        for lane, _ in camera.chain:
            sharing.setdefault(lane, []).append(camera.lane)
    return sharing


def number(value):
    """Whole seconds without a point."""
    value = round(value, 3)
    return int(value) if value == int(value) else value


def escaped(text):
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
