#include "receiving_sections.h"

#include <algorithm>

#include "live_room.h"
#include "publications.h"
#include "subscriptions.h"

namespace sluice::videoroom {

std::vector<SdpTrack> ReceivingSections::tracks() const {
  std::vector<SdpTrack> out;
  for (const Section& section : sections_) {
    const Consumer* consumer = consumer_of(section);
    if (consumer == nullptr) continue;
    out.push_back({.mid = section.mid, .rtp_parameters = consumer->rtp_parameters(), .stream_id = section.stream_id});
  }
  return out;
}

json::array ReceivingSections::report() const {
  json::array out;
  for (const Section& section : sections_) {
    const Publication* publication = member_.live_room().find_publication(section.producer_id);
    if (publication == nullptr) continue;
    out.push_back(json::object{{"mid", section.mid},
                               {"consumerId", section.consumer_id},
                               {"producerId", section.producer_id},
                               {"participantId", publication->participant_id},
                               {"kind", to_string(section.kind)},
                               {"source", to_json(publication->source)},
                               {"paused", publication->producer->paused()}});
  }
  return out;
}

void ReceivingSections::drop_all() {
  drop_if([](const Section&) { return true; });
}

ReceivingSections::Section* ReceivingSections::find(const std::string& mid) noexcept {
  const auto found = std::ranges::find(sections_, mid, &Section::mid);
  return found == sections_.end() ? nullptr : &*found;
}

bool ReceivingSections::wants(const Publication& publication) const {
  const std::string& owner = publication.participant_id;
  if (!wish_.subscribe || owner == member_.id()) return false;
  return wish_.participant_id.empty() || wish_.participant_id == owner;
}

bool ReceivingSections::is_over(const std::string& producer_id) const {
  const Publication* publication = member_.live_room().find_publication(producer_id);
  return publication == nullptr || !wants(*publication);
}

std::vector<Publication*> ReceivingSections::wanted() const {
  std::vector<Publication*> out;
  if (!wish_.subscribe) return out;
  for (const auto& [number, publication] : member_.live_room().publications_by_age()) {
    if (wants(*publication)) out.push_back(publication);
  }
  return out;
}

void ReceivingSections::carry(Section& section, const std::string& producer_id) {
  carried_.erase(section.producer_id);
  section.producer_id = producer_id;
  if (producer_id.empty()) return;
  carried_.insert(producer_id);
  if (Consumer* consumer = consumer_of(section)) subscriptions_.weigh(*consumer);
}

// Camera and microphone of a participant are one MediaStream in the client, which keeps them in step; a screen is
// another one.
std::string ReceivingSections::stream_of(const Publication& publication) const {
  return publication.source == MediaSource::screen ? publication.participant_id + "-screen"
                                                   : publication.participant_id;
}

ReceivingSections::Section* ReceivingSections::add(Transport& transport, const SdpReceiving& section,
                                                   const Publication* publication, bool paused) {
  ConsumeOptions options{.producer_id = publication == nullptr ? std::string{} : publication->producer->id(),
                         .rtp_capabilities = section.rtp_capabilities,
                         .paused = paused,
                         .kind = section.kind,
                         .mid = section.mid};
  if (publication != nullptr &&
      !member_.live_room().router().can_consume(options.producer_id, section.rtp_capabilities)) {
    return nullptr;
  }
  try {
    Section& added =
        sections_.emplace_back(Section{.mid = section.mid,
                                       .kind = section.kind,
                                       .consumer_id = subscriptions_.subscribe(transport, options).id(),
                                       .producer_id = {},
                                       .stream_id = publication == nullptr ? std::string{} : stream_of(*publication)});
    carry(added, options.producer_id);
    return &added;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::limit_exceeded) throw;
    return nullptr;
  }
}

Consumer* ReceivingSections::consumer_of(const Section& section) const {
  const auto found = subscriptions_.entries().find(section.consumer_id);
  return found == subscriptions_.entries().end() ? nullptr : found->second.get();
}

void ReceivingSections::drop_consumer(Section& section) {
  subscriptions_.drop(section.consumer_id);
  carry(section, {});
}

}  // namespace sluice::videoroom
