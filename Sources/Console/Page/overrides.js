// Overrides: what is on, and a form that shows what an override would do before it does it.
const ACTIONS = ["stage", "plan", "day-plan", "flash", "all-red", "writes", "route"];

async function drawOverrides() {
  const box = at("all-overrides");
  at("new-override").hidden = at("new-override-title").hidden = false;
  try {
    const told = await ask("/v1/overrides");
    const all = told.overrides || [];
    if (!all.length) return box.replaceChildren(t("none"));
    box.replaceChildren(table(["junction", "what", "operator", "since", "until", "end"], all.map((one) => {
      const button = make("button", "", t("end"));
      button.type = "button";
      button.setAttribute("aria-label", `${t("end")}: ${said(one.words)}`);
      button.onclick = () => ask(`/v1/overrides/${encodeURIComponent(one.id)}`, "DELETE")
        .then(() => notice(""), (error) => notice(problem(error))).then(drawOverrides);
      const link = make("a", "", one.junction);
      link.href = `#/junction/${encodeURIComponent(one.junction)}`;
      return make("tr", "", cell(one.junction ? link : "", t("junction")), cell(make("span", "", said(one.words), make("span", "name", one.reason))),
        cell(one.who, t("operator")), cell(when(one.begins), t("since"), "time"), cell(when(one.ends), t("until"), "time"), cell(button));
    })));
  } catch (error) {
    const isOffered = error.status !== 404;
    at("new-override").hidden = at("new-override-title").hidden = !isOffered;
    box.replaceChildren(isOffered ? problem(error) : t("notOffered"));
  }
}

function field(form, key, input) {
  input.id = `field-${form.dataset.place}-${key}`;
  const label = make("label", "", make("span", "", t(key)), input);
  form.append(label);
  return input;
}

function choice(options) {
  return make("select", "", ...options.map(([value, text]) => {
    const option = make("option", "", text);
    option.value = value;
    return option;
  }));
}

function input(type, attributes = {}) {
  return Object.assign(make("input"), {type, autocomplete: "off", ...attributes});
}

// What each action asks for beside reason and length.
const NEEDS = {stage: ["junctionIds", "stage"], plan: ["junctionIds", "planGreens"], "day-plan": ["junctionIds", "dayPlan"],
  flash: ["junctionIds"], "all-red": ["junctionIds"], writes: [], route: ["legs"]};

/** "A=30, B=12" as stages and greens. */
const greens = (text) => text.split(/[\s,，]+/).filter(Boolean).map((word) => {
  const [stage, green] = word.split("=");
  return {stage, green: Number(green)};
});

/** Lines such as "J017 B 08:10 08:12", times of today, as legs of a route. */
const legs = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
  const [junction, stage, from, until] = line.split(/\s+/);
  const time = (word) => {
    const [hour, minute] = (word || "").split(":").map(Number), day = new Date();
    day.setHours(hour, minute, 0, 0);
    return Number.isNaN(day.getTime()) ? String(word) : day.toISOString().replace(/\.\d+Z/, "Z");
  };
  return {junction, stage: stage || "", from: time(from), until: time(until)};
});

/** The form; `junction` is the one it is for, `stages` are its stages. Without one, junctions are asked for. */
function overrideForm(box, junction, stages = []) {
  const form = make("form", "override");
  form.dataset.place = box.id;
  const actions = junction ? ACTIONS.filter((action) => !["route", "writes"].includes(action)) : ACTIONS;
  const action = field(form, "action", choice(actions.map((code) => [code, t(`act-${code}`)])));
  const fields = {
    stage: field(form, "stage", junction ? choice(stages.map((name) => [name, name])) : input("text", {maxLength: 80})),
    planGreens: field(form, "planGreens", input("text", {maxLength: 400, placeholder: "A=30, B=12"})),
    dayPlan: field(form, "dayPlan", input("text", {maxLength: 80})),
  };
  if (!junction) {
    fields.junctionIds = field(form, "junctionIds", input("text", {maxLength: 8000, placeholder: "J017, J018"}));
    fields.legs = field(form, "legs", Object.assign(make("textarea"), {rows: 4, maxLength: 8000, placeholder: "J017 B 08:10 08:12"}));
  }
  const minutes = field(form, "minutes", input("number", {min: 1, max: 1440, value: 30, required: true}));
  const reason = field(form, "reason", input("text", {required: true, maxLength: 200}));
  const take = input("checkbox");
  form.append(make("label", "check", take, make("span", "", t("takeOver"))));
  const [check, act] = [make("button", "", t("check")), make("button", "main", t("doIt"))];
  check.type = "submit";
  act.type = "button";
  act.disabled = true;
  const answer = make("p", "answer");
  answer.setAttribute("role", "status");
  answer.hidden = true;
  form.append(make("p", "buttons", check, act), answer);

  const body = (isDry) => {
    const asks = NEEDS[action.value];
    return {
      action: action.value,
      ...(asks.includes("junctionIds") ? {junctions: junction ? [junction] : fields.junctionIds.value.split(/[\s,，]+/).filter(Boolean)} : {}),
      ...(asks.includes("stage") ? {stage: fields.stage.value} : {}),
      ...(asks.includes("planGreens") ? {plan: greens(fields.planGreens.value)} : {}),
      ...(asks.includes("dayPlan") && fields.dayPlan.value ? {day_plan: fields.dayPlan.value} : {}),
      ...(asks.includes("legs") ? {route: legs(fields.legs.value)} : {minutes: Number(minutes.value)}),
      reason: reason.value, dry_run: isDry, take_over: take.checked,
    };
  };
  // What was not shown first cannot be done: any change asks for another look.
  const unseen = () => {
    act.disabled = true;
    for (const [key, one] of Object.entries(fields)) one.parentElement.hidden = !NEEDS[action.value].includes(key);
    minutes.parentElement.hidden = action.value === "route";
  };
  form.addEventListener("input", unseen);
  unseen();
  const tell = (text, isBad) => {
    [answer.hidden, answer.className] = [false, isBad ? "answer bad" : "answer"];
    answer.textContent = text;
  };
  const send = async (isDry) => {
    try {
      const told = await ask("/v1/overrides", "POST", body(isDry));
      const lines = (told.overrides || [told]).map((one) => `${one.junction ? `${one.junction}: ` : ""}${said(one.words)}`);
      const ended = (told.takes_over || []).map((one) => `${t("endsOther")} ${one.junction} ${one.who}: ${said(one.words)}`);
      const span = told.from ? [`${when(told.from)} – ${when(told.until)}`] : [];
      tell([...(isDry ? [] : [t("done")]), ...lines, ...ended, ...span].join("\n"));
      act.disabled = !isDry;
      if (!isDry) drawOverrides();
    } catch (error) {
      act.disabled = true;
      tell(error.status === 404 || error.status === 405 ? t("notOffered") : error.status === 403 || error.status === 401 || !error.status
        ? problem(error) : error.message, true);
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(true);
  });
  act.addEventListener("click", () => send(false));
  box.replaceChildren(form);
}
