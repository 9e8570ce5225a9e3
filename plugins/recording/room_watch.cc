#include "room_watch.h"

#include <utility>

#include "notices.h"
#include "settings_choice.h"
#include "sluice/bus.h"
#include "sluice/contracts/chat.h"
#include "sluice/log.h"

namespace sluice::recording {

namespace {

/// Or nobody is asked.
bool has_consented(const LiveRecording& live, const std::string& participant) {
  if (!live.asks_consent) return true;
  const auto answer = live.consents.all().find(participant);
  return answer != live.consents.all().end() && answer->second.value_or(false);
}

}  // namespace

void RoomWatch::listen() {
  Bus& bus = context_.host.bus();
  bus.on<ParticipantJoined>([this](const ParticipantJoined& e) { came(e.participant); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& e) { returned(e.participant); });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& e) { went(e.participant); });
  bus.on<RoomClosed>([this](const RoomClosed& e) { closed(e.room); });
  bus.on<MeetingStarted>([this](const MeetingStarted& e) {
    if (e.room.size() > 0) begin_by_itself(e.room);
  });
  bus.on<ChatMessageSent>([this](const ChatMessageSent& e) {
    if (e.recipient != "all") return;
    const auto live = recorder_.find(e.room);
    if (live != nullptr && has_consented(*live, std::string{e.participant_id})) heard(e.room, e.name, e.text);
  });
}

void RoomWatch::came(Participant& participant) {
  Room& room = participant.room();
  if (room.size() == 1) begun_.erase(&room);  // a new gathering
  begin_by_itself(room);
  const auto live = recorder_.find(room);
  if (live == nullptr || live->capture == nullptr) return;
  recorder_.watch_emptiness(live);
  newcomers_.tell_soon(participant);
}

void RoomWatch::returned(Participant& participant) {
  const auto live = recorder_.find(participant.room());
  if (live != nullptr && live->capture != nullptr) newcomers_.tell_soon(participant);
}

void RoomWatch::went(Participant& participant) {
  const auto live = recorder_.find(participant.room());
  if (live == nullptr) return;
  live->consents.forget(participant.id());
  recorder_.watch_emptiness(live);
}

void RoomWatch::closed(Room& room) {
  recorder_.room_closed(room);
  begun_.erase(&room);
}

void RoomWatch::heard(Room& room, std::string_view name, std::string_view text) {
  const auto live = recorder_.find(room);
  if (live == nullptr || live->capture == nullptr || !live->record.settings.chat || live->paused()) return;
  live->capture->note_chat(name, text);
}

void RoomWatch::begin_by_itself(Room& room) {
  if (begun_.contains(&room) || recorder_.find(room) != nullptr || is_forbidden(room, Permission::record)) return;
  const auto meeting = context_.meetings == nullptr ? std::nullopt : context_.meetings->meeting_of(room);
  if (!(meeting ? records_itself(*meeting) : context_.options.auto_record)) return;
  begun_.insert(&room);
  const auto failed = [this, tenant = room.tenant(), id = room.id()](const Error& error) {
    context_.host.log().warning("a room does not record itself", {{"room", id}, {"error", error.what()}});
    Room* const still = context_.rooms.find(tenant, id);
    if (still == nullptr) return;
    notices::to_moderators(*still, "recording:failed", {{"recordingId", nullptr}, {"message", error.what()}});
  };
  try {
    recorder_.start(room, {}, {}, [failed](const Result<Record, Error>& started) {
      if (!started) failed(started.error());
    });
  } catch (const Error& error) {
    failed(error);
  }
}

void RoomWatch::tell(Participant& participant) {
  const auto live = recorder_.find(participant.room());
  if (live == nullptr || live->capture == nullptr) return;
  participant.send("recording:started", notices::started(*live));
  if (live->paused()) {
    participant.send("recording:paused", notices::change(live->record.id, live->paused_by, live->paused_at));
  }
  recorder_.people_came(*live, {&participant});
  if (!live->asks_consent || !is_moderator(participant.role())) return;
  participant.send("recording:consent-updated", notices::consents(live->record.id, live->consents.all()));
}

}  // namespace sluice::recording
