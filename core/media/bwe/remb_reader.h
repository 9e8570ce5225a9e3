#pragma once

#include <optional>

#include "core/base/byte_reader.h"
#include "sluice/data_rate.h"

namespace sluice {

/// Reads the rate of a receiver's own estimate, REMB, draft-alvestrand-rmcat-remb-03 section 2.2.
///
/// @param fci  Feedback control information of a Feedback of kind remb.
/// @return None: truncated, or more SSRCs than the message holds. Rates beyond any network are cut.
[[nodiscard]] std::optional<DataRate> read_remb(Bytes fci) noexcept;

}  // namespace sluice
