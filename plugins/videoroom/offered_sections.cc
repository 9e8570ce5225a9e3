#include "offered_sections.h"

#include <algorithm>

#include "live_room.h"
#include "publications.h"

namespace sluice::videoroom {

void OfferedSections::follow(Transport& transport, const std::vector<SdpReceiving>& sections) {
  spare_.clear();  // it may be one of these
  give_up_vanished(sections);
  try {
    for (const SdpReceiving& section : sections) {
      if (find(section.mid) == nullptr && !used_.contains(section.mid)) fill(transport, section);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::limit_exceeded) throw;  // the rest of the sections stays empty
  }
}

void OfferedSections::give_up_vanished(const std::vector<SdpReceiving>& sections) {
  const auto is_there = [&](const std::string& mid) {
    return std::ranges::find(sections, mid, &SdpReceiving::mid) != sections.end();
  };
  drop_if([&](const Section& section) {
    if (is_there(section.mid)) return false;
    refused_.insert(section.producer_id);
    return true;
  });
  std::erase_if(used_, [&](const std::string& mid) { return !is_there(mid); });
}

void OfferedSections::fill(Transport& transport, const SdpReceiving& section) {
  while (const Publication* publication = next_for(section.kind)) {
    if (add(transport, section, publication, /*paused=*/false) != nullptr) {
      used_.insert(section.mid);
      return;
    }
    refused_.insert(publication->producer->id());
  }
}

Publication* OfferedSections::next_for(MediaKind kind) const {
  for (Publication* publication : wanted()) {
    if (publication->producer->kind() == kind && is_open(*publication)) return publication;
  }
  return nullptr;
}

bool OfferedSections::is_open(const Publication& publication) const {
  const std::string& id = publication.producer->id();
  return !is_carried(id) && !refused_.contains(id);
}

bool OfferedSections::update(Transport& transport, SdpSession& session) {
  bool changed = drop_if([this](const Section& section) { return is_over(section.producer_id); });
  forget_refusals();
  try {
    for (const Publication* publication : wanted()) {
      if (is_open(*publication) && offer_one(transport, session, *publication)) changed = true;
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::limit_exceeded) throw;  // what does not fit is tried again at the next change
  }
  return changed;
}

// Paused until the client knows the section: it would throw away the key frame that the video starts with.
bool OfferedSections::offer_one(Transport& transport, SdpSession& session, const Publication& publication) {
  const MediaKind kind = publication.producer->kind();
  const auto spare = spare_.find(kind);
  SdpReceiving wanted = spare != spare_.end() ? spare->second : session.next_section(kind);
  spare_.insert_or_assign(kind, wanted);
  Section* section = add(transport, wanted, &publication, /*paused=*/true);
  if (section == nullptr) {
    refused_.insert(publication.producer->id());
    return false;
  }
  section->waits_for_answer = true;
  spare_.erase(kind);
  return true;
}

void OfferedSections::settle(std::span<const std::string> refused) {
  spare_.clear();  // the session has made of it what it likes
  drop_if([&](const Section& section) {
    if (std::ranges::find(refused, section.mid) == refused.end()) return false;
    refused_.insert(section.producer_id);
    return true;
  });
  for (Section& section : sections()) {
    if (!std::exchange(section.waits_for_answer, false)) continue;
    if (Consumer* consumer = consumer_of(section)) consumer->resume();
  }
}

void OfferedSections::roll_back() {
  spare_.clear();
  drop_if([](const Section& section) { return section.waits_for_answer; });
}

void OfferedSections::forget_refusals() {
  std::erase_if(refused_,
                [this](const std::string& id) { return member().live_room().find_publication(id) == nullptr; });
}

}  // namespace sluice::videoroom
