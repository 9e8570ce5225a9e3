#include "notices.h"

namespace sluice::recording::notices {

namespace {

json::value name_of(std::string_view by) { return by.empty() ? json::value(nullptr) : json::value(by); }

}  // namespace

json::object change(const std::string& recording_id, std::string_view by, UnixMs at) {
  return {{"recordingId", recording_id}, {"by", name_of(by)}, {"at", at}};
}

json::object started(const LiveRecording& live) {
  json::object out = change(live.record.id, live.record.started_by_name, live.record.started_at);
  out["consentRequired"] = live.asks_consent;
  const Settings& settings = live.record.settings;
  out["settings"] = json::object{{"video", settings.video},
                                 {"audio", settings.audio},
                                 {"screenShare", settings.screen_share},
                                 {"chat", settings.chat},
                                 {"layout", to_json(settings.layout)}};
  return out;
}

json::object stopped(const LiveRecording& live, std::string_view by, UnixMs at, std::string_view reason) {
  json::object out = change(live.record.id, by, at);
  out["reason"] = reason;
  return out;
}

json::object consent(const std::string& recording_id) { return {{"recordingId", recording_id}, {"required", true}}; }

json::object consents(const std::string& recording_id, const std::map<std::string, Consents::Answer>& all) {
  json::array participants;
  for (const auto& [id, answer] : all) {
    participants.push_back(json::object{{"participantId", id}, {"accepted", to_json(answer)}});
  }
  return {{"recordingId", recording_id}, {"participants", std::move(participants)}};
}

json::object trouble(const std::string& recording_id, CaptureTrouble trouble, std::string_view text) {
  return {{"recordingId", recording_id}, {"trouble", to_json(trouble)}, {"message", text}};
}

void to_moderators(Room& room, std::string_view event, const json::object& data) {
  for (Participant* one : room.participants()) {
    if (is_moderator(one->role())) one->send(event, data);
  }
}

}  // namespace sluice::recording::notices
