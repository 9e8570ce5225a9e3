#pragma once

#include <cstdint>

#include "sluice/media_types.h"

namespace sluice {

/// How control thread and workers call each other's objects: numbers that are never used again, so that a message
/// about something that has just closed finds nothing.
using TransportKey = StrongNumber<struct TransportKeyTag, std::uint64_t>;
using ProducerKey = StrongNumber<struct ProducerKeyTag, std::uint64_t>;
using ConsumerKey = StrongNumber<struct ConsumerKeyTag, std::uint64_t>;

/// Position of a worker among all of the gateway.
using WorkerIndex = StrongNumber<struct WorkerIndexTag, std::uint8_t>;

}  // namespace sluice
