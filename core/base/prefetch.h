#pragma once

#include <cstddef>

namespace sluice {

inline constexpr std::size_t kCacheLine = 64;

/// Asks for the memory of an object that will be used soon, so that it need not be waited for then. Never faults.
inline void prefetch(const void* object, std::size_t bytes = kCacheLine) noexcept {
  const auto* at = static_cast<const char*>(object);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(at + i);
}

}  // namespace sluice
