"""`riffsynth serve`: who makes the clips, and who can reach that."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest

from riffsynth.cli import main
from riffsynth.commands import serve
from riffsynth.remote import standing

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
PORTS = """
import json, logging, psutil
from riffsynth.commands.serve import choose_cluster
choose_cluster("")
import ray
ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False, num_cpus=1)
processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
listening = [each.laddr.ip for process in processes for each in process.net_connections() if each.status == "LISTEN"]
ray.shutdown()
print(json.dumps(listening))
"""


def test_ray_is_used_where_it_is_asked_for_and_not_because_it_is_installed(monkeypatch, capfd) -> None:
    begun: list[str] = []
    monkeypatch.setattr(serve, "_serve_here", lambda options: begun.append("here"))
    monkeypatch.setattr(standing, "kept_up", lambda work, options: begun.append(f"ray {options.ray}") or 0)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    for arguments in ([], ["--ray"], ["--ray", "head:6379", "--replicas", "2"]):
        assert main(["serve", *arguments]) == 0
    assert begun == ["here", "ray ", "ray head:6379"]
    assert main(["serve", "--replicas", "2"]) == 2
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["serve", "--ray"]) == 2
    told = capfd.readouterr().err
    assert "--replicas is for a Ray cluster" in told and "pip install 'riffsynth[ray]'" in told and len(begun) == 3


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="Ray is missing")
def test_ray_started_by_it_listens_on_this_machine_only(monkeypatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    found = subprocess.run([sys.executable, "-c", PORTS], capture_output=True, text=True, timeout=120, check=True)
    listening = json.loads(found.stdout.splitlines()[-1])
    assert listening and set(listening) <= LOOPBACK
