"""Writes the scenario of a working day of a hundred junctions: ten grids like simulations/ten-junctions.yaml.

    python3 Tests/replay/day.py SITE.yaml SCENARIO.yaml [--grids 10] [--hours 24] [--cameras 10]

Recorded by `simulate --alone --history`, it is what `make bench-replay` replays.
"""

import argparse
import os

# Share of the greatest flow by the hour: two peaks and a flat noon, as counts of Chinese towns have them.
DAY = [10, 7, 5, 5, 7, 18, 50, 95, 100, 85, 75, 70, 68, 70, 72, 76, 86, 100, 95, 70, 50, 36, 25, 15]

# Flow of the busiest hour on each road into a grid, veh/h: through, left, right.
ENTRIES = {"N": (400, 90, 60), "S": (340, 80, 60), "W": (850, 130, 80), "E": (850, 130, 80)}

COLUMNS = 5


def roads(grid):
    """Pairs of neighbours, both ways, with the side on which traffic arrives."""
    for row in range(2):
        for column in range(COLUMNS):
            here = row * COLUMNS + column
            if column + 1 < COLUMNS:
                yield name(grid, here), name(grid, here + 1), "W.T N.L", "W"
                yield name(grid, here + 1), name(grid, here), "E.T S.L", "E"
            if row == 0:
                yield name(grid, here), name(grid, here + COLUMNS), "N.T E.L", "N"
                yield name(grid, here + COLUMNS), name(grid, here), "S.T W.L", "S"


def name(grid, position):
    return f"D{grid:02}{position:02}"


def entries(position):
    """Sides of a junction on which traffic enters the grid."""
    row, column = divmod(position, COLUMNS)
    sides = "N" if row == 0 else "S"
    if column == 0:
        sides += "W"
    if column == COLUMNS - 1:
        sides += "E"
    return sides


def profile(peak, hours):
    points = [
        f"{{at: {hour:02}:30, flow: {peak * DAY[hour] / 100:.0f} veh/h}}" for hour in range(hours)
    ]
    return f"[{', '.join(points)}]"


def scenario(site, options):
    grids = range(options.grids)
    junctions = [(grid, position) for grid in grids for position in range(2 * COLUMNS)]
    yield "name: a day"
    yield "begin: 00:00"
    yield f"length: {options.hours * 3600} s"
    yield f"camera_interval: {options.cameras} s"
    yield "sites:"
    for grid, position in junctions:
        yield f"  - {{site: {site}, as: {name(grid, position)}}}"
    yield "roads:"
    for grid in grids:
        for begin, end, sources, side in roads(grid):
            for source in sources.split():
                for turn, share in (("T", 0.8), ("L", 0.1), ("R", 0.1)):
                    yield (
                        f"  - {{from: {{junction: {begin}, lane_group: {source}}}, "
                        f"to: {{junction: {end}, lane_group: {side}.{turn}}}, "
                        f"share: {share}, travel_time: 25 s}}"
                    )
    yield "demand:"
    for grid, position in junctions:
        yield f"  {name(grid, position)}:"
        for side in entries(position):
            for turn, peak in zip("TLR", ENTRIES[side]):
                yield f"    {side}.{turn}: {profile(peak, options.hours)}"


def main():
    words = argparse.ArgumentParser()
    words.add_argument("site")
    words.add_argument("scenario")
    words.add_argument("--grids", type=int, default=10)
    words.add_argument("--hours", type=int, default=24)
    words.add_argument("--cameras", type=int, default=10)
    options = words.parse_args()
    site = os.path.relpath(options.site, os.path.dirname(options.scenario) or ".")
    with open(options.scenario, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in scenario(site, options))


if __name__ == "__main__":
    main()
