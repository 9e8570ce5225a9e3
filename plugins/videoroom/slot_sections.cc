#include "slot_sections.h"

#include <algorithm>
#include <set>

#include "live_room.h"
#include "publications.h"

namespace sluice::videoroom {

void SlotSections::follow(Transport& transport, const std::vector<SdpReceiving>& described) {
  drop_if([&](const Section& slot) {
    return std::ranges::find(described, slot.mid, &SdpReceiving::mid) == described.end();
  });
  for (const SdpReceiving& section : described) {
    if (find(section.mid) != nullptr) continue;
    if (Section* slot = add(transport, section, nullptr, /*paused=*/false)) slot->stream_id = member().live_room().id();
  }
  const std::vector<Publication*> all = wanted();
  for (Section& slot : sections()) fill(slot, all);
}

bool SlotSections::update(Transport& /*transport*/, SdpSession& /*session*/) {
  for (Section& slot : sections()) {
    if (!slot.producer_id.empty() && is_over(slot.producer_id)) empty(slot);
  }
  const std::vector<Publication*> all = wanted();
  for (Section& slot : sections()) fill(slot, all);
  return false;
}

void SlotSections::empty(Section& slot) {
  carry(slot, {});
  if (Consumer* consumer = consumer_of(slot)) consumer->set_producer({});
}

void SlotSections::fill(Section& slot, const std::vector<Publication*>& all) {
  Consumer* consumer = slot.producer_id.empty() ? consumer_of(slot) : nullptr;
  if (consumer == nullptr) return;
  for (const Publication* publication : candidates(slot, all)) {
    try {
      consumer->set_producer(publication->producer->id());
      carry(slot, publication->producer->id());
      return;
    } catch (const Error&) {
      // This client does not decode it: the next one may do.
    }
  }
}

std::vector<Publication*> SlotSections::candidates(const Section& slot, const std::vector<Publication*>& all) const {
  std::set<std::string> shown;  // participants of whom there is a section already
  for (const Publication* publication : all) {
    if (is_carried(publication->producer->id())) shown.insert(publication->participant_id);
  }
  std::vector<Publication*> out;
  for (Publication* publication : all) {
    const Producer& producer = *publication->producer;
    if (producer.kind() == slot.kind && !is_carried(producer.id())) out.push_back(publication);
  }
  std::ranges::stable_partition(
      out, [&](const Publication* publication) { return shown.contains(publication->participant_id); });
  return out;
}

}  // namespace sluice::videoroom
