"""What can be said of the package by looking at it."""
import os
import re
import subprocess
import tempfile
import unittest

from machine import PACKAGES, ROOT, package

PROGRAM = os.path.join(ROOT, ".build", "release", "greensplit")


def told(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run(["dpkg-deb", "-R", package(), cls.folder.name], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_lintian_finds_nothing(self):
        changes = [name for name in os.listdir(PACKAGES) if name.endswith(".changes")]
        self.assertEqual(len(changes), 1)
        found = subprocess.run(
            ["lintian", "--allow-root", "--fail-on", "error,warning",
             os.path.join(PACKAGES, changes[0])], capture_output=True, text=True, check=False)
        self.assertEqual((found.stdout, found.returncode), ("", 0), found.stderr)

    def test_it_has_the_version_that_the_program_tells(self):
        version = told("dpkg-deb", "-f", package(), "Version").strip()
        self.assertEqual(told(PROGRAM, "--version"), f"greensplit {version}\n")

    def test_it_depends_on_libraries_of_debian_and_on_no_swift(self):
        needed = told("objdump", "-p", self.path("usr/bin/greensplit"))
        libraries = re.findall(r"NEEDED +(\S+)", needed)
        self.assertGreater(len(libraries), 8)
        for library in libraries:
            self.assertNotRegex(library, "(?i)swift|foundation|dispatch")
        depends = told("dpkg-deb", "-f", package(), "Depends")
        for name in ("libsqlite3-0", "libmodbus5", "libmosquitto1", "libsystemd0"):
            self.assertIn(name, depends)

    def test_what_an_operator_edits_is_his(self):
        with open(self.path("DEBIAN/conffiles"), encoding="utf-8") as conffiles:
            self.assertEqual(sorted(conffiles.read().split()), [
                "/etc/greensplit/greensplit.yaml",
                "/etc/greensplit/intersections/J001.yaml.example",
                "/etc/logrotate.d/greensplit"])

    def test_every_page_of_the_documents_is_there(self):
        pages = told("git", "-C", ROOT, "ls-files", "docs", "README.md", "README.zh-CN.md", "CHANGELOG.md")
        for page in pages.split():
            shipped = page.removeprefix("docs/")
            self.assertTrue(os.path.exists(self.path(f"usr/share/doc/greensplit/{shipped}")), page)

    def test_manual_pages_and_completion_are_those_of_the_program(self):
        for language, folder in (("en", "man1"), ("zh", "zh_CN/man1")):
            shipped = told("gzip", "-dc", self.path(f"usr/share/man/{folder}/greensplit.1.gz"))
            self.assertEqual(shipped, told(PROGRAM, "--manual-page", "--lang", language))
        completion = self.path("usr/share/bash-completion/completions/greensplit")
        with open(completion, encoding="utf-8") as text:
            self.assertEqual(text.read(), told(PROGRAM, "--bash-completion"))

    def test_both_units_are_locked_up(self):
        for name, unit in (("greensplit.service", "greensplit.service"),
                           ("greensplit@.service", "greensplit@north.service")):
            with tempfile.TemporaryDirectory() as folder:
                copy = os.path.join(folder, unit)
                with open(self.path(f"lib/systemd/system/{name}"), encoding="utf-8") as text:
                    with open(copy, "w", encoding="utf-8") as written:
                        written.write(text.read())
                # The threshold is ten times the exposure.
                looked = subprocess.run(
                    ["systemd-analyze", "security", "--offline=true", "--threshold=20",
                     "--no-pager", copy], capture_output=True, text=True, check=False)
            exposure = re.search(r"Overall exposure level for \S+: (\S+)", looked.stdout)
            self.assertIsNotNone(exposure, looked.stdout + looked.stderr)
            print(f"{unit}: exposure {exposure.group(1)} ", end="", flush=True)
            self.assertEqual(looked.returncode, 0, looked.stdout)
            self.assertLessEqual(float(exposure.group(1)), 2.0)

    def test_the_template_differs_in_its_folders_alone(self):
        lines = {}
        for name in ("greensplit.service", "greensplit@.service"):
            with open(self.path(f"lib/systemd/system/{name}"), encoding="utf-8") as text:
                lines[name] = [line for line in text.read().split("\n") if "make install" not in line]
        differing = [pair for pair in zip(*lines.values()) if pair[0] != pair[1]]
        self.assertEqual([other for _, other in differing], [
            "Description=Greensplit: signal timing in step with traffic (%i)",
            "ExecStart=/usr/bin/greensplit run --config /etc/greensplit/%i/greensplit.yaml",
            "StateDirectory=greensplit/%i", "RuntimeDirectory=greensplit-%i"])

    def test_make_install_goes_where_it_is_told_and_leaves_a_configuration_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            install = ["make", "-C", ROOT, "install", f"DESTDIR={folder}", "prefix=/opt/there"]
            told(*install)
            configuration = os.path.join(folder, "etc/greensplit/greensplit.yaml")
            with open(configuration, "a", encoding="utf-8") as text:
                text.write("# mine\n")
            told(*install)
            with open(configuration, encoding="utf-8") as text:
                self.assertTrue(text.read().endswith("# mine\n"))
            unit = os.path.join(folder, "opt/there/lib/systemd/system/greensplit@.service")
            with open(unit, encoding="utf-8") as text:
                self.assertIn("ExecStart=/opt/there/bin/greensplit run", text.read())
            self.assertTrue(os.access(os.path.join(folder, "opt/there/bin/greensplit"), os.X_OK))


if __name__ == "__main__":
    unittest.main()
