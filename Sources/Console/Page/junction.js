// One junction, live.
const SVG = "http://www.w3.org/2000/svg";

function drawJunction(told) {
  write(at("one-title"), `${told.id} ${told.name}`);
  document.title = `${told.id} – Greensplit`;
  at("one-mode").replaceChildren(badge(told.mode, said(told.mode_words)), ` ${said(told.cause_words)} · ${when(told.since)}`);
  const troubles = told.troubles.map((trouble) =>
    make("li", "", badge(trouble.kind, said(trouble.name)), ` ${said(trouble.words)} · ${when(trouble.since)}`));
  at("one-troubles").replaceChildren(...(troubles.length ? troubles : [make("li", "name", t("noneWrong"))]));
  drawRunning(told);
  drawWhy(told);
  at("one-groups").replaceChildren(...told.lane_groups.map(laneGroup));
  drawDetectors(told.health);
}

function drawRunning(told) {
  const running = told.running;
  if (!running) {
    write(at("one-stage"), t("noReport"));
    at("one-ring").replaceChildren();
  } else {
    write(at("one-stage"), `${t("stage")} ${running.stage} · ${t(running.state)}${left(running)}`);
    const plan = told.plan && told.plan.greens.length ? told.plan.greens : told.stages.map((stage) => ({stage, green_s: 0}));
    let isFound = false;
    at("one-ring").replaceChildren(...plan.map((entry) => {
      const isNow = !isFound && entry.stage === running.stage;
      isFound = isFound || isNow;
      const block = make("div", isNow ? "now" : "", `${isNow ? "▶ " : ""}${entry.stage}`,
        entry.green_s ? make("span", "name", t("seconds", entry.green_s)) : null);
      block.style.flexGrow = String(Math.max(1, entry.green_s || 1));
      if (isNow) block.setAttribute("aria-current", "true");
      return block;
    }));
  }
  pairs(at("one-times"), running ? [["nextStage", running.next_stage], ["inCycle", t("seconds", running.time_in_cycle_s)],
    ["lease", running.lease_left_s ? t("seconds", running.lease_left_s) : ""], ["reportAge", t("old", running.age_s)]] : []);
  at("one-lamps").replaceChildren(...told.signal_groups.filter((group) => group.lamp).map((group) => {
    const go = ["green", "permissiveGreen", "flashingGreen"].includes(group.lamp), stop = group.lamp === "red";
    return make("li", `lamp ${go ? "go" : stop ? "stop" : "wait"}`, `${group.name} ${t(group.lamp)}`);
  }));
}

/** Seconds until the green may or must end, the age of the report taken off. */
function left(running) {
  if (running.state !== "green" || running.least_left_s === undefined) return "";
  const off = (seconds) => Math.max(0, Math.round(seconds - running.age_s));
  const [least, most] = [off(running.least_left_s), off(running.most_left_s ?? running.least_left_s)];
  return ` · ${least === most ? t("left", least) : t("leftRange", least, most)}`;
}

function drawWhy(told) {
  write(at("one-why"), told.why ? said(told.why.words) : "");
  const isOther = told.order && !(told.plan && told.plan.sequence === told.order.sequence);
  const plan = (one) => one && `${one.sequence || t("own")}: ${one.greens.map((e) => `${e.stage} ${t("seconds", e.green_s)}`).join(", ")}`;
  const why = told.why || {};
  pairs(at("one-plan"), [["plan", plan(told.plan)], ["order", isOther ? plan(told.order) : ""], ["orderWhy", told.order_why && said(told.order_why.words)],
    ["cycle", told.plan && told.plan.cycle_s && t("seconds", told.plan.cycle_s)],
    ["offset", told.plan && told.plan.offset_s !== undefined ? t("seconds", told.plan.offset_s) : ""],
    ["cost", why.cost_veh_s === undefined ? "" : t("vehicleSeconds", why.cost_veh_s)],
    ["alternative", why.alternative && `${said(why.alternative_words)} (${t("vehicleSeconds", why.alternative_cost_veh_s)})`],
    ["refused", (why.refused_words || []).map(said).join("; ")]]);
}

function laneGroup(group) {
  const head = make("th", "", group.name, make("span", "name", `${group.approach} · ${group.lanes}`));
  head.scope = "row";
  const share = group.storage_pcu > 0 ? (group.queue_pcu || 0) / group.storage_pcu : 0;
  const bar = make("i");
  bar.style.width = `${Math.min(100, share * 100)}%`;
  const box = make("span", "", bar);
  box.setAttribute("aria-hidden", "true");
  const meter = group.queue_pcu === undefined ? "" : make("div", share >= 0.9 ? "meter full" : "meter", box,
    `${group.queue_pcu} / ${Math.round(group.storage_pcu)}`);
  const signal = group.signalled === false ? t("noSignal") : group.green === undefined ? "" : make("span", `lamp ${group.green ? "go" : "stop"}`, t(group.green ? "green" : "red"));
  return make("tr", "", head, cell(signal, t("signal")), cell(meter, t("queue")), cell(group.flow_pcu_h, t("flow"), "number"),
    cell(group.saturation === undefined ? "" : group.saturation.toFixed(2), t("saturation"), "number"),
    cell(group.trust === undefined ? "" : `${Math.round(group.trust * 100)} %`, t("trust"), "number"));
}

function drawDetectors(health) {
  if (!health) return;
  const counts = health.counts;
  write(at("one-counts"), t("counts", counts.accepted, counts.late, counts.clockFaults + counts.quarantined));
  at("one-detectors").replaceChildren(...health.detectors.map((detector) => {
    const head = make("th", "", detector.id);
    head.scope = "row";
    const looks = {ok: ["●", "good"], suspect: ["◐", "warn"], fault: ["▲", "bad"]}[detector.grade];
    const sign = make("span", "", looks[0]);
    sign.setAttribute("aria-hidden", "true");
    const findings = detector.findings.map((finding) => `${said(finding.words)} · ${when(finding.since)}`).join("; ");
    return make("tr", "", head, cell(detector.camera, t("camera")),
      cell(make("span", "", make("span", `badge ${looks[1]}`, sign, t(detector.grade)), findings ? ` ${findings}` : ""), t("health")));
  }));
}

/** The day as a drawing, and as a table for who does not see it. */
function drawDay(pieces) {
  if (!pieces.length) return at("one-day").replaceChildren(t("none"));
  const [width, height, base] = [Math.max(280, Math.min(1100, at("one-day").clientWidth - 4)), 180, 150];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("chart"));
  const draw = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    svg.append(element);
  };
  const end = new Date(pieces[pieces.length - 1].begin).getTime() + 900e3;
  const x = (time) => 40 + (width - 80) * (1 - (end - time) / 86400e3);
  const most = Math.max(100, ...pieces.map((piece) => piece.flow_pcu_h));
  const full = Math.max(1.2, ...pieces.map((piece) => piece.saturation || 0));
  for (const piece of pieces) {
    const begin = x(new Date(piece.begin).getTime()), tall = (base - 12) * piece.flow_pcu_h / most;
    draw("rect", {x: begin, y: base - tall, width: (width - 80) / 96, height: tall, class: "flow"});
  }
  const known = pieces.filter((piece) => piece.saturation !== undefined);
  const points = known.map((piece) => `${x(new Date(piece.begin).getTime() + 450e3)},${base - (base - 12) * piece.saturation / full}`);
  draw("polyline", {points: points.join(" "), class: "saturation"});
  draw("line", {x1: 40, x2: width - 40, y1: base, y2: base, class: "axis"});
  draw("text", {x: 4, y: 16}, String(Math.round(most)));
  draw("text", {x: width - 34, y: 16}, full.toFixed(1));
  for (let hours = 24; hours >= 0; hours -= width < 500 ? 12 : 6) {
    const time = end - hours * 3600e3;
    draw("text", {x: x(time), y: height - 10, "text-anchor": "middle"}, new Date(time).toTimeString().slice(0, 5));
  }
  const rows = [...pieces].reverse().map((piece) => make("tr", "", cell(when(piece.begin), t("time"), "time"),
    cell(piece.flow_pcu_h, t("flow"), "number"), cell(piece.queue_pcu, t("queue"), "number"),
    cell(piece.saturation === undefined ? "" : piece.saturation.toFixed(2), t("saturation"), "number"),
    cell(piece.troubles.map(kindName).join(", "), t("trouble"))));
  const old = at("one-day").querySelector("details");
  const more = make("details", "", make("summary", "", t("asTable")),
    table(["time", "flow", "queue", "saturation", "trouble"], rows));
  more.open = Boolean(old && old.open);
  at("one-day").replaceChildren(make("p", "name", t("chart")), svg, more);
}

function table(heads, rows) {
  const head = make("tr", "", ...heads.map((key) => {
    const one = make("th", ["flow", "queue", "saturation"].includes(key) ? "number" : "", t(key));
    one.scope = "col";
    return one;
  }));
  return make("table", "wide", make("thead", "", head), make("tbody", "", ...rows));
}

function drawAlarms(box, alarms, isOne) {
  if (!alarms.length) return box.replaceChildren(t("none"));
  box.replaceChildren(table(isOne ? ["time", "what", "until"] : ["time", "junction", "what", "until"], alarms.map((alarm) => {
    const link = make("a", "", alarm.junction);
    link.href = `#/junction/${encodeURIComponent(alarm.junction)}`;
    const [shape, kind] = LOOKS[alarm.kind] || ["▲", "warn"];
    const sign = make("span", `badge ${kind}`, shape);
    sign.setAttribute("aria-hidden", "true");
    return make("tr", "", cell(when(alarm.at), t("time"), "time"), isOne ? null : cell(link, t("junction")),
      cell(make("span", "", sign, said(alarm.words))), cell(alarm.until ? when(alarm.until) : t("still"), t("until"), "time"));
  })));
}
