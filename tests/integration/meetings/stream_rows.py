"""What is done to the stream of a meeting, and of a room, by REST: the same below both."""
import media_shapes
from route_rows import Route


def both_seated(scene):
    scene.seated("host")
    scene.seated("attendee")


def with_stream(scene):
    both_seated(scene)
    scene.stream()


def of(root, by="host"):
    def row(method, path, body=lambda s: None, **more):
        return Route(method, f"{root}/stream{path}", body, **{"ready": with_stream, "by": by, "denied": "attendee"} | more)
    return (
        row("POST", "/start", lambda s: {"layout": "grid", "title": "Live"}, ready=both_seated, status=201,
            gives=("stream_id", "state", "started_by", "hls.watch_url", "program.frames"), bad={"layout": "round"},
            path_of_bad="layout"),
        row("POST", "/stop", gives=("stream_id", "state")),
        row("POST", "/layout", lambda s: {"layout": "speaker"}, gives=("stream_id", "layout"), bad={"layout": "round"},
            path_of_bad="layout"),
        row("POST", "/targets", lambda s: media_shapes.RTMP_TARGET, status=201,
            gives=("target_id", "masked_rtmp_url", "state"), bad={"url": "http://server.invalid/live"},
            path_of_bad="url"),
        row("DELETE", "/targets/{targetId}", gives=("target_id",)),
    )
