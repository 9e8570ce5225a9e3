"""Transports and producers by events alone: what is answered to descriptions that are wrong."""
import copy
import unittest

from gateway_process import GatewayTest

FINGERPRINT = {"algorithm": "sha-256", "value": ":".join(["AB"] * 32)}
OPUS = {
    "codecs": [{"mimeType": "audio/opus", "payloadType": 111, "clockRate": 48000, "channels": 2, "parameters": {},
                "rtcpFeedback": []}],
    "headerExtensions": [],
    "encodings": [{"ssrc": 1111}],
    "rtcp": {"cname": "c"},
}


class MediaTest(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start("plugins:\n  videoroom:\n")
        self.client = self.gateway.connect()
        self.joined = self.client.request("room:join", {"roomId": "lobby"})
        self.transport = self.client.request("transport:create", {"direction": "send"})

    def refused(self, event, data, code, path=None):
        refusal = self.client.refusal(event, data)
        self.assertEqual(refusal.code, code, refusal)
        if path is not None:
            self.assertEqual(refusal.details.get("path"), path, refusal)
        return refusal


class Transports(MediaTest):
    def connect(self, *fingerprints, role="client", **more):
        return {"transportId": self.transport["id"],
                "dtlsParameters": {"role": role, "fingerprints": list(fingerprints), **more}}

    def test_a_transport_describes_how_to_reach_it(self):
        transport = self.transport
        self.assertTrue(transport["iceParameters"]["iceLite"])
        self.assertGreaterEqual(len(transport["iceParameters"]["password"]), 22)  # RFC 8445 section 5.3
        self.assertEqual(transport["iceCandidates"][0]["ip"], "127.0.0.1")
        self.assertEqual(transport["iceCandidates"][0]["protocol"], "udp")
        self.assertIn("sha-256", [f["algorithm"] for f in transport["dtlsParameters"]["fingerprints"]])
        self.assertEqual(transport["iceServers"], [])

    def test_a_right_description_is_taken_once(self):
        self.client.request("transport:connect", self.connect(FINGERPRINT))
        self.refused("transport:connect", self.connect(FINGERPRINT), "CONFLICT")

    def test_wrong_fingerprints_are_refused(self):
        path = "dtlsParameters.fingerprints"
        without = {"transportId": self.transport["id"], "dtlsParameters": {"role": "client"}}
        self.refused("transport:connect", without, "INVALID_PAYLOAD", path)
        self.refused("transport:connect", self.connect(), "INVALID_PAYLOAD", path)
        own = self.transport["dtlsParameters"]["fingerprints"][0]
        self.refused("transport:connect", self.connect(own), "INVALID_PAYLOAD", path)
        self.refused("transport:connect", self.connect({**own, "value": own["value"].lower()}), "INVALID_PAYLOAD", path)
        self.refused("transport:connect", self.connect(FINGERPRINT, own), "INVALID_PAYLOAD", path)
        sha1 = {"algorithm": "sha-1", "value": ":".join(["AB"] * 20)}
        self.assertIn(path, self.refused("transport:connect", self.connect(sha1), "INVALID_PAYLOAD").details["path"])
        for bad in ("AB", "", "AB" * 32, ":".join(["AB"] * 31), ":".join(["XY"] * 32), FINGERPRINT["value"] + "\r\n"):
            self.refused("transport:connect", self.connect({"algorithm": "sha-256", "value": bad}), "INVALID_PAYLOAD",
                         path + "[0].value")
        self.refused("transport:connect", self.connect(*[FINGERPRINT] * 100), "INVALID_PAYLOAD", path)
        self.client.request("transport:connect", self.connect(FINGERPRINT))  # none of them has taken effect

    def test_a_role_that_is_none(self):
        self.refused("transport:connect", self.connect(FINGERPRINT, role="boss"), "INVALID_PAYLOAD",
                     "dtlsParameters.role")

    def test_names_that_are_unknown(self):
        unknown = {**self.connect(FINGERPRINT), "transportId": "nobody's"}
        self.refused("transport:connect", unknown, "NOT_FOUND")
        self.refused("transport:restart-ice", {"transportId": ""}, "NOT_FOUND")
        other = self.gateway.connect()
        other.request("room:join", {"roomId": "lobby"})
        self.assertEqual(other.refusal("transport:connect", self.connect(FINGERPRINT)).code, "NOT_FOUND")

    def test_an_ice_restart_changes_the_credentials(self):
        new = self.client.request("transport:restart-ice", {"transportId": self.transport["id"]})["iceParameters"]
        self.assertNotEqual(new["usernameFragment"], self.transport["iceParameters"]["usernameFragment"])
        self.assertNotEqual(new["password"], self.transport["iceParameters"]["password"])

    def test_directions_and_their_number_are_bounded(self):
        self.refused("transport:create", {"direction": "both"}, "INVALID_PAYLOAD", "direction")
        self.refused("transport:create", {}, "INVALID_PAYLOAD", "direction")
        for _ in range(3):
            self.client.request("transport:create", {"direction": "recv"})
        self.assertEqual(self.refused("transport:create", {"direction": "recv"}, "LIMIT_EXCEEDED").details["limit"], 4)

    def test_nobody_outside_a_room_gets_one(self):
        stranger = self.gateway.connect()
        self.assertEqual(stranger.refusal("transport:create", {"direction": "send"}).code, "NOT_IN_ROOM")
        self.assertEqual(stranger.refusal("router:capabilities").code, "NOT_IN_ROOM")


class Producers(MediaTest):
    def produce(self, change=None, **fields):
        parameters = copy.deepcopy(OPUS)
        if change:
            change(parameters)
        return {"transportId": self.transport["id"], "kind": "audio", "source": "mic", "rtpParameters": parameters,
                **fields}

    def test_others_hear_of_a_producer(self):
        other = self.gateway.connect()
        other.request("room:join", {"roomId": "lobby"})
        producer = self.client.request("produce", self.produce())["producerId"]
        self.assertEqual(other.event("producer:new")["producerId"], producer)
        self.client.request("producer:pause", {"producerId": producer})
        self.assertEqual(other.event("producer:paused")["producerId"], producer)
        self.assertEqual(other.refusal("producer:close", {"producerId": producer}).code, "NOT_FOUND")
        self.client.request("producer:close", {"producerId": producer})
        self.assertEqual(other.event("producer:closed")["producerId"], producer)

    def test_wrong_parameters_are_named_by_their_path(self):
        def at(*keys, value):
            def change(parameters):
                target = parameters
                for key in keys[:-1]:
                    target = target[key]
                target[keys[-1]] = value
            return change

        for change, path in (
                (at("encodings", value=[]), "rtpParameters.encodings"),
                (at("encodings", 0, "ssrc", value=-1), "rtpParameters.encodings[0].ssrc"),
                (at("encodings", 0, "ssrc", value=2**32), "rtpParameters.encodings[0].ssrc"),
                (at("codecs", value=[]), "rtpParameters.codecs"),
                (at("codecs", value="opus"), "rtpParameters.codecs"),
                (at("codecs", 0, "payloadType", value=300), "rtpParameters.codecs[0].payloadType"),
                (at("codecs", 0, "clockRate", value="fast"), "rtpParameters.codecs[0].clockRate"),
                (at("codecs", 0, "mimeType", value="opus"), "rtpParameters.codecs[0].mimeType"),
                (at("headerExtensions", value=[{"uri": "urn:x", "id": 0}]), "rtpParameters.headerExtensions[0].id"),
                (at("mid", value="x" * 500), "rtpParameters.mid"),
                (at("rtcp", "cname", value="a\r\nb"), "rtpParameters.rtcp.cname")):
            with self.subTest(path=path):
                self.refused("produce", self.produce(change), "INVALID_PAYLOAD", path)
        self.client.request("produce", self.produce())

    def test_wrong_requests(self):
        self.refused("produce", self.produce(kind="smell"), "INVALID_PAYLOAD", "kind")
        self.refused("produce", self.produce(source="roof"), "INVALID_PAYLOAD", "source")
        self.refused("produce", {k: v for k, v in self.produce().items() if k != "rtpParameters"}, "INVALID_PAYLOAD",
                     "rtpParameters")
        self.refused("produce", self.produce(transportId="unknown"), "NOT_FOUND")
        recv = self.client.request("transport:create", {"direction": "recv"})["id"]
        self.refused("produce", self.produce(transportId=recv), "CONFLICT")

    def test_a_codec_that_the_router_does_not_have(self):
        def foreign(parameters):
            parameters["codecs"][0]["mimeType"] = "audio/foreign"
        refusal = self.refused("produce", self.produce(foreign), "UNSUPPORTED")
        self.assertIn("offered", refusal.details)

    def test_a_stream_is_produced_once(self):
        self.client.request("produce", self.produce())
        self.assertIn(self.client.refusal("produce", self.produce()).code, ("CONFLICT", "INVALID_PAYLOAD"))

    def test_consuming_needs_a_producer_and_capabilities(self):
        recv = self.client.request("transport:create", {"direction": "recv"})["id"]
        capabilities = self.joined["rtpCapabilities"]
        ask = {"transportId": recv, "producerId": "nobody", "rtpCapabilities": capabilities}
        self.refused("consume", ask, "NOT_FOUND")
        other = self.gateway.connect()
        other.request("room:join", {"roomId": "lobby"})
        send = other.request("transport:create", {"direction": "send"})["id"]
        ask["producerId"] = other.request("produce", self.produce(transportId=send))["producerId"]
        self.refused("consume", {**ask, "rtpCapabilities": {"codecs": [], "headerExtensions": []}}, "UNSUPPORTED")
        self.refused("consume", {**ask, "rtpCapabilities": {"codecs": 1}}, "INVALID_PAYLOAD", "rtpCapabilities.codecs")
        self.refused("consume", {**ask, "transportId": self.transport["id"]}, "CONFLICT")
        consumer = self.client.request("consume", ask)
        self.assertEqual((consumer["kind"], consumer["producerId"]), ("audio", ask["producerId"]))
        self.client.request("consumer:resume", {"consumerId": consumer["id"]})
        other.request("producer:close", {"producerId": ask["producerId"]})
        self.assertEqual(self.client.event("consumer:closed")["consumerId"], consumer["id"])


if __name__ == "__main__":
    unittest.main()
