#pragma once

#include <cstdint>
#include <vector>

#include "tests/load/doors/door.h"
#include "tests/load/options.h"
#include "tests/load/source_table.h"

namespace sluice::load {

/// Who joins, in this order, and what they send.
struct Plan {
  SourceTable sources;
  std::vector<Participant> senders;    ///< send alone
  std::vector<Participant> receivers;  ///< receive; those of `--participants` send, too
};

/// With a ramp there are as many receivers as its last step has.
/// @param recording  Published in place of the video's shape; none: null. Outlives the plan.
[[nodiscard]] Plan make_plan(const Options& options, const Recording* recording = nullptr);

/// Packets of the measured window that the first `receivers` receivers should have got: for each, all that others have
/// sent in its room.
[[nodiscard]] std::uint64_t expected_packets(const Plan& plan, std::size_t receivers);
/// Streams that they should get: one of each track, whatever its layers.
[[nodiscard]] std::uint64_t expected_streams(const Plan& plan, std::size_t receivers);

}  // namespace sluice::load
