"""The workflow on a real Slurm of one node: grouped jobs, one that fails, one that is cancelled, one that is preempted.

The daemons are the test's own, on loopback and in a temporary folder. Slurm's clients find them by /etc/slurm/slurm.conf
alone, so nothing is run where one is, and it is removed in the end; one left by a test that was cut off is
replaced.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_workflow import jobs, new_project, published, snakemake

pytestmark = pytest.mark.slurm

CONFIG = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "srun", "scancel", "scontrol", "squeue", "sinfo")
LONGEST = (
    1200  # seconds that the run on Slurm may take; a busy machine multiplies the two minutes that it needs
)

QUICKER = ("--slurm-init-seconds-before-status-checks", "2")

OURS = "# Of a test of Entente's"

SLURM = """\
{ours}
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A job that was preempted waits until its credential has expired before it starts anew.
AuthInfo=socket={folder}/munge.socket,cred_expire=15
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
AccountingStorageType=accounting_storage/none
MinJobAge=7200
ReturnToService=2
KillWait=5
MpiDefault=none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmdParameters=config_overrides
NodeName=localhost NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES PriorityTier=1 OverSubscribe=NO State=UP
PartitionName=urgent Nodes=localhost PriorityTier=10 OverSubscribe=NO State=UP
"""

# A `python` that meets with an accident at the first call of three stages.
ACCIDENTS = """\
#!/bin/sh
case "$*" in
*entente.extract*)
    if mkdir {folder}/failed 2> /dev/null; then echo "an accident" >&2; exit 1; fi ;;
*entente.evaluate*)
    if mkdir {folder}/cancelled 2> /dev/null; then scancel "$SLURM_JOB_ID"; sleep 60; exit 1; fi ;;
*entente.publish*)
    if mkdir {folder}/preempted 2> /dev/null; then
        sbatch --partition urgent --exclusive --output /dev/null --wrap "sleep 1" >&2; sleep 60; exit 1
    fi ;;
esac
exec {python} "$@"
"""


def missing():
    """Return what a cluster of one's own needs and this machine lacks, in words; empty if nothing."""
    lacks = [program for program in PROGRAMS if not shutil.which(program, path=paths())]
    lacks += [] if find_spec("snakemake_executor_plugin_slurm") else ["the extra 'slurm'"]
    lacks += [] if os.geteuid() == 0 else ["root"]
    if not lacks and CONFIG.exists() and not left_behind():
        lacks = [f"a free {CONFIG} (a Slurm is configured here)"]
    return ", ".join(lacks)


def left_behind():
    """Tell whether the configuration is that of a test that was cut off: its controller does not answer."""
    return CONFIG.read_text(encoding="utf-8").startswith(OURS) and " is UP" not in call(
        "scontrol", "ping", check=False
    )


def paths():
    """Return the folders of programs; Debian's daemons lie in one that not every user has."""
    return os.pathsep.join([os.environ["PATH"], "/usr/sbin"])


def free_ports(number):
    """Return so many ports of the loopback that nobody listens to."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def call(*command, check=True):
    """Run a program of Slurm's and return what it said."""
    done = subprocess.run(
        command, env=os.environ | {"PATH": paths()}, text=True, capture_output=True, check=False, timeout=60
    )
    assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Return the folder of a running Slurm of one node; it is gone, with its configuration, when the tests end."""
    if lacks := missing():
        pytest.skip(f"no Slurm of one's own without {lacks}")
    folder = tmp_path_factory.mktemp("slurm")
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    munge = [
        f"--{option}={folder / name}"
        for option, name in (
            ("key-file", key.name),
            ("pid-file", "munged.pid"),
            ("log-file", "munged.log"),
            ("seed-file", "munged.seed"),
        )
    ]
    made = not CONFIG.parent.exists()
    CONFIG.parent.mkdir(exist_ok=True)
    try:
        CONFIG.write_text(SLURM.format(ours=OURS, folder=folder, ports=free_ports(2)), encoding="utf-8")
        call("munged", "--force", f"--socket={folder / 'munge.socket'}", *munge)
        call("slurmctld", "-c")
        call("slurmd", "-N", "localhost")
        until = time.monotonic() + 60
        while call("sinfo", "--noheader", "--format=%T", "--partition=main", check=False).strip() != "idle":
            assert time.monotonic() < until, (folder / "slurmctld.log").read_text(encoding="utf-8")
            time.sleep(0.2)
        yield folder
    finally:
        call("scancel", "--user=root", check=False)
        call("scontrol", "shutdown", check=False)
        call("munged", "--stop", f"--socket={folder / 'munge.socket'}", check=False)
        for name in ("slurmd.pid", "slurmctld.pid", "munged.pid"):
            stop(folder / name)
        CONFIG.unlink(missing_ok=True)
        if made:
            CONFIG.parent.rmdir()


def stop(pid_file):
    """Wait up to ten seconds for a daemon to have ended, which removes its file, then kill it."""
    until = time.monotonic() + 10
    while pid_file.exists() and time.monotonic() < until:
        time.sleep(0.1)
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        os.kill(int(pid_file.read_text(encoding="utf-8")), signal.SIGKILL)


def project(folder):
    """Return a project whose corpus is read in several parts."""
    folder.mkdir()
    new_project(folder)
    config = folder / "config" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"documents: \d+", "documents: 2", text), encoding="utf-8")
    return folder


def on_slurm(folder, tools):
    """Run a project's workflow by the profile `slurm`, with the programs in *tools* first, and return what was said."""
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), paths()])
    process = subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--profile", "workflow/profiles/slurm", *QUICKER],
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(folder / "workflow")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        queue = call("squeue", "--states=all", check=False)
        os.killpg(process.pid, signal.SIGKILL)  # of a gentler signal it would wait for its jobs
        said, _ = process.communicate()
        pytest.fail(f"not done in {LONGEST} seconds\n{queue}\n{said}")
    assert process.returncode == 0, said
    return said


def test_slurm_gives_the_same_bytes_through_a_failed_a_cancelled_and_a_preempted_job(cluster, tmp_path):
    """The bundled profile as it stands; jobs go to Slurm in groups, so they are fewer there than in the workflow."""
    tools = tmp_path / "tools"
    tools.mkdir()
    shim = tools / "python"
    shim.write_text(ACCIDENTS.format(folder=tmp_path, python=sys.executable), encoding="utf-8")
    shim.chmod(0o755)
    local, remote = project(tmp_path / "local"), project(tmp_path / "remote")
    snakemake(local)

    said = on_slurm(remote, tools)

    assert published(remote) == published(local)
    assert all((tmp_path / accident).is_dir() for accident in ("failed", "cancelled", "preempted"))
    states = call("squeue", "--states=all", "--noheader", "--partition=main", "--format=%T").split()
    assert set(states) == {"COMPLETED", "FAILED", "CANCELLED"}
    assert states.count("COMPLETED") < sum(jobs(said).values()) / 2
    assert " Restarts=1 " in call("scontrol", "show", "jobs")
