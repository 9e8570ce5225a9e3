#pragma once

#include "core/base/random.h"

namespace sluice {

/// The operating system's random bytes, by way of OpenSSL's generator. Any thread. Ends the process where there is no
/// randomness: going on without it would give guessable names and keys.
[[nodiscard]] FillRandom system_random();

}  // namespace sluice
