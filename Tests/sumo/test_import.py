"""The importer: what a net says is what a site file says, and what it cannot say is said."""
import random
import re
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import street
import network
import import_net
import sitefile
import watch
import stages


def described(net, *words):
    options = import_net.arguments([str(net), "--out", "nowhere", *words])
    return [(j, t, options) for j, t in import_net.describe(network.read_net(net), options)]


def crossroads(net):
    """Those of `described` that have four arms: ends of roads have signals too."""
    return [(j, t, o) for j, t, o in described(net) if len(j.approaches) == 4]


class ImportTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def accepted(self, net, *words):
        for old in (self.folder / "sites").glob("*.yaml"):
            old.unlink()
        status, said = street.import_net(net, self.folder / "sites", *words)
        check = street.check(self.folder / "sites")
        self.assertEqual(check.returncode, 0, check.stderr)
        return status, said

    def test_every_signalled_junction_becomes_a_site_file_that_check_accepts(self):
        for words in [[], ["--tls.layout", "incoming"], ["--tls.default-type", "actuated"], ["--lefthand"],
                      ["--turn-lanes", 1], ["--sidewalks.guess", "--crossings.guess"], ["--no-internal-links"],
                      ["--tls.allred.time", 2, "--tls.yellow.time", 4]]:
            with self.subTest(words):
                net = street.grid(self.folder, *words)
                status, said = self.accepted(net)
                self.assertEqual(status, 0, said)
                written = len(list((self.folder / "sites").glob("*.yaml")))
                self.assertEqual(written, net.read_text().count("<tlLogic"))
                self.assertGreaterEqual(written, 4)

    def test_the_fixed_plan_shows_what_the_net_s_program_shows_as_long_and_in_the_same_order(self):
        for kind in ("traffic_light", "traffic_light_right_on_red"):
            net = street.cross(self.folder, kind=kind)
            self.assertEqual("s" in "".join(re.findall(r'state="(\w{9,})"', net.read_text())), kind.endswith("red"))
            for junction, timing, _ in described(net):
                greens = [(s, d) for d, s, *_ in junction.phases if "y" not in s]
                self.assertEqual([d for _, d in greens], [d for _, d in timing.plan])
                for (state, _), (place, _) in zip(greens, timing.plan):
                    stage = timing.stages[place]
                    lamps = "".join("G" if g in stage.served else "r" for g in range(len(junction.groups)))
                    self.assertEqual(junction.state(lamps), state.replace("g", "G"))

    def test_a_green_that_gives_way_is_shown_as_the_net_s_program_shows_it(self):
        net = street.cross(self.folder)
        bold = self.folder / "bold.net.xml"
        bold.write_text(re.sub(r'state="\w{9,}"', lambda state: state[0].replace("g", "G"), net.read_text()))
        for file, letter in [(net, "g"), (bold, "G")]:
            met = set()
            for junction, timing, _ in described(file):
                greens = [s for _, s, *_ in junction.phases if "y" not in s]
                for state, (place, _) in zip(greens, timing.plan):
                    stage = timing.stages[place]
                    lamps = "".join("G" if g in stage.green else "g" if g in stage.permissive else "r"
                                    for g in range(len(junction.groups)))
                    shown = junction.state(lamps)
                    for index in (i for g in stage.permissive for i in junction.groups[g].indices):
                        self.assertEqual(shown[index], state[index])
                        met.add(shown[index])
            self.assertEqual(met, {letter})

    def test_cycle_and_changes_add_up_to_the_net_s_cycle(self):
        for words in [[], ["--tls.allred.time", 2]]:
            for junction, timing, _ in crossroads(street.grid(self.folder, *words)):
                self.assertEqual(sitefile.cycle(timing), sum(d for d, *_ in junction.phases))

    def test_no_stage_shows_conflicting_groups_green_unless_one_gives_way(self):
        net = street.grid(self.folder, "--turn-lanes", 1)
        for junction, timing, _ in crossroads(net):
            self.assertGreater(len(timing.stages), len(timing.plan))
            for stage in timing.stages:
                for a, b in junction.conflicts:
                    if a in stage.served and b in stage.served:
                        self.assertTrue(a in stage.permissive or b in stage.permissive, stage)
            for stage in timing.stages[len(timing.plan):]:
                self.assertEqual(stage.permissive, [])

    def test_the_flag_leaves_the_compatible_stages_out(self):
        net = street.cross(self.folder)
        (_, few, _), (_, all_of_them, _) = described(net, "--program-stages-only")[0], described(net)[0]
        self.assertEqual({place for place, _ in few.plan}, set(range(len(few.stages))))
        self.assertEqual(all_of_them.stages[:len(few.stages)], few.stages)
        self.assertGreater(len(all_of_them.stages), len(few.stages))

    def test_no_change_traps_turners_whose_oncoming_traffic_drives_on(self):
        for junction, timing, _ in described(street.cross(self.folder)):
            allowed = [(a, b) for a in range(len(timing.stages)) for b in range(len(timing.stages))
                       if a != b and (a, b) not in timing.forbidden(junction)]
            self.assertTrue(timing.forbidden(junction))
            through = {m.group for lane in junction.lane_groups for m in lane.movements if m.turn == "through"}
            for a, b in allowed:
                lost = set(timing.stages[a].permissive) - timing.stages[b].served
                kept = timing.stages[a].served & timing.stages[b].served & through
                self.assertFalse([1 for x in lost for y in kept if junction.gives_way(x, y)])

    def test_a_camera_looks_upstream_over_a_stub_and_into_no_side_street(self):
        junction = described(street.cross(self.folder, stub=30))[0][0]
        west = [lane for lane in junction.lane_groups if lane.lane.startswith("MJ")]
        self.assertEqual(len(west), 2)
        for lane in west:
            self.assertIn("WM", {l.rsplit("_", 1)[0] for l, _ in lane.chain})
            self.assertNotIn("XM", {l.rsplit("_", 1)[0] for l, _ in lane.chain})
            self.assertGreater(lane.length, 80)

    def test_neighbours_upstream_are_linked_with_shares_and_times(self):
        for junction, _, _ in crossroads(street.grid(self.folder)):
            linked = [u for lane in junction.lane_groups for u in lane.upstream]
            self.assertTrue(linked)
            for upstream in linked:
                self.assertNotEqual(upstream.junction, junction.id)
                self.assertTrue(8 < upstream.travel_time < 20, upstream)

    def test_walkers_get_a_signal_group_a_walk_and_time_to_clear(self):
        net = street.grid(self.folder, "--sidewalks.guess", "--crossings.guess")
        for junction, timing, _ in crossroads(net):
            self.assertEqual(len(junction.crossings), 4)
            for crossing in junction.crossings:
                served = [s for s in timing.stages if crossing.group in s.served]
                self.assertTrue(served)
                for stage in served:
                    self.assertGreaterEqual(stage.min_green, crossing.walk + crossing.clearance)

    def test_what_cannot_be_expressed_is_said_and_the_rest_is_written(self):
        net = street.grid(self.folder)
        text = net.read_text()
        whole = text.count("<tlLogic")
        first = next(m for m in re.finditer(r'<tlLogic id="(\w+)".*?</tlLogic>', text, re.S)
                     if len(re.search(r'state="(\w+)"', m[0])[1]) >= 16)
        width = len(re.search(r'state="(\w+)"', first[0])[1])
        phases = "".join(f'<phase duration="6" state="{("r" * (i % width) + "G").ljust(width, "r")}"/>'
                         f'<phase duration="3" state="{("r" * (i % width) + "y").ljust(width, "r")}"/>'
                         for i in range(width))
        net.write_text(text.replace(first[0], f'<tlLogic id="{first[1]}" type="static" programID="0" offset="0">'
                                              f"{phases}</tlLogic>"))
        status, said = self.accepted(net)
        self.assertEqual(status, 1)
        self.assertIn(f"{first[1]}: NOT expressed: its program has {width} greens", said)
        self.assertEqual(len(list((self.folder / "sites").glob("*.yaml"))), whole - 1)

    def test_of_more_than_four_ways_of_a_lane_some_share_a_signal_group_and_each_gets_its_green(self):
        net = street.star(self.folder)
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("have one signal group, green where all of them are", said)
        (junction, timing, _), = described(net)
        served = {i for stage in timing.stages for g in stage.served for i in junction.groups[g].indices}
        self.assertEqual(served, set(range(25)))
        for place, _ in timing.plan:
            for group in timing.stages[place].served:
                states = [s for s in (p[1] for p in junction.phases) if "y" not in s]
                self.assertTrue(any(all(s[i] in "Gg" for i in junction.groups[group].indices) for s in states))

    def test_a_green_that_the_net_ends_without_yellow_gets_one_and_it_is_said(self):
        net = street.cross(self.folder)
        net.write_text(re.sub(r'\s*<phase [^>]*state="[rGg]*y[a-zA-Z]*"[^>]*/>', "", net.read_text()))
        status, said = self.accepted(net)
        self.assertEqual(status, 0)
        self.assertIn("lose green without yellow", said)

    def test_a_change_beside_the_program_takes_as_long_as_the_program_does_for_each_who_loses_green_in_it(self):
        net = street.cross(self.folder)
        # The turners of north and south stay green while those who drive on beside them lose it, and are cleared after that.
        street.shows(net, [(30, "GGGggrrrrrGGGggrrrrr"), (3, "yyyGGrrrrryyyGGrrrrr"), (10, "rrrGGrrrrrrrrGGrrrrr"),
                           (3, "rrryyrrrrrrrryyrrrrr"), (2, 20 * "r"), (30, "rrrrrGGGggrrrrrGGGgg"), (3, "rrrrryyyyyrrrrryyyyy"),
                           (2, 20 * "r")])
        self.accepted(net)
        (junction, timing, _), = described(net)
        self.assertEqual([(s.yellow, s.all_red) for s in timing.stages[:3]], [(3, 0), (3, 2), (3, 2)])
        self.assertEqual([longer for longer in timing.intergreens(junction) if longer[0] < 3 and longer[1] < 3], [(0, 2, 5)])
        text, = (p.read_text() for p in (self.folder / "sites").glob("*.yaml"))
        self.assertIn("    - {from: A, to: C, time: 5 s}", text)
        self.assertNotIn("from: B", text)

    # Turns of north and south, then of east and west, go on with right of way behind those who drive on beside them.
    TURNS_BEHIND = [(29, "GGGggrrrrrGGGggrrrrr"), (5, "yyyggrrrrryyyggrrrrr"), (6, "rrrGGrrrrrrrrGGrrrrr"),
                    (5, "rrryyrrrrrrrryyrrrrr"), (29, "rrrrrGGGggrrrrrGGGgg"), (5, "rrrrryyyggrrrrryyygg"),
                    (6, "rrrrrrrrGGrrrrrrrrGG"), (5, "rrrrrrrryyrrrrrrrryy")]

    def test_a_stage_passes_in_which_nobody_s_green_both_begins_and_ends(self):
        net = street.cross(self.folder)
        street.shows(net, self.TURNS_BEHIND)
        self.accepted(net)
        (junction, timing, _), = described(net)
        self.assertEqual([s.min_green for s in timing.stages[:4]], [5, 1, 5, 1])
        self.assertEqual([green for _, green in timing.plan], [29, 6, 29, 6])
        turns = [s for s in timing.stages if s.green == timing.stages[1].green]
        self.assertEqual([s.min_green for s in turns], [1, 5])
        forbidden = timing.forbidden(junction)
        whole = timing.stages.index(turns[1])
        for before, stage in enumerate(timing.stages):
            serves_all = turns[0].served <= stage.served
            if before not in (1, whole):
                self.assertEqual((before, 1) not in forbidden, serves_all)
            if before != whole and serves_all:
                self.assertEqual((before, whole) in forbidden, before != 1)

    def test_right_behind_another_signal_no_stage_passes(self):
        net = street.cross(self.folder)
        street.shows(net, self.TURNS_BEHIND)
        (junction, _, _), = described(net)
        lane = junction.lane_groups[0]
        for lane.length, lane.upstream, passes in [(60, ["the other"], False), (61, ["the other"], True), (60, [], True)]:
            timing = stages.from_program(junction, 5, 60)
            stages.let_pass(junction, timing, 5)
            self.assertEqual(any(stage.is_passing for stage in timing.stages), passes)

    def test_in_no_order_of_stages_is_a_green_shorter_than_the_shortest(self):
        cross = street.cross(self.folder)
        street.shows(cross, self.TURNS_BEHIND)
        # South leads, north and south go on together, north stays: the greens of the second are parts of longer ones.
        (self.folder / "staggered").mkdir()
        staggered = street.cross(self.folder / "staggered")
        street.shows(staggered, [(20, "rrrrrrrrrrGGGGGrrrrr"), (3, "rrrrrrrrrrGGGyyrrrrr"), (20, "GGGrrrrrrrGGGrrrrrrr"),
                                 (3, "GGGrrrrrrryyyrrrrrrr"), (20, "GGGGGrrrrrrrrrrrrrrr"), (3, "yyyyyrrrrrrrrrrrrrrr"),
                                 (30, "rrrrrGGGggrrrrrGGGgg"), (3, "rrrrryyyyyrrrrryyyyy")])
        for net in (cross, staggered):
            (junction, timing, _), = described(net)
            self.assertTrue(any(s.is_passing for s in timing.stages))
            forbidden = set(timing.forbidden(junction))
            draw = random.Random(1)
            greens, place = {}, 0
            for step in range(5000):
                stage = timing.stages[place]
                following = draw.choice([p for p in range(len(timing.stages)) if p != place and (place, p) not in forbidden])
                goes_on = timing.stages[following].served
                for group in stage.served:
                    greens[group] = greens.get(group, 0 if step else 5) + stage.min_green
                    if group not in goes_on:
                        self.assertGreaterEqual(greens.pop(group), 5, (junction.groups[group].name, stage.name))
                place = following

    def test_a_stage_passes_no_sooner_than_who_gave_way_before_is_out_of_the_junction(self):
        def shortest(yellow, shared=True):
            net = street.cross(self.folder)
            street.shows(net, [(yellow if seconds == 5 else seconds, state) for seconds, state in self.TURNS_BEHIND])
            (junction, timing, _), = described(net)
            for number, link in enumerate(junction.links):
                # A junction 40 m wide, in which two turners wait.
                inside = (16.0, 16.0) if link.turn == "left" else (40.0,)
                junction.links[number] = replace(link, inside=inside, lane=link.lane if shared else f"{link.lane} {link.turn}")
            return stages.time_to_leave(junction, timing, timing.stages[1])
        # 2 s lost, 2 s for each turner, and 5.7 s for 40 m at 2.5 m/s2, all of which both yellows are part of.
        self.assertEqual([shortest(yellow) for yellow in (3, 4, 5)], [6, 4, 2])
        self.assertEqual(shortest(3, shared=False), 0)

    def test_nobody_is_let_in_who_would_stand_between_two_nodes_of_a_signal_where_there_is_no_room(self):
        def waits(apart):
            """Stages beside the program that let in who must then wait between the nodes."""
            (junction, timing, _), = described(street.twin(self.folder, apart))
            self.accepted(self.folder / "street.net.xml")
            between = {lane.lane: {m.group for m in lane.movements} for lane in junction.lane_groups
                       if lane.lane.split("_")[0] in ("AB", "BA")}
            self.assertEqual(len(between), 2)
            beside = timing.stages[len({place for place, _ in timing.plan}):]
            return [stage for stage in beside for lane in junction.lane_groups for m in lane.movements
                    if m.group in stage.served and any(to in between and not between[to] <= stage.served for to in m.to_lanes)]
        self.assertEqual(waits(40), [])
        self.assertNotEqual(waits(120), [])

    def test_a_lane_without_a_way_on_goes_alone_if_no_stage_of_the_program_serves_it_whole(self):
        (junction, timing, _), = described(street.twin(self.folder, 40))
        group = {g.name: number for number, g in enumerate(junction.groups)}
        west = {group["W1.R"], group["W1.T"], group["W1.L"]}
        junction.conflicts.add(tuple(sorted([group["W1.T"], group["W2.R"]])))
        timing.stages = [stage for stage in timing.stages if not west <= stage.served]
        stages.add_stages(junction, timing, 5)
        self.assertIsNone(junction.refusal)
        self.assertEqual([set(stage.green) for stage in timing.stages if west <= stage.served], [west])

    def test_walkers_who_lose_green_need_no_yellow(self):
        net = street.cross(self.folder, "--sidewalks.guess", "--crossings.guess")
        (junction, _, _), = described(net)
        phases = [(seconds, state) for seconds, state, *_ in junction.phases]
        walkers = {i for group in junction.groups if group.is_crossing for i in group.indices}
        lamps = lambda lamp: "".join(lamp if i in walkers else "r" for i in range(len(phases[0][1])))
        street.shows(net, [*phases, (20, lamps("G")), (5, lamps("r"))])
        self.assertNotIn("green without yellow", self.accepted(net)[1])

    def test_a_change_in_which_nobody_loses_green_is_green_so_that_the_cycle_stays(self):
        net = street.cross(self.folder)
        # North alone, nobody for 4 s, then north and south.
        street.shows(net, [(20, "GGGGG" + 15 * "r"), (4, 20 * "r"), (30, "GGGggrrrrrGGGggrrrrr"), (3, "yyyyyrrrrryyyyyrrrrr"),
                           (30, "rrrrrGGGggrrrrrGGGgg"), (3, "rrrrryyyyyrrrrryyyyy")])
        said = self.accepted(net)[1]
        self.assertIn("takes 4 s in the net's program and none here, for nobody loses green in it; its time is green of that "
                      "stage", said)
        (_, timing, _), = described(net)
        self.assertEqual(sitefile.cycle(timing), 90)
        self.assertEqual([green for _, green in timing.plan], [24, 30, 30])

    def test_a_green_that_another_program_is_to_end_is_as_long_as_a_green_may_be_and_it_is_said(self):
        net = street.cross(self.folder)
        net.write_text(re.sub(r'duration="\d{2}"', 'duration="1000000"', net.read_text()))
        status, said = self.accepted(net, "--max-green", "45")
        self.assertEqual(status, 0, said)
        self.assertIn("a green of 1000000 s in the net's program is 45 s here; a site file takes 600 s", said)
        (_, timing, _), = described(net, "--max-green", "45")
        self.assertEqual({green for _, green in timing.plan}, {45})

    def test_a_yellow_that_another_program_is_to_end_is_a_usual_one_and_it_is_said(self):
        net = street.cross(self.folder)
        net.write_text(re.sub(r'duration="3"(\s+state="[rGg]*y)', r'duration="100"\1', net.read_text()))
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("a yellow of 100 s in the net's program is 3 s here: another program is to end it", said)
        (junction, timing, _), = described(net)
        self.assertEqual({(s.yellow, s.all_red) for s in timing.stages}, {(3, 0)})
        self.assertEqual(set(watch.yellow_times(junction).values()), {3})

    def test_all_red_longer_than_a_site_file_takes_is_cut_and_it_is_said(self):
        net = street.cross(self.folder, "--tls.allred.time", 35)
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("ends with 35 s of all-red in the net's program; a site file takes 30 s", said)

    def test_of_branches_the_first_is_followed_and_what_is_left_out_is_said(self):
        net = street.cross(self.folder)
        (junction, before, _), = described(net)
        phases = [(seconds, state) for seconds, state, *_ in junction.phases]
        # Behind the program its first green again, which comes where a driver is seen.
        street.shows(net, [*phases, phases[0]], following={3: [0, 4], 4: [1]})
        said = self.accepted(net)[1]
        self.assertIn("branches between phases (next): the first is followed each time, which leaves out 1", said)
        (junction, after, _), = described(net)
        self.assertEqual(after, before)
        # What the program may show besides is the net's own to who watches from outside.
        self.assertIn(5, [len(phases) for phases in junction.former])

    def test_branches_that_would_leave_somebody_red_are_left_out(self):
        net = street.cross(self.folder)
        (junction, before, _), = described(net)
        street.shows(net, [(seconds, state) for seconds, state, *_ in junction.phases], following={1: [0, 2]})
        said = self.accepted(net)[1]
        self.assertIn("branches between phases (next) are left out; phases follow in their order", said)
        self.assertEqual(described(net)[0][1], before)

    def test_a_stage_beside_the_program_takes_as_long_to_clear_as_its_own_groups_do_in_it(self):
        net = street.cross(self.folder)
        # Who leaves first takes 4 s longer.
        street.shows(net, [(30, "GGGggrrrrrGGGggrrrrr"), (3, "yyyyyrrrrryyyyyrrrrr"), (4, 20 * "r"),
                           (30, "rrrrrGGGggrrrrrGGGgg"), (3, "rrrrryyyyyrrrrryyyyy")])
        (junction, timing, _), = described(net)
        group = {g.name: number for number, g in enumerate(junction.groups)}
        clearing = lambda *names: stages.clearing(timing, {group[name] for name in names})
        self.assertEqual(clearing("E.T1", "E.L", "W.R"), (3, 0))
        self.assertEqual(clearing("E.T1", "E.L", "S.R"), (3, 4))
        for stage in timing.stages[2:]:
            self.assertEqual((stage.yellow, stage.all_red), stages.clearing(timing, stage.green))
        timing.cleared = {}
        self.assertEqual(clearing("E.T1"), (3, 4))

    def test_the_longest_wait_and_the_longest_red_leave_room_for_the_net_s_own_plan(self):
        net = street.cross(self.folder)
        both = ["--longest-wait", "120", "--longest-red", "100"]
        for words, cycle, wait, red in [([], 90, 150, 300), (both, 90, 100, 100), ([], 500, None, None)]:
            with self.subTest(words=words, cycle=cycle):
                greens = re.search(r'<phase duration="(\d+)"', net.read_text())
                net.write_text(net.read_text().replace(greens[0], f'<phase duration="{cycle // 2 - 8}"', 1))
                self.accepted(net, *words)
                (junction, timing, options), = described(net, *words)
                own = -(-1.2 * sitefile.longest_red(timing, junction) // 1)
                text, = (p.read_text() for p in (self.folder / "sites").glob("*.yaml"))
                told = {key: float(value) for key, value in re.findall(r"(longest_\w+): (\d+) s", text)}
                self.assertEqual(told, {"longest_wait": wait or own, "longest_red": red or max(300, own)})

    def test_cycles_from_25_to_180_s_are_free_to_choose_and_the_net_s_own_if_it_is_out_of_them(self):
        net = street.cross(self.folder)
        for green, limits in [(6, (18, 180)), (10, (25, 180)), (42, (25, 180)), (200, (25, 406))]:
            with self.subTest(green=green):
                net.write_text(re.sub(r'<phase duration="\d+"(\s+state="[rGg]*")',
                                      rf'<phase duration="{green}"\1', net.read_text()))
                (_, timing, options), = described(net)
                self.accepted(net)
                text, = (p.read_text() for p in (self.folder / "sites").glob("*.yaml"))
                told = tuple(int(re.search(rf"{end}_cycle: (\d+) s", text)[1]) for end in ("min", "max"))
                self.assertEqual(told, limits, sitefile.cycle(timing))

    def test_yellow_longer_than_a_site_file_takes_is_cut_the_rest_is_all_red_and_it_is_said(self):
        net = street.cross(self.folder)
        net.write_text(re.sub(r'duration="3"(\s+state="[rGg]*y)', r'duration="12"\1', net.read_text()))
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("ends with 12 s of yellow in the net's program; a site file takes 10 s", said)
        (_, timing, _), = described(net)
        self.assertEqual({(s.yellow, s.all_red) for s in timing.stages if s.name in "AB"}, {(10, 2)})

    def test_a_phase_whose_length_follows_traffic_is_a_green_though_it_shows_somebody_yellow(self):
        net = street.cross(self.folder)
        early = re.search(r'<phase duration="\d+"\s+state="([rGg]+)"[^>]*/>', net.read_text())
        half = [i for i, c in enumerate(early[1]) if c in "Gg"][::2]
        state = "".join("y" if i in half else c for i, c in enumerate(early[1]))
        net.write_text(net.read_text().replace(
            early[0], f'{early[0]}<phase duration="15" minDur="8" maxDur="30" state="{state}"/>'))
        self.accepted(net)
        (junction, timing, _), = described(net)
        rest = {i for i, c in enumerate(state) if c in "Gg"}
        self.assertIn(rest, [{i for g in s.served for i in junction.groups[g].indices} for s in timing.stages])
        self.assertEqual({s.yellow for s in timing.stages if s.yellow}, {3})
        self.assertEqual(set(watch.yellow_times(junction).values()), {3})

    def test_time_that_the_program_shows_to_an_arm_that_is_gone_is_left_out_and_it_is_said(self):
        net = street.cross(self.folder)
        (_, before, _), = described(net)
        text = re.sub(r'state="(\w+)"', r'state="\1r"', net.read_text())
        width = len(re.search(r'state="(\w+)"', text)[1])
        gone = "".join(f'<phase duration="{d}" state="{lamp.rjust(width, "r")}"/>' for d, lamp in [(24, "G"), (3, "y")])
        net.write_text(text.replace("</tlLogic>", gone + "</tlLogic>"))
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("27 s of the net's program show green or yellow to positions alone that no lane here has", said)
        (_, after, _), = described(net)
        self.assertEqual(after, before)

    def test_a_clearance_in_which_somebody_else_is_green_stays_a_clearance(self):
        net = street.cross(self.folder, "--tls.allred.time", 4)
        (_, before, _), = described(net)
        self.assertEqual({stage.all_red for stage in before.stages if stage.all_red}, {4})
        # A position that no lane has is green in every clearance, and in no other phase.
        lamp = lambda m: f'state="{m[1]}{"r" if any(c in m[1] for c in "Ggy") else "G"}"'
        net.write_text(re.sub(r'state="(\w+)"', lamp, net.read_text()))
        status, said = self.accepted(net)
        self.assertNotIn("left out", said)
        (_, after, _), = described(net)
        self.assertEqual(after, before)

    def test_who_is_always_green_makes_no_stage_of_a_clearance(self):
        net = street.cross(self.folder, "--tls.allred.time", 4)
        net.write_text(re.sub(r'state="\w(\w+)"', r'state="G\1"', net.read_text()))
        (_, timing, _), = described(net)
        self.assertEqual({stage.all_red for stage in timing.stages if stage.all_red}, {4})
        self.assertFalse([stage for stage in timing.stages if len(stage.served) == 1])
        # So long nobody clears a junction: the others are kept waiting, and no plan has room for that.
        net.write_text(re.sub(r'<phase duration="4"', r'<phase duration="40"', net.read_text()))
        said = self.accepted(net)[1]
        self.assertIn("s of the net's program show green to those alone who are green before and after", said)

    def test_phases_that_serve_the_same_are_one_green(self):
        net = street.cross(self.folder)
        (_, before, _), = described(net)
        net.write_text(re.sub(
            r'<phase duration="(\d+)"\s+(state="[rGg]+")[^>]*/>',
            lambda m: f'<phase duration="{int(m[1]) - 6}" minDur="2" maxDur="50" {m[2]}/>'
                      f'<phase duration="6" minDur="6" maxDur="6" {m[2]}/>', net.read_text()))
        self.assertIn('maxDur="50"', net.read_text())
        (_, after, _), = described(net)
        self.assertEqual(after.plan, before.plan)
        self.assertEqual([s.min_green for s in after.stages], [s.min_green for s in before.stages])
        self.assertIn(56, [s.max_green for s in after.stages])

    def test_who_leaves_before_the_others_or_comes_after_them_makes_no_stage_and_the_cycle_stays(self):
        net = street.cross(self.folder)
        cycle = lambda timing: sitefile.cycle(timing)
        (_, before, _), = described(net)
        longest = max(re.findall(r'<phase duration="\d+"\s+state="[rGg]+"[^>]*/>', net.read_text()),
                      key=lambda text: int(re.search(r"\d+", text)[0]))
        state = re.search(r'state="(\w+)"', longest)[1]
        half = [i for i, c in enumerate(state) if c in "Gg"][::2]
        shown = lambda lamp: "".join(lamp if i in half else c for i, c in enumerate(state))
        early = (f'<phase duration="2" state="{shown("r")}"/>' + longest + f'<phase duration="3" state="{shown("y")}"/>'
                 f'<phase duration="2" state="{shown("r")}"/>')
        net.write_text(net.read_text().replace(longest, early))
        said = self.accepted(net)[1]
        self.assertIn("7 s of the net's program, in which some are green no more or not yet", said)
        (_, after, _), = described(net)
        self.assertEqual([s.served for s in after.stages], [s.served for s in before.stages])
        self.assertEqual(cycle(after), cycle(before) + 7)

    def test_the_fixed_plan_is_the_program_that_the_scenario_beside_the_net_loads_and_it_is_said(self):
        net = street.cross(self.folder)
        longer = lambda phase: "y" in phase.get("state") or phase.set("duration", "47")
        name = street.beside(self.folder, street.program(net, "town", longer), street.program(
            net, "torn", lambda phase: phase.set("state", "G")))
        greens = lambda: {green for _, timing, _ in described(net) for _, green in timing.plan}
        self.assertNotEqual(greens(), {47})
        street.scenario(self.folder, net, additional=[name])
        self.assertEqual(greens(), {47})
        said = self.accepted(net)[1]
        self.assertIn("J: program town of street.add.xml is taken, as SUMO does", said)
        self.assertIn("J: program torn of street.add.xml is left out: its states are not as long as the net's", said)
        turned = lambda phase: phase.set("state", "r" + phase.get("state")[1:])
        name = street.beside(self.folder, street.program(net, "deaf", turned))
        said = self.accepted(net)[1]
        self.assertIn("J: program deaf of street.add.xml is left out: it never shows N.R green", said)
        (self.folder / name).unlink()
        said = self.accepted(net)[1]
        self.assertIn("street.add.xml: no such file, which street.sumocfg names", said)
        self.assertNotEqual(greens(), {47})

    def test_a_crossing_of_trains_is_left_to_sumo_and_it_is_said(self):
        net = street.railway(self.folder)
        status, said = self.accepted(net)
        self.assertEqual(status, 0, said)
        self.assertIn("X: NOT expressed: trains set it, by SUMO's own rules", said)

    def test_a_missing_net_is_told(self):
        status, said = street.import_net(self.folder / "none.net.xml", self.folder)
        self.assertNotEqual(status, 0)
        self.assertIn("no such file", said)


if __name__ == "__main__":
    unittest.main()
