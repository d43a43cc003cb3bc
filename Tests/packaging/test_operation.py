"""The package on a machine with a systemd of its own, as the handbook has an operator do it."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from machine import Machine, package, reason_why_not
from pages import block, blocks, missing, steps


def another(version, schema=None):
    """The package under another version; its program may claim to change the schema of the history."""
    folder = tempfile.mkdtemp(prefix="greensplit-package-")
    unittest.addModuleCleanup(shutil.rmtree, folder)
    tree = os.path.join(folder, "tree")
    subprocess.run(["dpkg-deb", "-R", package(), tree], check=True)

    def edit(name, pattern, by):
        path = os.path.join(tree, "DEBIAN", name)
        with open(path, encoding="utf-8") as text:
            edited, count = re.subn(pattern, by, text.read())
        assert count == 1, f"{name}: {pattern}"
        with open(path, "w", encoding="utf-8") as text:
            text.write(edited)

    edit("control", r"(?m)^Version: .*", f"Version: {version}")
    if schema:
        edit("preinst", r"--history-schema 2>/dev/null\)\" = '\d+'",
             f"--history-schema 2>/dev/null)\" = '{schema}'")
    made = os.path.join(folder, f"greensplit_{version}_test.deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, made],
                   check=True, stdout=subprocess.DEVNULL)
    return made


@unittest.skipIf(reason_why_not(), reason_why_not())
class Operation(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(boot=True)
        self.addCleanup(self.machine.close)
        self.machine.put(package(), f"/root/{os.path.basename(package())}")

    def does(self, script, status=0):
        """Runs `script`, which must end as told; what it wrote."""
        done = self.machine.run("set -e\ncd /root\n" + script)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def eventually(self, script, seconds=60):
        """Waits until `script` succeeds."""
        self.does(f"for i in $(seq {seconds}); do if {script}; then exit 0; fi; sleep 1; done\n"
                  "journalctl -u greensplit -n 40 --no-pager; exit 1")

    def goes_through(self, until):
        """Runs the first chapter up to the first block that has `until` in it; what all wrote."""
        first = steps("first-junction.md")
        last = next(i for i, (script, _) in enumerate(first) if until in script)
        return "".join(self.step(*one) for one in first[:last + 1])

    def step(self, script, promised):
        """Runs a block, which must write what is promised; what it wrote."""
        written = self.does(script)
        self.assertIsNone(missing(promised, written), written)
        return written

    def running(self):
        """Goes through the first chapter until the daemon runs at the virtual cabinet."""
        self.goes_through("systemctl start greensplit")
        self.eventually("greensplit cabinets | grep -q ' up '")

    def test_the_first_chapter_works_from_top_to_bottom(self):
        written = self.goes_through("greensplit explain")
        self.assertIn("nothing is controlled yet", written)
        # What was advised was recorded and not written.
        self.does("test ! -s /var/lib/greensplit/writes.log")
        first = steps("first-junction.md")
        control = next(i for i, (script, _) in enumerate(first) if "mode: control" in script)
        self.step(*first[control])
        self.does("test -s /var/lib/greensplit/writes.log")
        # The sandbox took nothing away that the daemon needs: it never died, and nothing was refused.
        self.assertEqual(self.does("systemctl show -P NRestarts greensplit"), "0\n")
        journal = self.does("journalctl -u greensplit --no-pager")
        self.assertNotRegex(journal, "level=error|SIGSYS|not permitted")
        # Read again, under the sandbox too.
        self.does("systemctl reload greensplit")
        self.eventually("journalctl -u greensplit | grep -q 'configuration read again'")
        written = "".join(self.step(*one) for one in first[control + 1:])
        self.assertIn("less delay than the fixed plan", written)
        self.assertIn("/var/lib/greensplit/history.db is sound", written)
        self.assertIn("the history stays in /var/lib/greensplit", written)
        self.assertTrue(written.endswith(
            "/etc/greensplit/intersections/J017.yaml\n/var/lib/greensplit/history.db\n"), written)
        purged = self.does("apt-get purge -y greensplit 2>&1; ls /etc/greensplit/intersections")
        self.assertIn("removing /var/lib/greensplit: histories", purged)
        self.assertIn("/etc/greensplit keeps what you wrote", purged)
        self.assertTrue(purged.endswith("J017.yaml\n"), purged)
        self.does("test ! -e /var/lib/greensplit")

    def test_a_fresh_package_says_what_is_missing(self):
        self.does(blocks("first-junction.md")[0])
        self.does("systemctl is-enabled greensplit || true")
        refused = self.does("greensplit check /etc/greensplit/greensplit.yaml", status=1)
        self.assertIn("has no site file in it", refused)
        self.assertIn("greensplit - 让信号配时跟上交通",
                      self.does("LANG=C.UTF-8 man -L zh_CN greensplit | cat"))

    def test_a_district_is_an_instance_with_files_of_its_own(self):
        self.does("".join(blocks("first-junction.md")[:2]))
        script = block("daily-operation.md", "greensplit@north")
        began, rest = script.split("greensplit check")
        self.does(began)
        self.does("mv /etc/greensplit/intersections/J017.yaml /etc/greensplit/north/intersections/")
        self.does("greensplit check" + rest.split("greensplit status")[0])
        status = self.does("greensplit status" + rest.split("greensplit status")[1])
        self.assertIn("J017: the cabinet's own plan", status)
        self.assertEqual(self.does("stat -c %U /var/lib/greensplit/north/history.db"), "greensplit\n")
        self.assertEqual(self.does("systemctl is-active greensplit@north"), "active\n")
        # Upgraded and removed as the other: what runs is started anew, then stopped.
        before = self.does("systemctl show -P MainPID greensplit@north")
        self.machine.put(another("99.0.0"), "/root/next.deb")
        self.does("dpkg -i next.deb")
        self.eventually("test $(systemctl is-active greensplit@north) = active")
        self.assertNotEqual(self.does("systemctl show -P MainPID greensplit@north"), before)
        self.does("ls /var/lib/greensplit/north/history.db.of-*")
        self.does("dpkg -r greensplit")
        self.assertNotEqual(
            self.machine.run("systemctl is-active greensplit@north").stdout, "active\n")

    def test_a_token_of_the_handbook_is_taken(self):
        self.does("".join(blocks("first-junction.md")[:2]) + block("security.md", "counts.token"))
        self.does("sed -i 's/# token_file/token_file/' /etc/greensplit/greensplit.yaml\n"
                  "systemctl start greensplit")
        self.eventually("greensplit status --token-file /etc/greensplit/counts.token")
        self.does("greensplit status", status=1)

    def test_backup_restore_upgrade_and_the_way_back(self):
        self.running()
        page = "upgrade-and-backup.md"
        made = self.does(block(page, "history backup"))
        self.assertIn("/root/greensplit-backup.db is sound", made)
        self.assertIn("another program has it open", self.does(
            "greensplit history restore greensplit-backup.db", status=1))
        restored = self.does(block(page, "history restore"))
        self.assertIn("is kept as /var/lib/greensplit/history.db.replaced-", restored)
        self.eventually("systemctl is-active -q greensplit && greensplit status")
        self.assertEqual(self.does("stat -c %U:%a /var/lib/greensplit/history.db"), "greensplit:600\n")

        # An upgrade: a copy of the history, the daemon started anew, control kept.
        self.does("mkdir old && mv greensplit_*.deb old")
        self.machine.put(another("99.0.0"), "/root/greensplit_99.deb")
        before = self.does("systemctl show -P MainPID greensplit")
        version = self.does("dpkg-query -W -f '${Version}' greensplit")
        self.assertIn(f"history.db.of-{version}: a checked copy", self.does(block(page, "install -y ./")))
        self.eventually("systemctl is-active -q greensplit && greensplit status")
        self.assertNotEqual(self.does("systemctl show -P MainPID greensplit"), before)
        copy = f"/var/lib/greensplit/history.db.of-{version}"
        self.does(f"greensplit history check {copy}")

        # The newer program changed the schema; the older one says so and does not touch it.
        self.does("systemctl stop greensplit\n"
                  "python3 -c \"import sqlite3; d = sqlite3.connect('/var/lib/greensplit/history.db');"
                  "d.execute('PRAGMA user_version = 99'); d.execute('UPDATE meta SET value = 70');"
                  "d.commit()\"\nrm greensplit_99.deb; mv old/*.deb .")
        back = block(page, "--allow-downgrades").replace("systemctl start greensplit\n", "")
        self.does(back)
        self.assertEqual(self.does("dpkg-query -W -f '${Version}' greensplit"), version)
        self.machine.run("systemctl start greensplit")
        self.eventually("journalctl -u greensplit | grep -q 'written by a newer greensplit (schema 99'")
        self.does("systemctl stop greensplit")
        self.does(f"greensplit history restore {copy}\nsystemctl start greensplit")
        self.eventually("greensplit status")
        # No epoch is given out twice.
        self.eventually("journalctl -u greensplit | grep -q 'event=starting .*epoch=71'")

    def test_an_upgrade_for_which_no_copy_can_be_made_changes_nothing(self):
        self.running()
        version = self.does("dpkg-query -W -f '${Version}' greensplit")
        # What stands in the copy's place is not overwritten, so there can be none.
        place = f"/var/lib/greensplit/history.db.of-{version}"
        self.does(f"echo important > {place}; chown greensplit: {place}")
        self.machine.put(another("99.0.0", schema=99), "/root/changed.deb")
        refused = self.does("dpkg -i changed.deb", status=1)
        self.assertIn("this version changes the schema", refused)
        self.assertEqual(self.does("dpkg-query -W -f '${Version}' greensplit"), version)
        self.assertEqual(self.does("systemctl is-active greensplit"), "active\n")
        self.does("greensplit status")
        # The same schema: the way back needs no copy, and the upgrade goes on.
        self.machine.put(another("99.0.0"), "/root/same.deb")
        self.assertIn("writes the same schema", self.does("dpkg -i same.deb"))
        self.assertEqual(self.does("dpkg-query -W -f '${Version}' greensplit"), "99.0.0")
        self.assertEqual(self.does(f"cat {place}"), "important\n")


if __name__ == "__main__":
    unittest.main()
