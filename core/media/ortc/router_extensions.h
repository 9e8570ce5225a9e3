#pragma once

#include <vector>

#include "sluice/ortc.h"

namespace sluice::ortc {

/// The header extensions that every router offers, always with the same ids, so that packets of one producer can go to
/// any consumer.
[[nodiscard]] const std::vector<RtpHeaderExtensionCapability>& router_header_extensions();

}  // namespace sluice::ortc
