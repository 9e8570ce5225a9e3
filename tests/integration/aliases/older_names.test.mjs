// Two clients that know older names only, and one that knows the canonical ones, in one meeting.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openWebSocket } from "../signalling/support.mjs";
import { hasPlugin, startGateway } from "./support.mjs";

const meetingId = "weekly";
const fingerprint = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };

function parameters(mimeType, payloadType, ssrc) {
  const audio = mimeType.startsWith("audio/");
  const codec = { mimeType, payloadType, clockRate: audio ? 48000 : 90000, parameters: {}, rtcpFeedback: [] };
  return {
    codecs: [audio ? { ...codec, channels: 2 } : codec],
    headerExtensions: [],
    encodings: [{ ssrc }],
    rtcp: { cname: "c" },
  };
}

describe("a meeting by older names", () => {
  let gateway;
  let anna; // came first: she is the host
  let ben;
  let carol; // canonical names
  const ids = {};
  const transports = {};
  const producers = {};
  before(async () => {
    gateway = await startGateway({ plugins: ["videoroom", "chat"].filter((name) => name !== "chat" || hasPlugin(name)) });
    anna = gateway.connect({ profile: "kcs" }, "/meeting");
    ben = gateway.connect({ profile: "kcs" });
    carol = gateway.connect({});
  });
  after(() => gateway.stop());

  test("join: the result is an event, and others hear of it by their own names", async () => {
    anna.emit("join-meeting", { meetingId, userName: "Anna" });
    const joined = await anna.event("meeting-joined");
    assert.equal(joined.meetingId, meetingId);
    assert.equal(joined.userName, "Anna");
    assert.equal(joined.role, "host");
    assert.equal(joined.participants[0].userId, joined.userId);
    assert.ok(joined.routerRtpCapabilities.codecs.length > 0);
    ids.anna = joined.userId;

    const answer = await ben.ask("join-meeting", { meetingId, userName: "Ben" });
    assert.equal(answer.ok, true);
    ids.ben = answer.data.userId;
    assert.deepEqual(await ben.event("meeting-joined"), answer.data);
    assert.ok(answer.data.participants.some(({ userId, userName }) => userId === ids.anna && userName === "Anna"));
    const seen = await anna.event("user-joined");
    assert.deepEqual([seen.meetingId, seen.userId, seen.userName], [meetingId, ids.ben, "Ben"]);

    const stay = await carol.ask("room:join", { roomId: meetingId, name: "Carol" });
    ids.carol = stay.data.self.participantId;
    assert.deepEqual(stay.data.participants.map(({ name }) => name).sort(), ["Anna", "Ben", "Carol"]);
    for (const client of [anna, ben]) assert.equal((await client.event("user-joined")).userId, ids.carol);
  });

  test("publish: what is not said of the source follows from kind and announcement", async () => {
    anna.emit("create-transport", { meetingId, direction: "send" });
    const transport = await anna.event("transport-created");
    assert.equal(transport.direction, "send");
    assert.equal(transport.meetingId, meetingId);
    assert.equal(transport.id, transport.transportId);
    transports.send = transport.transportId;
    const dtlsParameters = { role: "client", fingerprints: [fingerprint] };
    assert.equal((await anna.ask("connect-transport", { transportId: transport.id, dtlsParameters })).ok, true);

    const publish = async (kind, rtpParameters) => {
      anna.emit("produce", { meetingId, transportId: transport.id, kind, rtpParameters });
      const created = await anna.event("producer-created", (data) => data.kind === kind);
      assert.equal(created.id, created.producerId);
      return created.producerId;
    };
    producers.mic = await publish("audio", parameters("audio/opus", 111, 1111));
    anna.emit("webcam:publish", { meetingId });
    producers.webcam = await publish("video", parameters("video/VP8", 96, 2222));
    assert.deepEqual(await anna.ask("screen:publish", { meetingId }), { ok: true, data: { meetingId } });
    producers.screen = await publish("video", parameters("video/VP8", 96, 3333));

    for (const [source, producerId] of Object.entries(producers)) {
      const older = await ben.event("new-producer", (data) => data.producerId === producerId);
      assert.deepEqual([older.userId, older.source, older.meetingId], [ids.anna, source, meetingId]);
      const canonical = await carol.event("producer:new", (data) => data.producerId === producerId);
      assert.deepEqual([canonical.participantId, canonical.source], [ids.anna, source]);
    }
    assert.equal((await ben.event("screen:started")).userId, ids.anna);
    assert.equal((await ben.event("screenshare:notify")).userId, ids.anna);
    assert.equal((await carol.event("screenshare:started")).participantId, ids.anna);
  });

  test("consume: by event, and resumed by a name that never changed", async () => {
    ben.emit("create-transport", { meetingId, direction: "recv" });
    const transport = await ben.event("transport-created", ({ direction }) => direction === "recv");
    const rtpCapabilities = (await ben.ask("router:capabilities", {})).data;
    ben.emit("consume", { meetingId, transportId: transport.id, producerId: producers.mic, rtpCapabilities, paused: true });
    const consumer = await ben.event("consumer-created");
    assert.deepEqual([consumer.producerId, consumer.kind, consumer.userId], [producers.mic, "audio", ids.anna]);
    assert.equal(consumer.consumerId, consumer.id);
    assert.equal((await ben.ask("consumer:resume", { consumerId: consumer.consumerId })).ok, true);

    assert.equal((await anna.ask("close-producer", { producerId: producers.screen })).ok, true);
    assert.equal((await ben.event("screen:stopped")).userId, ids.anna);
    const closed = await ben.event("producer:closed", ({ producerId }) => producerId === producers.screen);
    assert.equal(closed.userId, ids.anna);
  });

  test("media: both flags in one event", async () => {
    const answer = await anna.ask("update-participant-media", { meetingId, audioEnabled: false, videoEnabled: true });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    const updated = await ben.event("participant-media-updated", (data) => data.audioEnabled === false);
    assert.equal(updated.userId, ids.anna);
    assert.equal((await ben.event("participant:media:updated", (data) => data.audioEnabled === false)).userId, ids.anna);
    const canonical = await carol.event("participant:updated", ({ participant }) => participant.media?.audio === false);
    assert.equal(canonical.participant.participantId, ids.anna);
    assert.equal((await anna.ask("update-participant-media", { meetingId, kind: "audio", enabled: true })).ok, true);
  });

  test("chat: everybody reads it under the names that they know", { skip: !hasPlugin("chat") }, async () => {
    anna.emit("typing-meeting-chat", { meetingId });
    const typing = await ben.event("user-typing-meeting-chat");
    assert.deepEqual([typing.userId, typing.isTyping], [ids.anna, true]);
    assert.equal((await carol.event("chat:typing")).participantId, ids.anna);

    const sent = await anna.ask("send-meeting-chat", { meetingId, message: "hello", messageType: "text" });
    assert.equal(sent.ok, true, JSON.stringify(sent));
    for (const name of ["new-meeting-chat", "chat:receive"]) {
      const message = await ben.event(name);
      assert.deepEqual([message.message, message.senderId, message.senderName], ["hello", ids.anna, "Anna"]);
      assert.equal(message.messageType, "text");
    }
    assert.equal((await carol.event("chat:message")).message, "hello");

    assert.equal((await carol.ask("chat:send", { message: "hi Ben", to: ids.ben })).ok, true);
    assert.equal((await ben.event("new-meeting-chat")).senderId, ids.carol);
    const back = await ben.ask("send-meeting-chat", { meetingId, message: "hi Carol", recipientType: "private", recipientId: ids.carol });
    assert.equal(back.ok, true, JSON.stringify(back));
    assert.equal((await carol.event("chat:message", ({ message }) => message === "hi Carol")).participantId, ids.ben);
  });

  test("an error names the event and the field that were sent", async () => {
    ben.emit("join-meeting", { meetingId });
    const twice = await ben.event("error");
    assert.deepEqual([twice.event, twice.code], ["join-meeting", "ALREADY_IN_ROOM"]);
    const missing = await gateway.connect({ profile: "kcs" }).ask("join-meeting", {});
    assert.deepEqual([missing.error.code, missing.error.details.path], ["INVALID_PAYLOAD", "meetingId"]);
    const stranger = await ben.ask("remove-participant", { meetingId, targetUserId: ids.anna });
    assert.equal(stranger.error.code, "PERMISSION_DENIED");
  });

  test("leave and remove", async () => {
    assert.equal((await anna.ask("remove-participant", { meetingId, targetUserId: ids.carol, reason: "late" })).ok, true);
    assert.equal((await carol.event("participant:removed")).reason, "late");
    for (const client of [anna, ben]) assert.equal((await client.event("user-left")).userId, ids.carol);
    await carol.ask("room:join", { roomId: meetingId, name: "Carol" });
    assert.equal((await ben.ask("leave-meeting", { meetingId })).ok, true);
    assert.equal((await anna.event("user-left")).userId, ids.ben);
    assert.equal((await carol.event("participant:left")).participantId, ids.ben);
    assert.equal((await anna.ask("room:close", { meetingId })).ok, true);
    assert.ok((await anna.event("meeting-ended")).reason);
    await carol.event("room:closed");
  });

  test("a client of older names has heard no other ones", () => {
    const canonical = ["room:joined", "room:closed", "participant:joined", "participant:left", "participant:updated",
      "participants:changed", "participant:removed", "producer:new", "screenshare:started", "screenshare:stopped",
      "chat:message", "chat:typing", "mute:remote", "role:updated"];
    for (const client of [anna, ben]) {
      assert.deepEqual(canonical.filter((name) => client.names().has(name)), []);
    }
    for (const older of ["user-joined", "new-producer", "new-meeting-chat"]) assert.ok(!carol.names().has(older));
  });
});

describe("which profile", () => {
  let gateway;
  before(async () => (gateway = await startGateway({ defaultProfile: "kcs" })));
  after(() => gateway.stop());

  test("the configuration has the default, and an empty name is none", async () => {
    const byDefault = gateway.connect({});
    byDefault.emit("join-meeting", { meetingId });
    await byDefault.event("meeting-joined");
    const canonical = gateway.connect({ profile: "" });
    assert.equal((await canonical.ask("join-meeting", { meetingId })).error.code, "UNKNOWN_EVENT");
    assert.equal((await canonical.ask("room:join", { roomId: meetingId })).ok, true);
  });

  test("an unknown profile is refused with a code", async () => {
    const refused = gateway.connect({ profile: "mcs" });
    const error = await new Promise((resolve) => refused.socket.once("connect_error", resolve));
    assert.deepEqual([error.data.code, error.data.details.supported], ["UNSUPPORTED", ["kcs"]]);
  });

  test("a plain WebSocket chooses in its URL", async () => {
    const socket = await openWebSocket(`${gateway.url.replace("http", "ws")}/ws?profile=kcs`);
    socket.send(JSON.stringify({ id: 1, event: "join-meeting", data: { meetingId: "plain" } }));
    const answer = JSON.parse(await socket.text());
    assert.deepEqual([answer.id, answer.ok, answer.data.meetingId], [1, true, "plain"]);
    assert.equal(JSON.parse(await socket.text()).event, "meeting-joined");
    socket.close();
  });
});
