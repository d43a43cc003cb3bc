"""The claims under larger bounds, with the size of each search: `make prove`."""

import sys

import spin

SEARCHES = [
    ("DAEMONS=1 ORDERS=3 RELEASE=2 LATE=2 RESTARTS=2 TEARS=2 PERSONS=1", False),
    ("ORDERS=2", False),
    ("ORDERS=2 RELEASE=2 TEARS=1", False),
    ("ORDERS=1 LATE=2 TEARS=1 RESTARTS=1", False),
    ("ORDERS=1 TEARS=1 RESTARTS=1 PERSONS=1", False),
    ("DAEMONS=3 ORDERS=1", False),
    ("ORDERS=2 CLAIM_OWN_PLAN", True),
    ("ORDERS=1 LATE=2 TEARS=1 RESTARTS=1 CLAIM_OWN_PLAN", True),
    ("ORDERS=2 CLAIM_TAKES_OVER", True),
]


def main():
    print(f"{'bounds':68} {'errors':>6} {'states':>11} {'depth':>6} {'MB':>6} {'s':>5}")
    failed = False
    for options, lasting in SEARCHES:
        verdict = spin.check(options.split(), lasting=lasting, large=True)
        failed = failed or verdict.errors > 0
        print(
            f"{options:68} {verdict.errors:6} {verdict.states:11,} {verdict.depth:6,} "
            f"{verdict.megabytes:6,.0f} {verdict.seconds:5.0f}  {verdict.first}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
