#include "last_n.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "publications.h"

namespace sluice::videoroom {

LastN::LastN(Context& context, LiveRoom& room, std::optional<int> own_audio, std::optional<int> own_video)
    : context_{context}, room_{room}, own_audio_{own_audio}, own_video_{own_video} {
  configure();
}

void LastN::configure() {
  const Limits before = limits_;
  limits_ = {.audio = own_audio_.value_or(context_.options.last_n.audio),
             .video = own_video_.value_or(context_.options.last_n.video)};
  if (limits_.audio != before.audio) {
    room_.router().on_loudest(static_cast<std::size_t>(limits_.audio),
                              [this](const std::string& producer_id, bool loud) { set_loud(producer_id, loud); });
  }
  if (limits_.video != before.video) choose_cameras();
}

void LastN::set_loud(const std::string& producer_id, bool loud) {
  if (const Publication* publication = room_.find_publication(producer_id)) forward(*publication, loud);
}

void LastN::spoke(const std::string& participant_id) {
  std::erase(spoken_, participant_id);
  spoken_.insert(spoken_.begin(), participant_id);
  choose_cameras();
}

void LastN::show_always(const std::string& participant_id, bool always) {
  const bool changed = always ? always_.insert(participant_id).second : always_.erase(participant_id) > 0;
  if (changed) choose_cameras();
}

void LastN::left(const Member& member) {
  std::erase(spoken_, member.id());
  always_.erase(member.id());
}

// A camera that is off takes no place.
void LastN::choose_cameras() {
  std::map<std::string, std::vector<const Publication*>> cameras;  // by participant
  for (const auto& [number, publication] : room_.publications_by_age()) {
    const bool camera = publication->producer->kind() == MediaKind::video && publication->source != MediaSource::screen;
    if (camera) cameras[publication->participant_id].push_back(publication);
  }
  int places = limits_.video;
  for (const std::string& participant : by_last_word()) {
    const auto found = cameras.find(participant);
    if (found == cameras.end()) continue;
    const bool on = std::ranges::any_of(
        found->second, [](const Publication* publication) { return !publication->producer->paused(); });
    const bool free = limits_.video == 0 || always_.contains(participant);
    const bool forwarded = free || (on && places > 0);
    if (on && !free) --places;
    for (const Publication* publication : found->second) forward(*publication, forwarded);
  }
}

std::vector<std::string> LastN::by_last_word() const {
  std::vector<std::string> out = spoken_;
  std::set<std::string> known{spoken_.begin(), spoken_.end()};
  for (const auto& [number, publication] : room_.publications_by_age()) {
    if (known.insert(publication->participant_id).second) out.push_back(publication->participant_id);
  }
  return out;
}

void LastN::forward(const Publication& publication, bool forwarded) const {
  forwarded ? publication.producer->release() : publication.producer->hold_back();
}

}  // namespace sluice::videoroom
