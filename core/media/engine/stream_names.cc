#include "core/media/engine/stream_names.h"

#include "sluice/error.h"

namespace sluice {

void StreamNames::demand_free(const Claim& wanted) const {
  for (const auto& [producer, claim] : claims_) {
    if (!wanted.mid.empty() && wanted.mid == claim.mid) {
      throw Error{ErrorCode::conflict,
                  "another producer of this transport has the mid '" + wanted.mid + "'",
                  {{"path", "rtpParameters.mid"}}};
    }
    for (const Ssrc ssrc : wanted.ssrcs) {
      if (!claim.ssrcs.contains(ssrc)) continue;
      throw Error{ErrorCode::conflict,
                  "another producer of this transport sends with SSRC " + std::to_string(ssrc.value()),
                  {{"path", "rtpParameters.encodings"}}};
    }
  }
}

void StreamNames::claim(ProducerKey producer, const RtpParameters& parameters) {
  Claim wanted{.ssrcs = {}, .mid = parameters.mid.value_or("")};
  for (const RtpEncodingParameters& encoding : parameters.encodings) {
    if (encoding.ssrc) wanted.ssrcs.insert(*encoding.ssrc);
    if (encoding.rtx) wanted.ssrcs.insert(encoding.rtx->ssrc);
  }
  demand_free(wanted);
  claims_.emplace(producer, std::move(wanted));
}

}  // namespace sluice
