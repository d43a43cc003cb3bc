"""A machine of its own for a test: this system's files under an overlay, no network but loopback, and a real
systemd. What is installed or written there is gone with it."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = os.path.join(ROOT, ".build", "deb")


def reason_why_not():
    """What this system lacks for a machine; None if nothing."""
    if os.geteuid() != 0:
        return "only root can mount an overlay"
    if not shutil.which("systemd-nspawn"):
        return "systemd-nspawn is missing (package systemd-container)"
    tried = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         "mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w /mnt/r && "
         "mount -t overlay none -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"],
        capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no overlay can be mounted: {tried.stderr.strip()}"


class Machine:
    """With `boot`, systemd runs in it; without, it is a root to chroot into."""

    def __init__(self, boot):
        self.folder = tempfile.mkdtemp(prefix="greensplit-machine-")
        self.root = os.path.join(self.folder, "root")
        self._mount()
        self.nspawn = self.leader = None
        # As on a machine that never saw this package, nor Swift.
        for name in ("opt/swift", "root/.swiftpm"):
            self._hide(name)
        # Images for containers often forbid packages to start services.
        policy = os.path.join(self.root, "usr/sbin/policy-rc.d")
        if os.path.exists(policy):
            os.unlink(policy)
        if boot:
            self._boot()

    def _mount(self):
        check = lambda *words: subprocess.run(words, check=True)
        check("mount", "-t", "tmpfs", "-o", "size=1g", "none", self.folder)
        for name in ("up", "work", "root"):
            os.mkdir(os.path.join(self.folder, name))
        check("mount", "-t", "overlay", "none", "-o",
              f"lowerdir=/,upperdir={self.folder}/up,workdir={self.folder}/work", self.root)

    def _hide(self, name):
        path = os.path.join(self.root, name)
        if os.path.isdir(path):
            subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=4k", "none", path], check=True)

    def _boot(self):
        # Only what a service needs: nothing that this system may have enabled.
        with open(os.path.join(self.folder, "console"), "wb") as log:
            self.nspawn = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
                 "--resolv-conf=off", "--timezone=off", f"--directory={self.root}", "--boot",
                 "systemd.unit=basic.target", "systemd.log_level=warning"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.leader = self._wait(lambda: self._child(self.nspawn.pid), "systemd's process")
        self._wait(lambda: self.run("systemctl is-active basic.target").stdout.strip() == "active",
                   "basic.target")

    def _wait(self, found, what, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.nspawn and self.nspawn.poll() is not None:
                break
            value = found()
            if value:
                return value
            time.sleep(0.2)
        with open(os.path.join(self.folder, "console"), errors="replace") as console:
            raise AssertionError(f"{what} never came\n{console.read()[-3000:]}")

    @staticmethod
    def _child(parent):
        """The process that is 1 in there."""
        with open(f"/proc/{parent}/task/{parent}/children") as children:
            for child in children.read().split():
                with open(f"/proc/{child}/comm") as name:
                    if name.read().strip() == "systemd":
                        return int(child)
        return None

    def run(self, script, **environment):
        """Runs a shell script in it as root; gives its end and what it wrote."""
        enter = (["nsenter", "--target", str(self.leader), "--all"] if self.leader
                 else ["chroot", self.root])
        words = enter + [
            "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive", *(f"{k}={v}" for k, v in environment.items()),
            "bash", "-c", script]
        return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300)

    def put(self, path, name):
        """Copies a file of this system into it."""
        target = os.path.join(self.root, name.lstrip("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(path, target)

    def close(self):
        if self.nspawn and self.nspawn.poll() is None:
            if self.leader:
                # SIGRTMIN+4: systemd powers off.
                os.kill(self.leader, signal.SIGRTMIN + 4)
            try:
                self.nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        subprocess.run(["umount", "--lazy", "--recursive", self.folder], check=False)
        os.rmdir(self.folder)


def package(version=None):
    """The package that `make deb` made."""
    for name in sorted(os.listdir(PACKAGES)):
        if name.endswith(".deb") and (version is None or f"_{version}_" in name):
            return os.path.join(PACKAGES, name)
    raise AssertionError("no package: make deb")
