"""Reports of short runs, made by the program under test, and a browser to open them in."""
import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GREENSPLIT", str(ROOT / ".build" / "debug" / "greensplit"))
BROWSER = shutil.which("chromium")
# A name that is markup, quotes and a long word at once.
NAME = '<script>document.title="evil"</script> & 人民路'
SEEDS = (1, 2, 3)


def run(*words, status=0):
    """Runs greensplit, which must end with `status`; returns what it said on standard error."""
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=600)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stderr


def simulate(folder):
    """Results of a quarter of an hour of the rush hour under three controls, one file for each seed."""
    site = (ROOT / "intersections/J001.yaml").read_text().replace("name: 人民路 - 解放路", f"name: '{NAME}'")
    (folder / "J001.yaml").write_text(site)
    text = (ROOT / "simulations/rush-hour.yaml").read_text().replace("../intersections/", "")
    text = text.replace("length: 4200 s", "length: 1500 s").replace("warm_up: 600 s", "warm_up: 600 s")
    (folder / "short.yaml").write_text(text)
    files = []
    for seed in SEEDS:
        files.append(folder / f"{seed}.json")
        run("simulate", folder / "short.yaml", "--pace", "cycle", "--seed", seed, "--json", files[-1])
    return files


def report(folder, files, language):
    page = folder / f"{language}.html"
    run("report", *files, "--out", page, "--lang", language)
    return page


def chromium(*words):
    """Runs the browser without a window; returns its output and what it logged."""
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        done = subprocess.run(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", f"--user-data-dir={profile}",
             "--enable-logging=stderr", "--virtual-time-budget=5000", *map(str, words)],
            capture_output=True, text=True, timeout=120)
    return done.stdout, done.stderr


def console(log):
    """Lines that pages wrote to the console, refusals by their security policy among them."""
    return [line for line in log.splitlines() if "CONSOLE" in line]


# Looks at the page in a frame as wide as the screen that is meant: a window has 500 pixels at least.
MEASURE = """
const frame = document.querySelector('iframe');
frame.addEventListener('load', () => {
  const page = frame.contentDocument, root = page.documentElement, found = {overlaps: [], outside: []};
  page.querySelectorAll('details').forEach(d => { d.open = OPEN; });
  found.width = frame.contentWindow.innerWidth;
  found.scrollWidth = root.scrollWidth;
  found.requests = frame.contentWindow.performance.getEntriesByType('resource').length;
  found.title = page.title;
  found.drawings = page.querySelectorAll('figure > svg').length;
  for (const svg of page.querySelectorAll('figure > svg')) {
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(t => [t.firstChild.textContent, t.getBoundingClientRect()]);
    texts.forEach(([text, r], i) => {
      if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
        found.outside.push([svg.getAttribute('aria-label'), text]);
      for (const [other, s] of texts.slice(i + 1)) {
        const wide = Math.min(r.right, s.right) - Math.max(r.left, s.left);
        const high = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
        // The box of a line of text is taller than its letters.
        if (wide > 0.5 && high > 0.3 * Math.min(r.height, s.height))
          found.overlaps.push([svg.getAttribute('aria-label'), text, other]);
      }
    });
  }
  found.smallest = Math.min(...[...page.querySelectorAll('text')].map(t => t.getBoundingClientRect().height));
  document.querySelector('pre').textContent = JSON.stringify(found);
});
"""


def measure(folder, page, width, opened=False):
    """How the page looks in a frame `width` pixels wide; returns that and the console's lines."""
    frame = folder / f"frame-{width}.html"
    frame.write_text(
        f'<!doctype html><meta charset="utf-8"><pre></pre><iframe width="{width}" height="900"></iframe>'
        f"<script>{MEASURE.replace('OPEN', 'true' if opened else 'false')}"
        f"frame.srcdoc = {script_string(page.read_text())};</script>", encoding="utf-8")
    output, log = chromium(f"--window-size={max(width, 500) + 50},1000", "--dump-dom", frame.as_uri())
    found = re.search(r"<pre>(.*?)</pre>", output, re.S)
    assert found and found.group(1), log[-2000:]
    return json.loads(html.unescape(found.group(1))), console(log)


def script_string(text):
    """`text` as a string of a script within a page."""
    return json.dumps(text).replace("<", "\\u003c")
