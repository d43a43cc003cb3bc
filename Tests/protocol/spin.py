"""Runs spin on cabinet.pml: bounds and mutations in, verdict and state space out."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
MODEL = FOLDER / "cabinet.pml"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a complete search found."""

    errors: int
    first: str
    states: int
    depth: int
    megabytes: float
    seconds: float


def check(options, *, lasting=False, large=False, time_limit=3600):
    """Searches all states under `options`, names with or without a value.

    With `lasting` the claim is of what holds in the end, under weak fairness: whatever could always
    go on does so some time. `large` searches are worth an optimised searcher, which takes longer to
    compile than small ones to run. A search that is not complete is an error.
    """
    defines = [f"-D{option}" for option in options]
    with tempfile.TemporaryDirectory() as folder:

        def run(*command):
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=time_limit
            )
            if done.returncode:
                raise RuntimeError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
            return done.stdout

        run("spin", "-a", *defines, str(MODEL))
        kind = ["-DNFAIR=3"] if lasting else ["-DSAFETY"]
        run("gcc", "-O2" if large else "-O0", "-w", "-DCOLLAPSE", "-DVECTORSZ=2048", *kind, "-o", "pan", "pan.c")
        search = ["-a", "-f"] if lasting else []
        said = run("./pan", *search, "-m5000000", "-w26" if large else "-w20")
    if "error: max search depth" in said or "Search not completed" in said and "errors: 0" in said:
        raise RuntimeError(f"the search was cut short:\n{said}")
    number = lambda pattern: float(re.search(pattern, said)[1])
    first = re.search(r"^pan:1: (.*)", said, re.MULTILINE)
    return Verdict(
        errors=int(number(r"errors: (\d+)")),
        first=first[1] if first else "",
        states=int(number(r"([\d.e+]+) states, stored")),
        depth=int(number(r"depth reached (\d+)")),
        megabytes=number(r"([\d.]+)\s+total actual memory usage"),
        seconds=float((re.search(r"elapsed time ([\d.e-]+)", said) or [0, 0])[1]),
    )
