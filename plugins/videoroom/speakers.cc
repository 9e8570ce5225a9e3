#include "speakers.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "publications.h"
#include "sluice/bus.h"
#include "sluice/contracts/media_taps.h"

namespace sluice::videoroom {

Speakers::Speakers(Context& context, LiveRoom& room) : context_{context}, room_{room} {
  room_.router().on_dominant_speaker([this](const SpeakerLevel& speaker) { lead(speaker); });
  follow_watchers();
}

Member* Speakers::dominant() const { return dominant_.empty() ? nullptr : room_.find(dominant_); }

json::value Speakers::current() const {
  if (dominant() == nullptr) return nullptr;
  return json::object{{"participantId", dominant_}, {"volume", volume_}};
}

void Speakers::lead(const SpeakerLevel& speaker) {
  const Publication* publication = room_.find_publication(speaker.producer_id);
  const std::string next = publication == nullptr ? std::string{} : publication->participant_id;
  if (next == dominant_) return;
  dominant_ = next;
  volume_ = next.empty() ? 0 : speaker.volume();
  if (!next.empty()) room_.last_n().spoke(next);
  json::value id = nullptr;
  if (!next.empty()) id = next;
  room_.broadcast("speaker:active", json::object{{"participantId", std::move(id)}, {"volume", volume_}});
  if (on_change_) on_change_();
  context_.host.bus().publish(SpeakerChanged{room_, next});
}

json::object Speakers::watch_levels(const Member& member, const WatchLevels& request) {
  if (!request.enabled) {
    watchers_.erase(member.id());
    follow_watchers();
    return {};
  }
  const Duration asked = request.interval_ms ? std::chrono::milliseconds{*request.interval_ms} : kUsualInterval;
  Watcher& watcher = watchers_[member.id()];
  watcher = {.interval = std::clamp(asked, kLeastInterval, kMostInterval), .due = {}};
  follow_watchers();
  const Duration actual = std::max(watcher.interval, least_interval());
  return {{"intervalMs", std::chrono::duration_cast<std::chrono::milliseconds>(actual).count()}};
}

void Speakers::left(const Member& member) {
  if (watchers_.erase(member.id()) > 0) follow_watchers();
  voices_.left(member.id());
  if (dominant_ == member.id()) lead({});
}

Duration Speakers::least_interval() const noexcept {
  const Duration fair = Duration{std::chrono::seconds{1}} * watchers_.size() / kMaxMessagesPerSecond;
  return std::clamp(fair, kLeastInterval, kMostInterval);
}

// The router tells at the pace of the most impatient: plugins listen always.
void Speakers::follow_watchers() {
  Duration pace = Voices::kInterval;
  for (const auto& [id, watcher] : watchers_) pace = std::min(pace, std::max(watcher.interval, least_interval()));
  if (pace == pace_) return;
  pace_ = pace;
  room_.router().on_audio_levels(pace, [this](const std::vector<SpeakerLevel>& levels) { handle(levels); });
}

void Speakers::handle(const std::vector<SpeakerLevel>& levels) {
  if (!watchers_.empty()) tell_levels(levels);
  hear(levels);
  if (levels.empty() || voices_.due(pace_)) publish_voices();
}

void Speakers::hear(const std::vector<SpeakerLevel>& levels) {
  if (!levels.empty()) voices_.listened(pace_);
  for (const SpeakerLevel& level : levels) {
    const Publication* publication = room_.find_publication(level.producer_id);
    if (publication != nullptr) voices_.hear(publication->participant_id, level);
  }
}

// Whoever hears of it may do anything: it is the last to be done, and what it is about stands on the stack.
void Speakers::publish_voices() {
  const Voices heard = voices_.take();
  if (heard.empty()) return;
  const auto voices = heard.voices();
  context_.host.bus().publish(VoicesHeard{.room = room_, .voices = voices, .interval = heard.interval()});
}

// One serialisation for all whose time has come. The end, after which nothing more is told, is for everybody.
void Speakers::tell_levels(const std::vector<SpeakerLevel>& levels) {
  const Instant now = context_.host.timers().now();
  std::vector<Client*> clients;
  for (auto& [id, watcher] : watchers_) {
    if (now + pace_ / 2 < watcher.due && !levels.empty()) continue;
    Member* member = room_.find(id);
    Client* client = member == nullptr ? nullptr : member->client();
    if (client == nullptr) continue;
    watcher.due = now + std::max(watcher.interval, least_interval());
    clients.push_back(client);
  }
  if (clients.empty()) return;
  context_.host.events().broadcast(clients, "speaker:levels", json::object{{"levels", loudest(levels)}});
}

json::array Speakers::loudest(const std::vector<SpeakerLevel>& levels) const {
  std::map<std::string, const SpeakerLevel*> by_participant;  // somebody may have several microphones
  for (const SpeakerLevel& level : levels) {
    const Publication* publication = room_.find_publication(level.producer_id);
    if (publication == nullptr) continue;
    const SpeakerLevel*& known = by_participant[publication->participant_id];
    if (known == nullptr || level.volume() > known->volume()) known = &level;
  }
  std::vector<std::pair<std::string, const SpeakerLevel*>> sorted{by_participant.begin(), by_participant.end()};
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const auto& entry) { return entry.second->volume(); });
  json::array out;
  for (const auto& [id, level] : sorted) {
    if (out.size() == kMaxLevels) break;
    out.push_back(json::object{{"participantId", id}, {"volume", level->volume()}, {"voice", level->voice}});
  }
  return out;
}

}  // namespace sluice::videoroom
