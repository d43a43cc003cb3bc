"""Small nets made on the spot, with traffic, and greensplit to control them."""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BRIDGE = ROOT / "simulations" / "sumo"
sys.path.insert(0, str(BRIDGE))

PROGRAM = os.environ.get("GREENSPLIT", str(ROOT / ".build" / "debug" / "greensplit"))


def tool(name, *words):
    """Runs a tool of SUMO, which must succeed."""
    subprocess.run([str(Path(sys.executable).parent / name), *map(str, words)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def generate(folder, *words):
    """A net of `netgenerate`."""
    net = Path(folder) / "street.net.xml"
    tool("netgenerate", "-o", net, "-j", "traffic_light", *words)
    return net


def grid(folder, *words):
    """Two by two signalled junctions with roads out of town."""
    return generate(folder, "--grid", "--grid.number", 2, "--grid.length", 150, "--grid.attach-length", 150,
                    "--default.lanenumber", 2, *words)


def convert(folder, nodes, edges, *words):
    """A net of `netconvert` from nodes (id, x, y, type) and edges (id, from, to, lanes)."""
    node_file, edge_file = Path(folder) / "street.nod.xml", Path(folder) / "street.edg.xml"
    node_file.write_text("<nodes>" + "".join(
        f'<node id="{i}" x="{x}" y="{y}" type="{kind}"/>' for i, x, y, kind in nodes) + "</nodes>")
    edge_file.write_text("<edges>" + "".join(
        f'<edge id="{i}" from="{a}" to="{b}" numLanes="{lanes}" speed="13.89"/>' for i, a, b, lanes in edges)
        + "</edges>")
    net = Path(folder) / "street.net.xml"
    tool("netconvert", "-n", node_file, "-e", edge_file, "-o", net, *words)
    return net


def cross(folder, *words, stub=200, kind="traffic_light"):
    """Four arms at one signal; a side street joins the western arm `stub` metres before it."""
    nodes = [("J", 0, 0, kind), ("N", 0, 200, "priority"), ("E", 200, 0, "priority"),
             ("S", 0, -200, "priority"), ("M", -stub, 0, "priority"), ("W", -stub - 200, 0, "priority"),
             ("X", -stub, -200, "priority")]
    ways = [("N", "J"), ("E", "J"), ("S", "J"), ("M", "J"), ("W", "M"), ("X", "M")]
    edges = [(f"{a}{b}", a, b, 1 if "X" in (a, b) else 2) for a, b in ways + [(b, a) for a, b in ways]]
    return convert(folder, nodes, edges, *words)


def twin(folder, apart):
    """Two crossings on one road, `apart` metres from each other, under one signal J."""
    signal = 'traffic_light" tl="J'
    nodes = [("A", 0, 0, signal), ("B", apart, 0, signal), ("W", -200, 0, "priority"), ("E", apart + 200, 0, "priority")]
    ends = [(f"{side}{node}", x, y, "priority") for node, x in [("A", 0), ("B", apart)] for side, y in [("N", 200), ("S", -200)]]
    ways = [("W", "A"), ("A", "B"), ("B", "E")] + [(end, end[1]) for end, *_ in ends]
    return convert(folder, nodes + ends, [(f"{a}{b}", a, b, 1) for a, b in ways + [(b, a) for a, b in ways]],
                   "--no-turnarounds")


def shows(net, phases, following={}):
    """Gives a net of one signal a program of phases (seconds, state), which lead where `following` says or to the next."""
    way = lambda place: f' next="{" ".join(map(str, following[place]))}"' if place in following else ""
    text = "".join(f'<phase duration="{seconds:g}" state="{state}"{way(place)}/>'
                   for place, (seconds, state) in enumerate(phases))
    net.write_text(re.sub(r"(<tlLogic[^>]*>).*?(</tlLogic>)", rf"\1{text}\2", net.read_text(), flags=re.S))


def railway(folder):
    """A signal J, and behind its eastern arm a railway that crosses the road at X."""
    nodes = [("J", 0, 0, "traffic_light"), ("N", 0, 200, "priority"), ("S", 0, -200, "priority"), ("W", -200, 0, "priority"),
             ("X", 200, 0, "rail_crossing"), ("E", 400, 0, "priority"), ("T", 200, 300, "priority"),
             ("U", 200, -300, "priority")]
    ways = [("N", "J"), ("S", "J"), ("W", "J"), ("J", "X"), ("X", "E")]
    edges = [(f"{a}{b}", a, b, 1) for a, b in ways + [(b, a) for a, b in ways]]
    edges += [(f"{a}{b}", a, b, '1" allow="rail') for a, b in [("T", "X"), ("X", "U")]]
    return convert(folder, nodes, edges)


def star(folder):
    """Five arms of one lane at one signal: each lane leads five ways, back included."""
    ends = [("A", 0, 200), ("B", 190, 62), ("C", 118, -162), ("D", -118, -162), ("E", -190, 62)]
    nodes = [("J", 0, 0, "traffic_light")] + [(i, x, y, "priority") for i, x, y in ends]
    edges = [(f"{a}{b}", a, b, 1) for i, *_ in ends for a, b in ((i, "J"), ("J", i))]
    return convert(folder, nodes, edges)


def scenario(folder, net, length=300, additional=(), time=None):
    """A .sumocfg over `net`, with a vehicle about every six seconds on each way in.

    additional: names of files that it loads too; time: what stands for its begin and end.
    """
    root = ET.parse(net).getroot()
    edges = {e.get("id"): (e.get("from"), e.get("to")) for e in root.iter("edge") if not e.get("function")}
    starts = {e for e, (a, _) in edges.items() if not any(b == a and f != e for f, (_, b) in edges.items() if
                                                         edges[f] != (edges[e][1], a))}
    ends = {e for e, (_, b) in edges.items() if not any(a == b and f != e for f, (a, _) in edges.items() if
                                                       edges[f] != (b, edges[e][0]))}
    trips, vehicle = [], 0
    for second in range(0, length, 6):
        for place, start in enumerate(sorted(starts)):
            far = [e for e in sorted(ends) if edges[e] != edges[start][::-1]]
            trips.append(f'<trip id="v{vehicle}" depart="{second}" departLane="best" from="{start}" '
                         f'to="{far[(vehicle + place + second // 6) % len(far)]}"/>')
            vehicle += 1
    (Path(folder) / "street.rou.xml").write_text("<routes>" + "\n".join(trips) + "</routes>")
    (Path(folder) / "street.sumocfg").write_text(
        f'<configuration><input><net-file value="{Path(net).name}"/><route-files value="street.rou.xml"/>'
        f'<additional-files value="{", ".join(additional)}"/></input><time>'
        + (f'<begin value="0"/><end value="{length}"/>' if time is None else time) + "</time></configuration>")
    return Path(folder)


def beside(folder, *elements):
    """An additional file; returns its name."""
    (Path(folder) / "street.add.xml").write_text("<additional>" + "".join(elements) + "</additional>")
    return "street.add.xml"


def program(net, name, change):
    """The net's only program under another name, each phase as `change` makes it of its element."""
    logic = ET.parse(net).getroot().find("tlLogic")
    logic.set("programID", name)
    for phase in logic.iter("phase"):
        change(phase)
    return ET.tostring(logic, encoding="unicode")


def import_net(net, out, *words):
    """Runs the importer; returns its exit status and what it said."""
    run = subprocess.run([sys.executable, str(BRIDGE / "import_net.py"), str(net), "--out", str(out), *words],
                         capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def check(sites):
    """Runs `greensplit check`."""
    return subprocess.run([PROGRAM, "check", str(sites)], capture_output=True, text=True)


def simulate(folder, sites, plant=(), words=()):
    """Runs the plant under greensplit; returns the exit status, the result and what was said."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = " ".join([sys.executable, str(BRIDGE / "plant.py"), "--scenario", str(folder), *map(str, plant)])
        run = subprocess.run([PROGRAM, "simulate", "--plant", command, "--sites", str(sites), "--json", out.name,
                              *map(str, words)], capture_output=True, text=True, timeout=300)
        text = Path(out.name).read_text()
    return run.returncode, json.loads(text) if text else None, run.stdout + run.stderr
