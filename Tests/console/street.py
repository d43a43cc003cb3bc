"""A street of three junctions: simulated cabinets with traffic, and a daemon that controls them."""
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GREENSPLIT", str(ROOT / ".build" / "debug" / "greensplit"))
# Time runs ten times as fast: two minutes of traffic are there when a test begins.
SPEED = 10
BEGIN = 1795478400
# A name that is markup and quotes at once; letters that site files allow.
EVIL = "<img src=x onerror=\"document.title='evil'\"> & '人民路'"


class Street:
    def __init__(self, access=""):
        self.temporary = tempfile.TemporaryDirectory(prefix="console-")
        self.folder = Path(self.temporary.name)
        self.programs = []
        for name in ("J001", "J002", "J003"):
            shutil.copy(ROOT / "intersections" / f"{name}.yaml", self.folder)
        site = self.folder / "J002.yaml"
        site.write_text(re.sub(r"^name: .*$", lambda _: "name: " + json.dumps(EVIL, ensure_ascii=False),
                               site.read_text(), count=1, flags=re.M))
        (self.folder / "counts").write_text("")
        for name in ("screen", "wang", "camera"):
            (self.folder / name).write_text(f"{name}-secret\n")
            (self.folder / name).chmod(0o600)
        (self.folder / "greensplit.yaml").write_text(
            "version: 1\nsites: [J001.yaml, J002.yaml, J003.yaml]\nhistory: history.db\n"
            'http: {listen: "127.0.0.1:8017", requests_per_second: 10000}\n' + access)
        self.clock = f"{BEGIN}@{int(time.time())}x{SPEED}"
        cabinets = self.start(
            "cabinet", "--scenario", ROOT / "simulations" / "arterial.yaml", "--listen", "127.0.0.1:0",
            "--counts", self.folder / "counts", "--stay")
        places = [self.hear(cabinets, "cabinet is listening", name) for name in ("J001", "J002", "J003")]
        links = ",".join(f"J00{n + 1}={place}" for n, place in enumerate(places))
        self.daemon = self.start(
            "run", "--config", self.folder / "greensplit.yaml", "--cabinets", links, "--follow",
            self.folder / "counts", "--http", "127.0.0.1:0")
        self.address = "http://" + self.hear(self.daemon, "listening for counts")

    def start(self, *words):
        log = open(self.folder / f"log-{len(self.programs)}", "w+")
        program = subprocess.Popen([PROGRAM, words[0], "--clock", self.clock, *map(str, words[1:])],
                                   stdout=log, stderr=log)
        self.programs.append((program, log))
        return len(self.programs) - 1

    def log(self, position):
        return Path(self.programs[position][1].name).read_text()

    def hear(self, position, event, junction=None, seconds=60):
        """The address that a program tells with `event`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.log(position).splitlines():
                if event in line and (junction is None or f"junction={junction}" in line):
                    return re.search(r"address=(\S+)", line).group(1)
            assert self.programs[position][0].poll() is None, self.log(position)
            time.sleep(0.1)
        raise AssertionError(f"no {event}: {self.log(position)}")

    def ask(self, path, token=None, method="GET", body=None):
        """Status, headers and text of an answer."""
        request = urllib.request.Request(self.address + path, data=body, method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}-secret")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def json(self, path, token=None):
        status, _, text = self.ask(path, token)
        assert status == 200, (path, status, text)
        return json.loads(text)

    def is_controlled(self, token=None):
        """Whether every junction is adaptive and has seen its first rounds."""
        status, _, text = self.ask("/v1/junctions", token)
        return status == 200 and all(
            row["mode"] == "isolated" and "saturation" in row for row in json.loads(text)["junctions"])

    def wait(self, condition, seconds=90):
        """Waits until `condition()` is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.3)
        raise AssertionError("waited in vain")

    def close(self):
        for program, log in reversed(self.programs):
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
            log.close()
        self.temporary.cleanup()
