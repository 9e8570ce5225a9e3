#pragma once

#include <map>
#include <set>

#include "receiving_sections.h"

namespace sluice::videoroom {

/// A section for each producer: the client's own while there are any, then such as we offer.
class OfferedSections final : public ReceivingSections {
 public:
  using ReceivingSections::ReceivingSections;

  void follow(Transport& transport, const std::vector<SdpReceiving>& sections) override;
  bool update(Transport& transport, SdpSession& session) override;
  void settle(std::span<const std::string> refused) override;
  void roll_back() override;

 private:
  /// The oldest of the kind that nobody carries, or null.
  [[nodiscard]] Publication* next_for(MediaKind kind) const;
  [[nodiscard]] bool is_open(const Publication& publication) const;
  void give_up_vanished(const std::vector<SdpReceiving>& sections);
  void fill(Transport& transport, const SdpReceiving& section);
  bool offer_one(Transport& transport, SdpSession& session, const Publication& publication);
  void forget_refusals();

  /// Producers that this client cannot decode, or does not take.
  std::set<std::string> refused_;
  /// The client's sections that have carried something: a MID is not used twice.
  std::set<std::string> used_;
  /// A section of ours that could not be used, by kind.
  std::map<MediaKind, SdpReceiving> spare_;
};

}  // namespace sluice::videoroom
