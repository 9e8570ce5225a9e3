#!/usr/bin/python3
"""live_cost.py SLUICE [--publishers 1,4,9] [--seconds 20] [--quality high] [--json FILE]: what a live stream costs.

A gateway, participants whose pictures and sound were coded beforehand (640x360 VP8; one of 1280x720 H264 for
pass-through), nginx as the server that is pushed to, and HLS beside it. For each number of participants: the CPU time
of the program's process per second of program (user and kernel, 1000 ms is a core), its resident memory, the gateway's
CPU before and while it streams, frames a second and what was dropped, and how long after `stream:start` the server got
the first byte of media.
Prints a table, and JSON into FILE. Needs Debian's python3-aiortc, ffmpeg, nginx and libnginx-mod-rtmp.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDERS = [str(ROOT / "tests/integration" / name) for name in ("gateway", "whip", "meetings", "recording", "livestream")]
ROOM = "bench"
KEY = "bench-key"
FLV_HEADER_BYTES = 13
WAIT_SECONDS = 60
WITHOUT_SECONDS = 5
RECORDED_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")

# What the programs show: a moving test picture with the noise of a camera.
PICTURE = "testsrc2=size={size}:rate=30,noise=alls=12:allf=t"
CODED = {
    "compose": ("640x360", "video/VP8", "vp8.ivf",
                ["libvpx", "-b:v", "700k", "-deadline", "realtime", "-cpu-used", "8", "-g", "90"]),
    "passthrough": ("1280x720", "video/H264", "h264.ts",
                    ["libx264", "-b:v", "2M", "-profile:v", "baseline", "-preset", "veryfast", "-tune",
                     "zerolatency", "-g", "30"]),
}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def record(folder, mode):
    """The files that participants send. @return their environment."""
    size, mime, name, encoder = CODED[mode]
    pictures, sound = folder / name, folder / "sound.ogg"
    if not pictures.exists():
        ffmpeg("-f", "lavfi", "-i", PICTURE.format(size=size), "-t", str(RECORDED_SECONDS), "-c:v", *encoder, str(pictures))
    if not sound.exists():
        ffmpeg("-f", "lavfi", "-i", "anoisesrc=amplitude=0.05:sample_rate=48000", "-t", str(RECORDED_SECONDS),
               "-c:a", "libopus", "-b:a", "32k", str(sound))
    return {"PICTURES": str(pictures), "SOUND": str(sound), "MIME": mime}


def cpu_seconds(pid):
    """User and kernel time of all threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def milliseconds_per_second(pid, seconds):
    """Of CPU time, over a while."""
    began, before = time.monotonic(), cpu_seconds(pid)
    time.sleep(seconds)
    return (cpu_seconds(pid) - before) / (time.monotonic() - began) * 1000


def resident_megabytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000


def eventually(condition, what, interval=0.05):
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(interval)
    raise SystemExit(f"no {what} within {WAIT_SECONDS} s")


class Bench:
    """One gateway with one room."""

    def __init__(self, folder, options):
        from gateway_process import BASE, Gateway, merged
        from meeting_gateway import SECRET, Person
        from rtmp_server import RtmpServer
        self.server = RtmpServer(folder / "server")
        program = {"quality": options.quality, "layout": "grid"}
        config = merged(BASE, {
            "store": {"path": "store.db"},
            "log": {"level": "warning"},
            "http": {"public": {"requests_per_second": 0}},
            "limits": {"events_per_second": 100_000, "events_burst": 100_000},
            "auth": {"jwt": {"secret": SECRET, "claims": {"tenant": "campus"}}},
            "plugins": {"videoroom": {}, "whip": {}, "livestream": {
                "hls": {"folder": "live"}, "rtmp": {"private_targets": True}, "program": program}},
        })
        config.pop("plugin_dirs")
        (folder / "sluice.yaml").write_text(json.dumps(config), encoding="utf-8")
        self.gateway = Gateway(folder, "sluice.yaml", dict(os.environ)).wait_until_ready()
        self.host = Person(self.gateway, "host")
        self.host.join(ROOM)
        self.publisher = None

    def publish(self, count, environment):
        from meeting_gateway import token
        names = [f"p{number}" for number in range(count)]
        bearers = json.dumps({name: token(name) for name in names})
        script = pathlib.Path(__file__).with_name("recorded_publisher.py")
        self.publisher = subprocess.Popen([sys.executable, "-B", script, str(self.gateway.port), ROOM, *names],
                                          stdout=subprocess.PIPE, text=True,
                                          env=os.environ | environment | {"BEARERS": bearers})
        if self.publisher.stdout.readline().strip() != "sending":
            raise SystemExit("the participants do not come in")

    def status(self):
        return self.host.request("stream:status")

    def view(self):
        return json.loads(self.gateway.admin("/admin/v1/livestream/streams").text())["data"]["streams"][0]

    def next_view(self):
        """At the moment at which the program, once a second, has told its figures."""
        told = self.view()["program"]["frames"]
        eventually(lambda: self.view()["program"]["frames"] != told, "figures", 0.01)
        return self.view()

    def start(self, mode):
        """@return {seconds until the server has accepted, and until it has the first byte of media}"""
        began = time.monotonic()
        targets = [{"type": "hls"}, {"type": "rtmp", "url": self.server.url, "key": KEY}]
        self.host.request("stream:start", {"targets": targets, "video": mode})
        eventually(lambda: self.server.bytes() > FLV_HEADER_BYTES, "media at the server", 0.002)
        media = time.monotonic() - began
        return {"accepted_seconds": self.server.gate.times("publish")[0] - began, "first_media_seconds": media}

    def close(self):
        for process in filter(None, [self.publisher, self.gateway.process]):
            process.terminate()
            if process is self.gateway.process:
                process.terminate()  # the second does not wait for those who are in rooms
            process.wait(WAIT_SECONDS)
        self.server.close()


def measure(options, media, mode, publishers):
    environment = record(media, mode)
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        bench = Bench(pathlib.Path(folder), options)
        try:
            bench.publish(publishers, environment)
            without = milliseconds_per_second(bench.gateway.process.pid, WITHOUT_SECONDS)
            times = bench.start(mode)
            eventually(lambda: bench.status()["program"]["sources"] == publishers, "pictures of all")
            eventually(lambda: bench.status()["program"]["passthrough"] == (mode == "passthrough"), mode)
            return {"mode": mode, "publishers": publishers, "gateway_ms_per_second_before": round(without, 1)} | times \
                | window(bench, options.seconds)
        finally:
            bench.close()


def window(bench, seconds):
    gateway = bench.gateway.process.pid
    first = bench.next_view()
    job = first["pid"]
    began, job_before, gateway_before = time.monotonic(), cpu_seconds(job), cpu_seconds(gateway)
    resident = []
    while time.monotonic() < began + seconds:
        time.sleep(0.5)
        resident.append(resident_megabytes(job))
    view = bench.next_view()
    elapsed = time.monotonic() - began
    frames = view["program"]["frames"] - first["program"]["frames"]
    return {
        "seconds": round(elapsed, 1),
        "job_ms_per_second": round((cpu_seconds(job) - job_before) / elapsed * 1000),
        "job_resident_megabytes": round(max(resident)),
        "gateway_ms_per_second": round((cpu_seconds(gateway) - gateway_before) / elapsed * 1000, 1),
        "frames_per_second": round(frames / elapsed, 2),
        "dropped_frames": view["program"]["dropped_frames"] - first["program"]["dropped_frames"],
        "dropped_packets": view["feed"]["dropped_packets"] - first["feed"]["dropped_packets"],
        "target_dropped_frames": view["targets"][0]["dropped_frames"] - first["targets"][0]["dropped_frames"],
        "target_kbps": round(view["targets"][0]["bits_per_second"] / 1000),
        "load_average": os.getloadavg()[0],
        "restarts": view["restarts"],
    }


COLUMNS = [("mode", "mode"), ("publishers", "publishers"), ("job_ms_per_second", "program's CPU, ms/s"),
           ("job_resident_megabytes", "resident, MB"),
           ("gateway_ms_per_second_before", "gateway's CPU before, ms/s"),
           ("gateway_ms_per_second", "gateway's CPU, ms/s"),
           ("frames_per_second", "frames/s"), ("dropped_frames", "dropped"), ("dropped_packets", "packets dropped"),
           ("target_kbps", "kbit/s"), ("first_media_seconds", "first media after, s"), ("load_average", "load")]


def print_table(rows):
    print("| " + " | ".join(title for _, title in COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    for row in rows:
        cells = [f"{row[name]:.2f}" if isinstance(row[name], float) else str(row[name]) for name, _ in COLUMNS]
        print("| " + " | ".join(cells) + " |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sluice")
    arguments.add_argument("--publishers", default="1,4,9", help="numbers of participants whose pictures are composed")
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--quality", default="high", help="of the program: low, medium, high, ultra")
    arguments.add_argument("--json")
    options = arguments.parse_args()
    os.environ.update(SLUICE_BINARY=str(pathlib.Path(options.sluice).resolve()), SLUICE_TEST_PLUGINS="none",
                      PYTHONPATH=os.pathsep.join(FOLDERS))
    sys.path[:0] = FOLDERS
    rows = []
    with tempfile.TemporaryDirectory(prefix="sluice-bench-media-") as media:
        runs = [("compose", int(count)) for count in options.publishers.split(",") if count] + [("passthrough", 1)]
        for mode, publishers in runs:
            rows.append(measure(options, pathlib.Path(media), mode, publishers))
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print_table(rows)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
