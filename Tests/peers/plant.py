"""A plant of one junction for the tests: cars come at random, and it can misbehave in many ways.

plant.py JUNCTION DETECTOR,DETECTOR,... STEP LENGTH [FAULT]
FAULT: dies, hangs, deaf, half, backwards, noise, greeting, stranger, badcount
"""
import json
import random
import sys
import time

junction, detectors, step, length = sys.argv[1], sys.argv[2].split(","), float(sys.argv[3]), float(sys.argv[4])
fault = sys.argv[5] if len(sys.argv) > 5 else ""
begin = 25200.0
rng = random.Random(1)


def say(value):
    print(json.dumps(value), flush=True)


if fault == "greeting":
    print("hello", flush=True)
say({"plant": 1, "name": "test plant", "begin": begin, "end": begin + length, "step": step,
     "intersections": ["J999" if fault == "stranger" else junction]})
t, steps, seen = begin, 0, []
while True:
    line = sys.stdin.readline()
    if not line:
        break
    message = json.loads(line)
    assert abs(message["t"] - t) < 1e-6, message
    seen.append(message["signals"][junction])
    before, steps = t, steps + 1
    t = round(begin + steps * step, 3)
    if steps == 5 and fault == "dies":
        sys.exit(1)
    if steps == 5 and fault == "hangs":
        sys.stdin.read()
    if steps == 5 and fault == "deaf":
        for k in range(steps, round(length / step)):
            say({"t": round(begin + k * step, 3)})
        time.sleep(60)
        sys.exit(1)
    if steps == 5 and fault == "half":
        print('{"t":25', end="", flush=True)
        sys.exit(0)
    if steps == 5 and fault == "noise":
        print("step 5 done", flush=True)
    if t >= begin + length - 1e-6:
        break
    answer = {"t": begin if steps == 5 and fault == "backwards" else t, "counts": [
        {"v": 1, "det": d, "start": before, "end": t, "count": rng.randint(0, 1), "in_view": rng.randint(0, 6)}
        for d in detectors]}
    if fault == "badcount":
        answer["counts"][0]["count"] = -1
    say(answer)
say({"t": t, "done": True, "summary": {
    "vehicles": 12, "delay_s": 14.6, "steps": steps, "greens": sum("G" in s for s in seen), "note": None}})
