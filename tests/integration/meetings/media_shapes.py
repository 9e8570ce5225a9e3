"""What a client says of the media that it sends: just enough to be taken."""

FINGERPRINT = ":".join(["AB"] * 32)
DTLS = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": FINGERPRINT}]}


def opus(ssrc=1111):
    return {"codecs": [{"mimeType": "audio/opus", "payloadType": 111, "clockRate": 48000, "channels": 2,
                        "parameters": {}, "rtcpFeedback": []}],
            "headerExtensions": [], "encodings": [{"ssrc": ssrc}], "rtcp": {"cname": "c"}}


def vp8(ssrc=2222):
    return {"codecs": [{"mimeType": "video/VP8", "payloadType": 96, "clockRate": 90000, "parameters": {},
                        "rtcpFeedback": [{"type": "nack", "parameter": "pli"}]}],
            "headerExtensions": [], "encodings": [{"ssrc": ssrc}], "rtcp": {"cname": "c"}}


TRANSPORT = ["a=ice-ufrag:clnt", "a=ice-pwd:clientPassword+of/22xx", f"a=fingerprint:sha-256 {FINGERPRINT}"]


def sdp(*lines):
    return "\r\n".join(lines) + "\r\n"


def offer(direction="sendonly"):
    """A browser's microphone."""
    sends = ["a=ssrc:1001 cname:client"] if direction.startswith("send") else []
    return sdp("v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
               "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", *TRANSPORT, "a=setup:actpass", "a=mid:0",
               f"a={direction}", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", *sends)


def answer(gateways_offer):
    """Takes all that is offered: every section seen from the other side, with the transport of `offer`."""
    other_side = {"a=sendonly": ["a=recvonly"], "a=recvonly": ["a=sendonly", "a=ssrc:1001 cname:client"],
                  "a=setup:actpass": ["a=setup:active"]}
    ours = ("a=ssrc", "a=msid", "a=candidate", "a=end-of-candidates", "a=ice-lite", "a=fingerprint", "a=ice-pwd")
    lines = []
    for line in gateways_offer.splitlines():
        if line.startswith("a=ice-ufrag"):
            lines += TRANSPORT
        elif not line.startswith(ours):
            lines += other_side.get(line, [line])
    return sdp(*lines)


FRAGMENT = sdp("a=ice-ufrag:clnt", "a=ice-pwd:clientPassword+of/22xx", "m=audio 9 RTP/AVP 0", "a=mid:0",
               "a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host")

# Nobody listens there; a stream goes on all the same.
RTMP_TARGET = {"url": "rtmp://server.invalid/live", "key": "stream-key"}
