/// Slips about signal groups and conflicts.
let signalSlips = [
  Slip(
    "{name: N.T}", "{name: none}",
    #"9:12: error: signal_groups[none].name: "none" stands for a movement without a signal; give the signal group another name"#,
    #"14:3: error: conflicts.N.T: there is no signal group "N.T"; did you mean "W.T"?"#,
    #"18:42: error: lane_groups[N.T].movements[#1].signal: there is no signal group "N.T"; did you mean "W.T"?"#,
    #"31:23: error: stages[A].green[#1]: there is no signal group "N.T"; did you mean "W.T"?"#),
  Slip(
    "gives_way_to: [P]", "gives_way_to: [W.L]",
    #"11:32: error: signal_groups[W.L].gives_way_to[#1]: signal group "W.L" cannot give way to itself; leave it out"#,
    #"32:45: error: stages[B].permissive[#1]: stage "B" serves conflicting signal groups "P" (crossing "X") and "W.L" (lane group "W"); serve them in different stages, or put the one that gives way under permissive"#
  ),
  Slip(
    "gives_way_to: [P]", "gives_way_to: [P, W.T]",
    #"11:35: error: signal_groups[W.L].gives_way_to[#2]: signal groups "W.L" and "W.T" do not conflict, so neither gives way; add them to conflicts, or leave "W.T" out"#
  ),
  Slip(
    "permissive: [W.L]", "permissive: [W.L, W.T]",
    #"32:50: error: stages[B].permissive[#2]: signal group "W.T" stands under green too; keep it under permissive if it must give way, else under green"#,
    #"32:50: error: stages[B].permissive[#2]: signal group "W.T" has no gives_way_to; say to whom it gives way, or put it under green"#
  ),
  Slip(
    "green: [N.T]", "green: [N.T, W.T]",
    #"31:28: error: stages[A].green[#2]: stage "A" serves conflicting signal groups "N.T" (lane group "N.T") and "W.T" (lane group "W"); serve them in different stages, or put the one that gives way under permissive"#
  ),
  Slip(
    "green: [W.T, P], permissive: [W.L]", "green: [W.T, P, W.L]",
    #"32:31: error: stages[B].green[#3]: stage "B" serves conflicting signal groups "P" (crossing "X") and "W.L" (lane group "W"); serve them in different stages, or put the one that gives way under permissive"#
  ),
  Slip(
    "W.L: [P]\n", "W.L: [P]\n  P: [P]\n",
    #"16:7: error: conflicts.P[#1]: signal group "P" cannot conflict with itself; leave it out"#),
  Slip(
    "W.L: [P]\n", "W.L: [P, P]\n",
    #"15:12: error: conflicts.W.L[#2]: signal group "P" stands twice in this list; once is enough"#),
  Slip(
    "{name: P, kind: pedestrian}", "{name: P, kind: vehicle}",
    #"29:23: error: crossings[X].signal: signal group "P" is of kind vehicle; name one of kind pedestrian"#
  ),
  Slip(
    "{name: N.T}", "{name: N.T, kind: pedestrian}",
    #"18:42: error: lane_groups[N.T].movements[#1].signal: signal group "N.T" is for pedestrians; name one of kind vehicle or bicycle"#
  ),
  Slip(
    "  - {name: P, kind: pedestrian}", "  - {name: P, kind: pedestrian}\n  - {name: Q}",
    #"13:12: error: signal_groups[Q].name: signal group "Q" holds no movement and no crossing; name it as the signal of one, or leave it out"#
  ),
  Slip(
    "{name: W.T}", "{name: N.T}",
    #"10:12: error: signal_groups[N.T].name: signal group "N.T" stands twice, first in line 9; give each its own name"#,
    #"14:9: error: conflicts.N.T[#1]: there is no signal group "W.T"; did you mean "N.T"?"#,
    #"25:33: error: lane_groups[W].movements[#1].signal: there is no signal group "W.T"; did you mean "N.T"?"#,
    #"32:23: error: stages[B].green[#1]: there is no signal group "W.T"; did you mean "N.T"?"#),
]

/// Slips about what is measured on site.
let surveySlips = [
  Slip(
    "lane_groups:",
    "conflict_points: [{clearing: N.T, entering: E.T, clearing_distance: 9 m, entering_distance: 4 m}]\nlane_groups:",
    #"16:45: error: conflict_points[#1].entering: there is no signal group "E.T"; did you mean "N.T"?"#
  ),
  Slip(
    "lane_groups:",
    "conflict_points: [{clearing: W.T, entering: P, clearing_distance: 9 m, entering_distance: 4 m}]\nlane_groups:",
    #"16:19: error: conflict_points[#1]: signal groups "W.T" and "P" do not conflict, so they meet nowhere; add them to conflicts, or leave the point out"#
  ),
  Slip(
    "speed: 50 km/h}\n  - {name: W", "speed: 50 km/h, grade: 21 %}\n  - {name: W",
    "6:56: error: approaches[N].grade: 21 % is out of range; it must be -20 to 20 %"),
  Slip(
    "clearance: 10 s", "clearance: 10 s, walking_speed: 4 km/h",
    #"29:83: error: crossings[X].walking_speed: "4 km/h" has the wrong unit; it must be in m/s; write, say, 1 m/s"#
  ),
  Slip(
    "pace: stage", "pace: stage, countdown: yes",
    #"46:35: error: control.countdown: "yes" is not among the choices; write none, follow, trigger or communication"#
  ),
  Slip(
    "pace: stage", "pace: stage, used_yellow: 3 s",
    "46:37: error: control.used_yellow: 3 s is out of range; it must be 0 to 2 s"),
  Slip(
    "pace: stage", "pace: stage, longest_wait: 101 s",
    "46:38: error: control.longest_wait: 101 s is above the longest_red of 100 s; write 100 s or less"
  ),
  Slip(
    "control: {", "accepted: [{rule: yellow-too-short}]\ncontrol: {",
    "46:12: error: accepted[#1].reason: is missing; write, say, reason: speed limit of 40 km/h from March on"
  ),
]

/// Slips about lane groups, crossings and detectors.
let laneSlips = [
  Slip(
    "turn: left,", "turn: through,",
    #"26:9: error: lane_groups[W].movements[#2]: turn through stands twice in lane group "W"; add the shares up in one movement"#
  ),
  Slip(
    "share: 0.7", "share: 0.6",
    #"25:7: error: lane_groups[W].movements: the shares of lane group "W" add up to 0.9; they must add up to 1"#
  ),
  Slip(
    ", share: 0.7", "",
    "25:9: error: lane_groups[W].movements[#1]: needs a share, as its lane group has several movements; write, say, share: 0.8"
  ),
  Slip(
    "3300 pcu/h", "330 pcu/h",
    "17:71: error: lane_groups[N.T].saturation_flow: 330 pcu/h for 2 lanes is 165 a lane; write the flow of all lanes together, 300 to 2500 pcu/h for each"
  ),
  Slip(
    "turn: right, signal: none", "turn: right, signal: West",
    #"27:31: error: lane_groups[W].movements[#3].signal: there is no signal group "West"; the signal groups are N.T, W.T, W.L, P"#
  ),
  Slip(
    "approach: W", "approach: west",
    #"20:15: error: lane_groups[W].approach: there is no approach "west"; the approaches are N, W"#),
  Slip(
    "green: [N.T]", "green: []",
    #"17:5: error: lane_groups[N.T]: lane group "N.T" is never served: no stage shows signal group "N.T" green; add it to one"#,
    #"31:22: error: stages[A].green: stage "A" shows nothing green; name at least one signal group"#,
    "40:12: error: plans[day].cycle: 70 s is not the sum of the plan, 60 s of green and 5 s of changes; write 65 s, or change the greens"
  ),
  Slip(
    "green: [W.T, P], permissive", "green: [P], permissive",
    #"19:5: error: lane_groups[W]: lane group "W" is never served: no stage shows signal group "W.T" green; add it to one"#
  ),
  Slip(
    "green: [W.T, P]", "green: [W.T]",
    #"29:5: error: crossings[X]: crossing "X" is never served: no stage shows signal group "P" green; add it to one"#
  ),
  Slip(
    "id: M1.N,", "id: M1.N, lanes: 3,",
    #"36:23: error: detectors[M1.N].lanes: the detectors of lane group "N.T" see 3 lanes with this one, but it has 2; let each lane be seen by one detector"#
  ),
  Slip(
    "{id: M1.W, lane_group: W}", "{id: M1.W, lane_group: N.T}",
    #"37:5: error: detectors[M1.W]: the detectors of lane group "N.T" see 4 lanes with this one, but it has 2; let each lane be seen by one detector"#
  ),
  Slip(
    "id: M1.W", "id: M1.N",
    #"37:10: error: detectors[M1.N].id: detector "M1.N" stands twice, first in line 36; give each its own name"#
  ),
  Slip(
    "    lanes: 1",
    "    upstream: [{junction: M1, lane_group: N.T, share: 0.5, travel_time: 9 s}]\n    lanes: 1",
    #"21:16: error: lane_groups[W].upstream[#1]: junction "M1" is this one; name the junction that vehicles come from"#
  ),
]

/// Slips about stages, changes and limits.
let stageSlips = [
  Slip(
    "max_green: 60 s", "max_green: 9 s",
    "31:57: error: stages[A].max_green: 9 s is below the min_green of 10 s; write 10 s or more",
    #"42:27: error: plans[day].greens[#1].green: 40 s is above the max_green of stage "A"; write 9 s or less"#
  ),
  Slip(
    "min_green: 17 s", "min_green: 16.9 s",
    #"33:17: error: stages[B].min_green: 16.9 s is below the 17 s of walk and clearance of crossing "X"; write 17 s or more"#
  ),
  Slip(
    "min_green: 10 s", "min_green: 10.05 s",
    #"31:40: error: stages[A].min_green: "10.05 s" is not a whole number of tenths of a second; write, say, 10.1 s"#
  ),
  Slip(
    "min_green: 10 s", "min_green: 10 s, recall: yes",
    #"31:54: error: stages[A].recall: "yes" is neither true nor false; write one of them"#),
  Slip(
    "limits: {", "changes: {forbidden: [[A, A]]}\nlimits: {",
    "34:23: error: changes.forbidden[#1]: a stage does not change to itself; name two stages"),
  Slip(
    "limits: {", "changes: {forbidden: [[A]]}\nlimits: {",
    "34:23: error: changes.forbidden[#1]: has 1 entry, but 2 are needed"),
  Slip(
    "limits: {",
    "changes: {forbidden: [[A, B]], intergreens: [{from: A, to: B, time: 6 s}]}\nlimits: {",
    "34:46: error: changes.intergreens[#1]: the change from A to B stands twice, first in line 34; keep one",
    #"44:17: error: plans[day].greens[#2].stage: the change from stage "A" to "B" is forbidden; put a stage between them"#
  ),
  Slip(
    "limits: {", "changes: {intergreens: [{from: A, to: B, time: 25.5 s}]}\nlimits: {",
    "34:48: error: changes.intergreens[#1].time: 25.5 s is out of range; it must be 0 to 25.4 s"),
  Slip(
    "max_cycle: 120 s", "max_cycle: 30 s",
    "34:38: error: limits.max_cycle: 30 s is below the min_cycle of 40 s; write 40 s or more"),
]

/// Slips about plans, schedule and control.
let planSlips = [
  Slip(
    "cycle: 70 s", "cycle: 60 s",
    "40:12: error: plans[day].cycle: 60 s is not the sum of the plan, 60 s of green and 10 s of changes; write 70 s, or change the greens"
  ),
  Slip(
    "min_cycle: 40 s", "min_cycle: 80 s",
    "40:12: error: plans[day].cycle: 70 s is outside the limits; write 80 s to 120 s"),
  Slip(
    "cycle: 70 s", "cycle: 70 s\n    offset: 70 s",
    "41:13: error: plans[day].offset: 70 s is not less than the cycle of 70 s; write 0 s to 69.9 s"),
  Slip(
    "stage: B, green: 20 s", "stage: B, green: 16 s",
    "40:12: error: plans[day].cycle: 70 s is not the sum of the plan, 56 s of green and 10 s of changes; write 66 s, or change the greens",
    #"43:27: error: plans[day].greens[#2].green: 16 s is below the min_green of stage "B"; write 17 s or more"#,
    #"43:27: error: plans[day].greens[#2].green: 16 s is below the 17 s of walk and clearance of crossing "X"; write 17 s or more"#
  ),
  Slip(
    "stage: A, green: 40 s", "stage: C, green: 40 s",
    #"42:17: error: plans[day].greens[#1].stage: there is no stage "C"; the stages are A, B"#),
  Slip(
    "longest_red: 100 s", "longest_red: 49 s",
    #"42:7: error: plans[day].greens: signal group "W.T" is red for 50 s in plan "day"; longest_red allows 49 s"#,
    #"42:7: error: plans[day].greens: signal group "W.L" is red for 50 s in plan "day"; longest_red allows 49 s"#,
    #"42:7: error: plans[day].greens: signal group "P" is red for 50 s in plan "day"; longest_red allows 49 s"#
  ),
  Slip(
    "cycle: 70 s\n    greens:\n      - {stage: A, green: 40 s}\n", "cycle: 40 s\n    greens:\n",
    "40:12: error: plans[day].cycle: 40 s is not the sum of the plan, 20 s of green and 0 s of changes; write 20 s, or change the greens",
    #"42:7: error: plans[day].greens: signal group "N.T" is never green in plan "day"; add a stage that serves it"#
  ),
  Slip(
    #"from: "06:30", plan: day}"#, "from: \"06:30\", plan: day}\n  - {from: \"06:30\", plan: day}",
    "46:5: error: schedule[#2]: another plan begins at the same time; keep one of them"),
  Slip(
    #"from: "06:30""#, "from: 24:00",
    #"45:12: error: schedule[#1].from: "24:00" is not a time of day; write "00:00" to "23:59""#),
  Slip(
    "plan: day}", "plan: dya}",
    #"45:27: error: schedule[#1].plan: there is no plan "dya"; the plans are day"#),
  Slip(
    "lease: 60 s", "lease: 60.5 s",
    "46:48: error: control.lease: 60.5 s is not a whole number of seconds, as cabinets count leases; write 61 s"
  ),
  Slip(
    "lease: 60 s", "lease: 29 s",
    "46:48: error: control.lease: 29 s is out of range; it must be 30 to 3600 s"),
  Slip(
    "pace: stage", "pace: cycle",
    "46:48: error: control.lease: 60 s is shorter than the longest cycle of the plans, 70 s, so at pace cycle a plan could lapse before it runs; write 70 s or more"
  ),
  Slip(
    "pace: stage", "pace: fast",
    #"46:17: error: control.pace: "fast" is not among the choices; write cycle, stage or second"#),
]

/// Slips about keys, names and the file itself.
let keySlips = [
  Slip(
    "version: 1", "version: 2",
    "1:10: error: version: 2 is out of range; it must be 1"),
  Slip(
    "version: 1\n", "",
    "1:1: error: version: is missing; write, say, version: 1"),
  Slip(
    "name: Mini", "name:",
    "3:6: error: name: has no value; write, say, 人民路 - 解放路"),
  Slip(
    #""+08:00""#, "CST",
    #"4:12: error: time_zone: "CST" is not an offset from UTC; write "-12:00" to "+14:00", such as "+08:00" for China"#
  ),
  Slip(
    "heading: 180 deg", "heading: 360 deg",
    "6:24: error: approaches[N].heading: 360 deg is out of range; it must be 0 to 359.999 deg"),
  Slip(
    "id: M1\n", "id: M1\nid: M2\n",
    #"3:1: error: id: stands twice, first in line 2; keep one"#),
  Slip(
    "control: {", "colour: red\ncontrol: {",
    "46:1: error: colour: is not a key here; the keys are version, id, name, time_zone, approaches, signal_groups, conflicts, conflict_points, lane_groups, crossings, stages, changes, limits, detectors, plans, schedule, control, cabinet, detector_health, accepted"
  ),
  Slip(
    "control: {", "cabinet: {connect: \"cabinet.local:1502\"}\ncontrol: {",
    #"46:20: error: cabinet.connect: "cabinet.local" is not a numeric address, and a name server must not be able to stop control; write, say, 127.0.0.1:1502 or [::1]:1502"#
  ),
  Slip(
    "control: {", "cabinet: {connect: \"127.0.0.1\"}\ncontrol: {",
    #"46:20: error: cabinet.connect: "127.0.0.1" has no port from 1 to 65535; write, say, 127.0.0.1:1502"#
  ),
  Slip(
    "control: {", "cabinet: {connect: \"127.0.0.1:502\", unit: 248}\ncontrol: {",
    "46:43: error: cabinet.unit: unit 248 is no cabinet's own (0 is every unit of a bus); write 1 to 247, or 255"
  ),
  Slip(
    "control: {", "cabinet: {connect: \"[::1]:502\", unit: 255}\ncontrol: {",
    "valid"),
]
