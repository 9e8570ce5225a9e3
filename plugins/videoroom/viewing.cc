#include "viewing.h"

#include "live_room.h"
#include "publications.h"

namespace sluice::videoroom {

namespace {

// Browsers' simulcasts have three encodings: a quarter of the width, a half, all of it.
std::optional<PreferredLayers> most_of(Quality quality) {
  switch (quality) {
    case Quality::low:
      return PreferredLayers{.spatial = 0};
    case Quality::medium:
      return PreferredLayers{.spatial = 1};
    case Quality::high:
      return PreferredLayers{.spatial = 2};
    case Quality::auto_:
      break;
  }
  return std::nullopt;
}

}  // namespace

void Viewing::set_quality(Quality quality) {
  usual_ = most_of(quality);
  own_layers_.clear();
}

void Viewing::set_quality(Consumer& consumer, Quality quality) {
  own_layers_.insert(consumer.id());
  consumer.set_preferred_layers(most_of(quality));
}

void Viewing::set_layers(Consumer& consumer, const PreferredLayers& most) {
  own_layers_.insert(consumer.id());
  consumer.set_preferred_layers(most);
}

void Viewing::set_priority(Consumer& consumer, std::uint8_t priority) {
  own_priority_.insert(consumer.id());
  consumer.set_priority(priority);
}

void Viewing::apply(Consumer& consumer) const {
  if (consumer.kind() == MediaKind::video && !own_layers_.contains(consumer.id())) {
    consumer.set_preferred_layers(usual_);
  }
  const Publication* publication = member_.live_room().find_publication(consumer.producer_id());
  const bool is_pinned = publication != nullptr && publication->participant_id == pinned_;
  if (consumer.insists() != is_pinned) consumer.set_insists(is_pinned);
  if (own_priority_.contains(consumer.id())) return;
  consumer.set_priority(publication == nullptr ? kUsualPriority : priority_of(*publication));
}

std::uint8_t Viewing::priority_of(const Publication& publication) const {
  const LiveRoom& room = member_.live_room();
  const std::string& owner = publication.participant_id;
  if (owner == room.spotlight().current()) return kSpotlightPriority;
  if (owner == pinned_) return kPinnedPriority;
  if (publication.source == MediaSource::screen) return kScreenPriority;
  const Member* speaker = room.dominant_speaker();
  return speaker != nullptr && speaker->id() == owner ? kSpeakerPriority : kUsualPriority;
}

void Viewing::forget(std::string_view consumer_id) {
  if (const auto found = own_layers_.find(consumer_id); found != own_layers_.end()) own_layers_.erase(found);
  if (const auto found = own_priority_.find(consumer_id); found != own_priority_.end()) own_priority_.erase(found);
}

}  // namespace sluice::videoroom
