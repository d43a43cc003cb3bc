"""Our split solver beside SciPy and CVXPY with Clarabel, over the instances of one file.

usage: bench.py SPLITTIMES          solve anew, time all, compare, print a table
       bench.py --write [COUNT]     make the instances anew, with SciPy's and Clarabel's answers

Exit status 1 if an objective differs by more than a millionth, or a committed answer does.
"""

import statistics
import subprocess
import sys
import time
import warnings

import instances
import solvers

TOLERANCE = 1e-6


def timed(solve, split):
    begin = time.perf_counter()
    objective = solve(split)
    return objective, (time.perf_counter() - begin) * 1e6


def write(count):
    made = instances.generate(count)
    for instance in made:
        split = solvers.Split(instance)
        instance["answers"] = [float(f"{solve(split):.12g}")
                               for solve in (solvers.scipy, solvers.cones)]
    instances.write(made)
    worst = max(abs(a - b) / a for a, b in (i["answers"] for i in made))
    print(f"{len(made)} instances; SciPy and Clarabel differ by {worst:.1e} at most")


def ours(program):
    output = subprocess.run([program, str(instances.PATH)], check=True, capture_output=True,
                            text=True).stdout
    return [[float(word) for word in line.split()] for line in output.splitlines()]


def compare(program):
    given = instances.read()
    own = ours(program)
    assert len(own) == len(given), "an answer for each instance"
    times = {"SciPy SLSQP": [], "CVXPY, Clarabel": []}
    worst = {name: 0.0 for name in times}
    committed = 0.0
    for instance, (objective, *_) in zip(given, own):
        split = solvers.Split(instance)
        for name, solve in zip(times, (solvers.scipy, solvers.cones)):
            answer, spent = timed(solve, split)
            times[name].append(spent)
            worst[name] = max(worst[name], abs(answer - objective) / objective)
        for answer in instance["answers"]:
            committed = max(committed, abs(answer - objective) / objective)
    table(own, times, worst)
    print(f"worst difference from the committed answers: {committed:.1e}")
    return 0 if max(committed, *worst.values()) <= TOLERANCE else 1


def table(own, times, worst):
    quick = [row[3] for row in own]
    gap = max(row[1] / row[0] for row in own)
    steps = statistics.mean(row[2] for row in own)
    print(f"{len(own)} splits of one cycle, 2 to 6 stages; times in microseconds")
    print(f"{'':18}{'median':>12}{'99 %':>12}{'ratio':>10}{'worst difference':>20}")
    print(f"{'greensplit':18}{statistics.median(quick):12.1f}{percentile(quick):12.1f}{1:10d}"
          f"{'':>20}")
    for name, spent in times.items():
        ratio = statistics.median(spent) / statistics.median(quick)
        print(f"{name:18}{statistics.median(spent):12.0f}{percentile(spent):12.0f}{ratio:10.0f}"
              f"{worst[name]:20.1e}")
    print(f"ours: largest relative duality gap {gap:.1e}, {steps:.1f} Newton steps in the mean")


def percentile(values):
    return sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]


if __name__ == "__main__":
    # Clarabel warns where it stops a digit short; the comparison says whether that matters.
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--write":
        write(int(sys.argv[2]) if len(sys.argv) > 2 else 240)
    else:
        sys.exit(compare(sys.argv[1]))
