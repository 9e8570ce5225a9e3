#pragma once

#include <map>
#include <set>
#include <string>

#include "core/media/transport/media_keys.h"
#include "sluice/ortc.h"

namespace sluice {

/// The SSRCs and MIDs that the producers of one transport have claimed: two of the same would make packets ambiguous.
class StreamNames {
 public:
  /// Throws Error{conflict} that names what is taken; nothing is claimed then.
  void claim(ProducerKey producer, const RtpParameters& parameters);
  void release(ProducerKey producer) noexcept { claims_.erase(producer); }

 private:
  struct Claim {
    std::set<Ssrc> ssrcs;
    std::string mid;
  };
  void demand_free(const Claim& wanted) const;

  std::map<ProducerKey, Claim> claims_;
};

}  // namespace sluice
