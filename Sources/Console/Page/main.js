// Where we are, what is asked, and what comes in.
let streams = new AbortController();

function live(key, isLost) {
  write(at("live"), t(key));
  at("live").classList.toggle("lost", Boolean(isLost));
}

/** Follows `path` until the view changes; after a loss it asks anew, each time a little later. */
async function follow(path, hear, begin, prepare) {
  const signal = streams.signal;
  for (let wait = 1; !signal.aborted; wait = Math.min(30, wait * 2)) {
    try {
      let isOpen = false;
      if (prepare) prepare();
      const stream = listen(path, (name, data) => {
        if (!isOpen) [isOpen, wait] = [true, 1];
        live("live");
        hear(name, data);
      }, signal);
      // A stream that fails while we ask must not be an error that nobody takes.
      stream.catch(() => {});
      if (begin) await begin();
      notice("");
      await stream;
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 404) return notice(error.message);
      if (error.status) notice(problem(error));
    }
    if (signal.aborted) return;
    live("lost", true);
    await new Promise((done) => setTimeout(done, wait * 1000));
  }
}

async function showList() {
  at("list").hidden = false;
  drawList();
  await follow("/v1/events", (name, data) => name === "junctions" && takeChanges(data),
    async () => takeList(await ask("/v1/junctions")), () => [list.sequence, list.waiting] = [null, []]);
}

async function showJunction(id) {
  at("one").hidden = false;
  write(at("one-title"), id);
  const path = `/v1/junctions/${encodeURIComponent(id)}`;
  if (!list.kinds.length) {
    try {
      takeList(await ask("/v1/junctions"));
    } catch { /* The stream below tells what is wrong. */ }
  }
  const slow = async () => {
    drawDay((await ask(`${path}/day`)).quarters);
    drawAlarms(at("one-alarms"), (await ask(`/v1/alarms?junction=${encodeURIComponent(id)}`)).alarms, true);
  };
  const signal = streams.signal;
  every(60, slow, signal);
  await follow(`/v1/events?junction=${encodeURIComponent(id)}`, (name, data) => name === "junction" && drawJunction(data),
    async () => {
      const told = await ask(path);
      if (signal.aborted) return;
      drawJunction(told);
      await offer(id, told.stages);
      await slow();
    });
}

/** The form for overrides, if the daemon offers them; what was begun to fill in stays. */
async function offer(id, stages) {
  const box = at("one-override");
  if (box.dataset.junction === id + language) return;
  box.dataset.junction = "";
  try {
    await ask("/v1/overrides");
  } catch (error) {
    if (error.status === 404) return box.replaceChildren(t("notOffered"));
  }
  box.dataset.junction = id + language;
  return overrideForm(box, id, stages);
}

function every(seconds, work, signal) {
  const timer = setInterval(() => work().catch((error) => notice(problem(error))), seconds * 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

async function showAlarms() {
  at("alarms").hidden = false;
  const draw = async () => drawAlarms(at("all-alarms"), (await ask("/v1/alarms")).alarms, false);
  every(10, draw, streams.signal);
  await draw();
}

async function showOverrides() {
  at("overrides").hidden = false;
  overrideForm(at("new-override"), null);
  every(10, drawOverrides, streams.signal);
  await drawOverrides();
}

/** Shows what the address asks for. */
function route(isFirst) {
  streams.abort();
  streams = new AbortController();
  notice("");
  for (const id of ["list", "one", "alarms", "overrides"]) at(id).hidden = true;
  document.title = "Greensplit";
  const parts = location.hash.replace(/^#\/?/, "").split("/");
  const here = {alarms: "#/alarms", overrides: "#/overrides"}[parts[0]] || "#/";
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  let id = "";
  try {
    id = decodeURIComponent(parts[1] || "");
  } catch { /* A broken address is that of no junction. */ }
  const view = parts[0] === "junction" && id ? showJunction(id) : parts[0] === "alarms" ? showAlarms()
    : parts[0] === "overrides" ? showOverrides() : showList();
  view.catch((error) => notice(problem(error)));
  // Who reads with a screen reader begins where the new page begins.
  if (!isFirst) at("main").focus();
}

function drawSign() {
  const isIn = Boolean(sessionStorage.getItem(SECRET));
  at("sign").dataset.t = isIn ? "signOut" : "signIn";
  write(at("sign"), t(at("sign").dataset.t));
}

at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem(SAVED, language);
  translate();
  drawSign();
  route(true);
});
at("sign").addEventListener("click", () => {
  if (sessionStorage.getItem(SECRET)) {
    sessionStorage.removeItem(SECRET);
    drawSign();
    return route(true);
  }
  at("token-value").value = "";
  at("token").showModal();
});
at("token").addEventListener("close", () => {
  const value = at("token-value").value.trim();
  at("token-value").value = "";
  if (at("token").returnValue === "ok" && value) {
    sessionStorage.setItem(SECRET, value);
    drawSign();
    route(true);
  }
});
addEventListener("hashchange", () => route(false));
translate();
drawSign();
startList();
route(true);
