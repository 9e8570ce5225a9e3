#pragma once

#include <cassert>
#include <cstddef>
#include <iterator>

#include "core/base/byte_reader.h"

namespace sluice {

/// A read-only array of fixed-size records that lie one after the other in a packet; each is decoded when it is asked
/// for, so that looking at a list costs no allocation.
///
/// `kDecode` gets exactly `kRecordSize` bytes. The bytes are borrowed: they must outlive the array.
template <class T, std::size_t kRecordSize, T (*kDecode)(Bytes) noexcept>
class WireArray {
 public:
  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = T;

    constexpr Iterator() noexcept = default;
    constexpr explicit Iterator(Bytes rest) noexcept : rest_{rest} {}
    constexpr T operator*() const noexcept { return kDecode(rest_.first(kRecordSize)); }
    constexpr Iterator& operator++() noexcept {
      rest_ = rest_.subspan(kRecordSize);
      return *this;
    }
    constexpr void operator++(int) noexcept { ++*this; }
    friend constexpr bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return at.rest_.empty(); }

   private:
    Bytes rest_;
  };

  constexpr WireArray() noexcept = default;
  /// Bytes after the last whole record are left out.
  constexpr explicit WireArray(Bytes wire) noexcept : wire_{wire.first(wire.size() / kRecordSize * kRecordSize)} {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return wire_.size() / kRecordSize; }
  [[nodiscard]] constexpr bool empty() const noexcept { return wire_.empty(); }
  [[nodiscard]] constexpr T operator[](std::size_t index) const noexcept {
    assert(index < size());
    return kDecode(wire_.subspan(index * kRecordSize, kRecordSize));
  }
  [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator{wire_}; }
  [[nodiscard]] constexpr std::default_sentinel_t end() const noexcept { return {}; }
  /// The records as they stand in the packet.
  [[nodiscard]] constexpr Bytes wire() const noexcept { return wire_; }

 private:
  Bytes wire_;
};

}  // namespace sluice
