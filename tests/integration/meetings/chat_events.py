"""The events of the chat."""
from event_rows import MISSING, Row


def names_message(scene, who):
    return {"messageId": scene.message()}


def nothing_was_said(test, scene, answer):
    test.assertEqual(answer, {"messages": [], "hasMore": False})


def of_message(event, data, told, **more):
    return Row(event, lambda s, who: names_message(s, who) | data, ready=lambda s: s.message(),
               told={"attendee": told}, elsewhere="NOT_FOUND", **more)


ROWS = (
    Row("chat:send", lambda s, who: {"message": "Please be seated", "type": "announcement"},
        gives=("messageId", "number", "at"), told={"host": "chat:message", "viewer": "chat:message"},
        denied="attendee", bad={"message": ""}, path="message", elsewhere="NOT_FOUND",
        elsewhere_data=lambda s, who: {"message": "psst", "to": s.attendee.id}),
    of_message("chat:edit", {"message": "Let us begin"}, "chat:edited", gives=("messageId", "editedAt"),
               denied="attendee", bad={"message": " "}, path="message"),
    of_message("chat:delete", {}, "chat:deleted", gives=("messageId",), denied="attendee",
               bad={"messageId": MISSING}, path="messageId"),
    of_message("chat:react", {"emoji": "🎉"}, "chat:reaction", gives=("messageId", "emoji", "count"),
               denied="viewer", bad={"emoji": "<b>"}, path="emoji"),
    Row("chat:vote", lambda s, who: {"messageId": s.poll(), "option": 1}, gives=("messageId", "poll.votes"),
        check=lambda test, s, answer: test.assertEqual(answer["poll"]["votes"], [0, 1]),
        ready=lambda s: s.poll(), told={"viewer": "chat:poll"}, denied="viewer", bad={"option": 2}, path="option",
        elsewhere="NOT_FOUND"),
    Row("chat:typing", lambda s, who: {"typing": True}, told={"attendee": "chat:typing"}, denied="viewer",
        bad={"typing": "yes"}, path="typing", elsewhere="NOT_FOUND",
        elsewhere_data=lambda s, who: {"typing": True, "to": s.attendee.id}),
    Row("chat:history", ready=lambda s: s.message(), gives=("messages.0.message", "hasMore"),
        why_all_may="who is in the room reads", bad={"limit": -1}, path="limit", elsewhere_check=nothing_was_said),
    Row("chat:export", lambda s, who: {"format": "text"}, gives=("url", "expiresInMs"), denied="attendee",
        bad={"format": "pdf"}, path="format"),
    Row("chat:upload", lambda s, who: {"name": "a.txt", "size": 5, "type": "text/plain"},
        gives=("fileId", "url", "method", "expiresInMs"), by="attendee", denied="viewer", bad={"size": 0},
        path="size"),
    Row("chat:file", lambda s, who: {"fileId": s.file()}, ready=lambda s: s.file(), by="viewer",
        gives=("fileId", "name", "type", "size", "url", "expiresInMs"), why_all_may="who reads the message",
        bad={"fileId": 5}, path="fileId", elsewhere="NOT_FOUND"),
)
