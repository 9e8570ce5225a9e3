"""The events of the videoroom: rooms, who is in them, who leads them."""
from event_rows import MISSING, Row


def targets(scene, who):
    return {"participantId": scene.attendee.id}


def of_audio(scene, who):
    return {"participantId": scene.attendee.id, "kind": "audio"}


def sees_only_its_own(test, scene, answer):
    test.assertEqual({one["userId"] for one in answer["participants"]}, {"hana", "arno"})
    test.assertFalse({one["participantId"] for one in answer["participants"]} & {scene.host.id, scene.attendee.id})


def is_seated_as_before(test, scene, answer):
    test.assertEqual(answer["self"]["participantId"], scene.attendee.id)


STAY = ("room.roomId", "self.participantId", "participants.0.userId", "producers", "rtpCapabilities.codecs",
        "features.publish", "reconnectToken")

ROWS = (
    Row("room:create", lambda s, who: {"options": {"roomId": s.room + "-2"}}, gives=("roomId", "joinToken"),
        by="newcomer", why_all_may="allow_create is for all or for nobody", outside=None,
        bad={"options": {"maxParticipants": "many"}}, path="options.maxParticipants"),
    Row("room:join", lambda s, who: {"roomId": s.room}, gives=STAY, told={"host": "participant:joined"},
        by="newcomer", why_all_may="who may join is the admission chain's matter", outside=None,
        bad={"roomId": 7}, path="roomId", elsewhere_check=sees_only_its_own),
    Row("reconnect:attempt", lambda s, who: {"reconnectToken": s.attendee.stay["reconnectToken"]},
        gives=(*STAY, "media.transports"), check=is_seated_as_before, told={"attendee": "room:left"},
        by="same_user", why_all_may="whose seat it is, has its token", outside=None,
        bad={"reconnectToken": MISSING}, path="reconnectToken", elsewhere="NOT_FOUND"),
    Row("room:leave", by="attendee", told={"host": "participant:left"}, why_all_may="everybody may go"),
    Row("room:close", lambda s, who: {"reason": "enough"}, told={"attendee": "room:closed", "viewer": "room:closed"},
        denied="attendee", bad={"reason": 5}, path="reason"),
    Row("room:members", lambda s, who: {"limit": 2}, gives=("participants.1.role", "total"),
        check=lambda test, s, answer: test.assertEqual(answer["total"], 3),
        why_all_may="who is in the room sees who is", bad={"offset": -1}, path="offset",
        elsewhere_check=lambda test, s, answer: test.assertEqual(answer["total"], 1)),
    Row("participant:info", lambda s, who: {"name": "Another name"}, told={"attendee": "participant:updated"},
        why_all_may="of oneself", bad={"attributes": []}, path="attributes"),
    Row("participant:remove", targets, told={"attendee": "participant:removed", "viewer": "participant:left"},
        denied="attendee", denied_data=lambda s, who: {"participantId": s.viewer.id},
        bad={"participantId": MISSING}, path="participantId", elsewhere="NOT_FOUND"),
    Row("participant:mute", of_audio, told={"attendee": "mute:remote", "viewer": "participant:updated"},
        denied="attendee", bad={"kind": "smell"}, path="kind", elsewhere="NOT_FOUND"),
    Row("participant:ask-unmute", of_audio, told={"attendee": "unmute:requested"}, denied="attendee",
        bad={"kind": MISSING}, path="kind", elsewhere="NOT_FOUND"),
    Row("role:update", lambda s, who: {"participantId": s.attendee.id, "role": "presenter"},
        told={"attendee": "role:updated", "viewer": "role:updated"}, denied="attendee",
        bad={"role": "king"}, path="role", elsewhere="NOT_FOUND"),
    Row("participant:add", lambda s, who: {"userId": "nora"}, told={"newcomer": "participant:added"},
        denied="attendee", bad={"userId": MISSING}, path="userId"),
    Row("room:lock", lambda s, who: {"locked": True}, told={"attendee": "room:locked"}, denied="attendee",
        bad={"locked": "yes"}, path="locked"),
    Row("participant:spotlight", targets, told={"viewer": "participant:spotlighted"}, denied="attendee",
        bad={"participantId": 4}, path="participantId", elsewhere="NOT_FOUND"),

    # --- engagement ---
    Row("hand:raise", gives=("participantId", "at", "order"), by="attendee", told={"host": "hand:raised"},
        denied="viewer"),
    Row("hand:lower", targets, ready=lambda s: s.attendee.request("hand:raise"), told={"viewer": "hand:lowered"},
        denied="viewer", bad={"participantId": 1}, path="participantId", elsewhere="NOT_FOUND"),
    Row("hand:list", ready=lambda s: s.attendee.request("hand:raise"), gives=("hands.0.participantId", "total"),
        why_all_may="hands are up to be seen", bad={"limit": -1}, path="limit",
        elsewhere_check=lambda test, s, answer: test.assertEqual(answer, {"hands": [], "total": 0})),
    Row("reaction:send", lambda s, who: {"emoji": "👍"}, told={"attendee": "reaction:received"}, denied="viewer",
        bad={"emoji": "x"}, path="emoji"),
    Row("reaction:list", gives=("reactions.0",), why_all_may="it is the configuration's"),
    Row("layout:update", lambda s, who: {"layout": "speaker", "scope": "room"}, told={"attendee": "layout:updated"},
        denied="attendee", bad={"layout": "round"}, path="layout"),

    # --- the waiting room ---
    Row("waitingroom:list", ready=lambda s: s.waiting(), gives=("waiting.0.name", "total"), in_meeting=True,
        denied="attendee", bad={"offset": "x"}, path="offset",
        elsewhere_check=lambda test, s, answer: test.assertEqual(answer, {"waiting": [], "total": 0})),
    Row("waitingroom:admit", lambda s, who: {"participantId": s.waiting()}, gives=("admitted",), in_meeting=True,
        told={"newcomer": "room:joined", "attendee": "participant:joined"}, denied="attendee",
        bad={"participantId": MISSING}, path="participantId", elsewhere="NOT_FOUND"),
    Row("waitingroom:deny", lambda s, who: {"participantId": s.waiting()}, in_meeting=True,
        told={"newcomer": "waitingroom:denied"}, denied="attendee",
        bad={"ban": "please"}, path="ban", elsewhere="NOT_FOUND"),
)
