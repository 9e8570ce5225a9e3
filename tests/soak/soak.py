#!/usr/bin/python3
"""soak.py SLUICE SLUICE_LOAD [--minutes 20] [--warm-up-minutes 3] [--json FILE] [--keep FOLDER]: does the gateway hold on to anything?

A gateway with all plugins; at its doors, for so many minutes, calls with real media that join, publish, restart ICE and
leave, WHIP and WHEP, recordings and live streams, people who chat and lose their connections, Socket.IO clients,
meetings by REST, and plugins that are reloaded. Memory, descriptors and threads are read while nobody is there: after the
warm-up, in which caches and pools reach their size, and at the end.

Exits with 0 where the memory of the end is within 2 % of that of the beginning, where no descriptor and no thread is
more, and where nothing went wrong in between. Needs what the integration tests need.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = [str(ROOT / "tests/integration" / name) for name in ("gateway", "whip", "meetings")]
MOST_GROWTH = 0.02
QUIET_SECONDS = 180


def configuration():
    from gateway_process import BASE, merged
    from meeting_gateway import EVERYTHING
    config = merged(BASE, EVERYTHING)
    config = merged(config, {
        "media": {"workers": 2},
        "auth": {"guests": "allow"},
        "plugins": {"analytics": {}, "videoroom": {"empty_room_close_ms": 1000, "reconnect_grace_ms": 5000}},
    })
    config.pop("plugin_dirs")
    return config


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def wait_until_quiet(churn):
    """Nobody is there, nothing is being made, and what has ended is closed."""
    def figures():
        text = churn.admin("GET", "/metrics").text
        wanted = ("sluice_signalling_clients", "sluice_videoroom_rooms", "sluice_media_transports", "sluice_whip_sessions",
                  "sluice_recording_active", "sluice_recording_productions_running", "sluice_recording_productions_waiting",
                  "sluice_livestream_active")
        return {name: sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))
                for name in wanted}

    deadline = time.monotonic() + QUIET_SECONDS
    while any((seen := figures()).values()):
        if time.monotonic() > deadline:
            raise SystemExit(f"somebody or something is left: {seen}")
        time.sleep(1)


def soak(churn, minutes, pid, watch):
    """@return what was held meanwhile: the most of each."""
    churn.start()
    end, samples = time.monotonic() + 60 * minutes, []
    while time.monotonic() < end:
        time.sleep(min(10, max(0.1, end - time.monotonic())))
        samples.append(watch.held_by(pid))
        if churn.gateway.process.poll() is not None:
            break
    churn.stop()
    if churn.gateway.process.poll() is not None:
        raise SystemExit(f"the gateway ended with {churn.gateway.process.returncode}:\n{churn.gateway.text()[-4000:]}")
    wait_until_quiet(churn)
    return watch.Held(*(max(getattr(one, field.name) for one in samples) for field in dataclasses.fields(watch.Held)))


def verdict(begin, end, failed, most_growth):
    problems = [f"{failed} rounds failed"] if failed else []
    for name in ("resident_kb", "private_kb"):
        before, after = getattr(begin, name), getattr(end, name)
        if after > before * (1 + most_growth):
            problems.append(f"{name}: {before} at the beginning, {after} at the end: {100 * (after / before - 1):+.1f} %")
    for name in ("descriptors", "threads"):
        if getattr(end, name) > getattr(begin, name):
            problems.append(f"{name}: {getattr(begin, name)} at the beginning, {getattr(end, name)} at the end")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice")
    parser.add_argument("load", metavar="sluice_load")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--warm-up-minutes", type=float, default=3)
    parser.add_argument("--growth", type=float, default=MOST_GROWTH, help="of memory that is allowed (0.02)")
    parser.add_argument("--json", help="where the report goes, too")
    options = parser.parse_args()
    sluice, load = (str(pathlib.Path(one).resolve()) for one in (options.sluice, options.load))
    os.environ |= {"SLUICE_BINARY": sluice, "SLUICE_TEST_PLUGINS": "none"}
    sys.path[:0] = FOLDERS
    import process_watch as watch
    from churn import Churn
    from gateway_process import Gateway

    with tempfile.TemporaryDirectory(prefix="sluice-soak-") as folder:
        pathlib.Path(folder, "sluice.yaml").write_text(json.dumps(configuration()), encoding="utf-8")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SLUICE_")}
        gateway = Gateway(folder, "sluice.yaml", environment).wait_until_ready()
        try:
            pid = gateway.process.pid
            churn = Churn(gateway, load)
            say(f"warm-up of {options.warm_up_minutes} minutes; the gateway is process {pid}")
            soak(churn, options.warm_up_minutes, pid, watch)
            begin = watch.held_in_rest(pid)
            say(f"the beginning: {begin}")
            kinds = watch.descriptor_kinds(pid)
            churn.done = {}
            most = soak(churn, options.minutes, pid, watch)
            end = watch.held_in_rest(pid)
            say(f"the end: {end}")
            problems = verdict(begin, end, churn.failed, options.growth)
            report = {"minutes": options.minutes, "begin": dataclasses.asdict(begin), "most": dataclasses.asdict(most),
                      "end": dataclasses.asdict(end), "done": churn.done, "failures": churn.failures,
                      "problems": problems}
            if end.descriptors > begin.descriptors:
                report["descriptorKinds"] = {"begin": kinds, "end": watch.descriptor_kinds(pid)}
        finally:
            if gateway.process.poll() is None:
                gateway.stop()
    print(json.dumps(report, indent=2))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for problem in problems:
        say("PROBLEM " + problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
