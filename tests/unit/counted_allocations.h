#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

// Counts what its executable allocates: replaces the global operator new. Included by one file of an executable only.

namespace sluice::test {

inline std::atomic<std::size_t> allocations{0};

inline void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}

}  // namespace sluice::test

// GCC sees malloc and free in these and thinks that they do not belong together.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size) { return sluice::test::counted(size); }
void* operator new[](std::size_t size) { return sluice::test::counted(size); }
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  sluice::test::allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
#pragma GCC diagnostic pop
