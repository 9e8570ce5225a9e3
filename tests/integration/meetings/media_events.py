"""The events of the videoroom that are about media, by ORTC and by SDP; and those of the plugin echo."""
import media_shapes
from event_rows import MISSING, Row

TAKES_WHAT_IS_SENT = "who is in the room receives"
ONES_OWN = "of what one has oneself; who may not send has nothing"


def the_producer(scene, who):
    return {"producerId": scene.producer()}


def the_consumer(scene, who):
    return {"consumerId": scene.consumer()}


def own_transport(scene, who):
    return {"transportId": scene.transport(scene.host, "recv")}


def produce(scene, who):
    return {"transportId": scene.transport(who, "send"), "kind": "audio", "source": "mic",
            "rtpParameters": media_shapes.opus()}


def consume(scene, who):
    return {"transportId": scene.transport(who, "recv"), "producerId": scene.producer(),
            "rtpCapabilities": who.stay["rtpCapabilities"]}


def of_producer(event, **more):
    more.setdefault("ready", lambda s: s.producer())
    return Row(event, the_producer, by="attendee", why_all_may=ONES_OWN, bad={"producerId": MISSING},
               path="producerId", elsewhere="NOT_FOUND", **more)


def of_consumer(event, data=lambda s, who: {}, bad=None, path="consumerId"):
    return Row(event, lambda s, who: the_consumer(s, who) | data(s, who), ready=lambda s: s.consumer(),
               why_all_may=TAKES_WHAT_IS_SENT, bad=bad or {"consumerId": MISSING}, path=path, elsewhere="NOT_FOUND")


def of_echo(event, data=lambda s, who: {}, bad=None, path="", outside="CONFLICT", elsewhere="NOT_FOUND", **more):
    more.setdefault("ready", lambda s: s.echo())
    return Row(event, data, by="newcomer", why_all_may="the plugin echo has no roles", bad=bad or [], path=path,
               outside=outside, elsewhere=elsewhere, **more)


def echo_connect(scene, who):
    return {"transportId": scene.echo_transport("send"), "dtlsParameters": media_shapes.DTLS}


def echo_produce(scene, who):
    capabilities = scene.host.stay["rtpCapabilities"]
    return {"sendTransportId": scene.echo_transport("send"), "recvTransportId": scene.echo_transport("recv"),
            "kind": "audio", "rtpParameters": media_shapes.opus(), "rtpCapabilities": capabilities}


ROWS = (
    Row("router:capabilities", gives=("codecs.0.mimeType",), why_all_may=TAKES_WHAT_IS_SENT),
    Row("transport:create", lambda s, who: {"direction": "recv"},
        gives=("id", "iceParameters", "iceCandidates.0", "dtlsParameters.fingerprints.0", "iceServers"),
        why_all_may=TAKES_WHAT_IS_SENT, bad={"direction": "both"}, path="direction"),
    Row("transport:connect", lambda s, who: own_transport(s, who) | {"dtlsParameters": media_shapes.DTLS},
        why_all_may=ONES_OWN, bad={"dtlsParameters": media_shapes.DTLS | {"role": "boss"}},
        path="dtlsParameters.role", elsewhere="NOT_FOUND"),
    Row("transport:restart-ice", own_transport, gives=("iceParameters.usernameFragment",), why_all_may=ONES_OWN,
        bad={"transportId": MISSING}, path="transportId", elsewhere="NOT_FOUND"),
    Row("transport:close", own_transport, why_all_may=ONES_OWN, bad={"transportId": 9}, path="transportId",
        elsewhere="NOT_FOUND"),

    Row("produce", produce, gives=("producerId",), by="attendee",
        told={"host": "producer:new", "viewer": "producer:new"}, denied="viewer", bad={"kind": "smell"}, path="kind",
        elsewhere="NOT_FOUND", elsewhere_data=lambda s, who: produce(s, s.attendee)),
    of_producer("producer:pause", told={"host": "producer:paused"}),
    of_producer("producer:resume", told={"host": "producer:resumed"},
                ready=lambda s: s.attendee.request("producer:pause", the_producer(s, None))),
    of_producer("producer:close", told={"host": "producer:closed"}),
    of_producer("media:unpublish", told={"host": "producer:closed"}),
    Row("media:toggle", lambda s, who: {"source": "mic", "enabled": False}, ready=lambda s: s.producer(),
        by="attendee", told={"host": "producer:paused"}, why_all_may=ONES_OWN, bad={"source": "roof"}, path="source"),
    Row("mute:self", lambda s, who: {"muted": True}, ready=lambda s: s.producer(), by="attendee",
        told={"host": "producer:paused"}, why_all_may=ONES_OWN, bad={"muted": 1}, path="muted"),
    Row("screenshare:start", by="attendee", told={"host": "screenshare:started"}, denied="viewer"),
    Row("screenshare:stop", ready=lambda s: s.attendee.request("screenshare:start"), by="attendee",
        told={"host": "screenshare:stopped"}, why_all_may=ONES_OWN),
    Row("speaker:levels", lambda s, who: {"enabled": True, "intervalMs": 5000}, gives=("intervalMs",),
        why_all_may=TAKES_WHAT_IS_SENT, bad={"enabled": "yes"}, path="enabled"),

    Row("consume", consume, ready=lambda s: s.producer(),
        gives=("id", "producerId", "participantId", "kind", "source", "rtpParameters.codecs", "type",
               "producerPaused"),
        why_all_may=TAKES_WHAT_IS_SENT, bad={"rtpCapabilities": {"codecs": 1}}, path="rtpCapabilities.codecs",
        elsewhere="NOT_FOUND"),
    of_consumer("consumer:pause"),
    of_consumer("consumer:resume"),
    of_consumer("consumer:close"),
    of_consumer("consumer:keyframe"),
    of_consumer("consumer:priority", lambda s, who: {"priority": 9}, {"priority": 0}, "priority"),
    of_consumer("consumer:layers", lambda s, who: {"spatialLayer": 1}, {"spatialLayer": 8}, "spatialLayer"),
    of_consumer("quality:change", lambda s, who: {"layer": "low"}, {"layer": "splendid"}, "layer"),
    Row("pin:user", lambda s, who: {"participantId": s.attendee.id}, why_all_may="for oneself",
        bad={"participantId": []}, path="participantId", elsewhere="NOT_FOUND"),

    Row("sdp:offer", lambda s, who: {"sdp": media_shapes.offer(), "participantId": s.host.id}, gives=("sdp",),
        by="attendee", told={"host": "producer:new"}, denied="viewer", bad={"publish": "yes"}, path="publish",
        elsewhere="NOT_FOUND"),
    Row("sdp:answer", lambda s, who: {"sdp": media_shapes.answer(s.gateways_offer())},
        ready=lambda s: s.gateways_offer(), by="attendee", why_all_may=TAKES_WHAT_IS_SENT, bad={"sdp": MISSING},
        path="sdp", elsewhere="CONFLICT"),
    Row("ice:candidate", lambda s, who: {"candidate": "candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host"},
        ready=lambda s: s.gateways_offer(), by="attendee", why_all_may=TAKES_WHAT_IS_SENT,
        bad={"candidate": None}, path="candidate", elsewhere="CONFLICT"),
    Row("sdp:fragment", lambda s, who: {"fragment": media_shapes.FRAGMENT}, ready=lambda s: s.gateways_offer(),
        by="attendee", why_all_may=TAKES_WHAT_IS_SENT, bad={"fragment": {}}, path="fragment", elsewhere="CONFLICT"),

    of_echo("echo:join", gives=("rtpCapabilities.codecs",), ready=lambda s: None, outside=None, elsewhere="own"),
    of_echo("echo:transport", gives=("id", "iceParameters", "iceCandidates", "dtlsParameters"), elsewhere="own"),
    of_echo("echo:connect", echo_connect, {"dtlsParameters": MISSING}, "dtlsParameters",
            ready=lambda s: s.echo_transport("send")),
    of_echo("echo:produce", echo_produce, {"kind": "smell"}, "kind", gives=("producerId", "id", "rtpParameters"),
            ready=lambda s: (s.echo_transport("send"), s.echo_transport("recv"))),
    of_echo("echo:leave", outside=None, elsewhere="own"),
)
