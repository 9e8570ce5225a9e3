#pragma once

#include <nice/agent.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/media/ice/full/glib_ptr.h"
#include "core/media/ice/ice_candidate.h"

namespace sluice {

// Between libnice's candidates and ours; inside this folder alone.

using NiceCandidatePtr = GlibPtr<NiceCandidate, nice_candidate_free>;

/// Frees a list of candidates, its elements included.
void free_candidates(GSList* candidates) noexcept;
using NiceCandidateList = GlibPtr<GSList, free_candidates>;

/// @return nullopt for a candidate that nobody can use.
[[nodiscard]] std::optional<IceCandidateInfo> from_nice(const NiceCandidate& candidate);

/// Skips what libnice cannot check: names instead of addresses (mDNS), TCP, port 0, an endless foundation.
[[nodiscard]] NiceCandidateList to_nice(std::span<const IceCandidateInfo> candidates, unsigned stream_id);

}  // namespace sluice
