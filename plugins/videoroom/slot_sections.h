#pragma once

#include "receiving_sections.h"

namespace sluice::videoroom {

/// The sections of a client that takes no offers: slots, whose producers come and go. A slot keeps its producer for as
/// long as that one lasts; an empty one gets the oldest that nobody shows, of the participant whose other half is
/// shown already where there is one.
class SlotSections final : public ReceivingSections {
 public:
  using ReceivingSections::ReceivingSections;

  void follow(Transport& transport, const std::vector<SdpReceiving>& sections) override;
  bool update(Transport& transport, SdpSession& session) override;

 private:
  void empty(Section& slot);
  void fill(Section& slot, const std::vector<Publication*>& all);
  [[nodiscard]] std::vector<Publication*> candidates(const Section& slot, const std::vector<Publication*>& all) const;
};

}  // namespace sluice::videoroom
