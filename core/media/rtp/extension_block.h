#pragma once

#include <cstdint>
#include <iterator>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/rtp/rtp_error.h"
#include "sluice/result.h"

namespace sluice {

/// One header extension: the id that the session negotiated for it, and its bytes.
struct ExtensionElement {
  std::uint8_t id = 0;
  Bytes data{};
};

/// How the elements of an extension block are framed, RFC 8285 sections 4.2 and 4.3.
enum class ExtensionForm : std::uint8_t {
  one_byte,  ///< profile 0xBEDE: ids 1 to 14, 1 to 16 bytes each
  two_byte,  ///< profile 0x1000 to 0x100F: ids 1 to 255, 0 to 255 bytes each
  other      ///< another profile's block: carried, but it holds no elements for us
};

inline constexpr std::uint16_t kOneByteProfile = 0xbede;
inline constexpr std::uint16_t kTwoByteProfile = 0x1000;  ///< the lower 4 bits are the application's
/// Reserved in the one-byte form: whatever follows it is not looked at.
inline constexpr std::uint8_t kStopId = 15;
inline constexpr std::size_t kMaxOneByteData = 16;
inline constexpr std::size_t kMaxTwoByteData = 255;

/// Steps through the elements of a block.
class ExtensionCursor {
 public:
  constexpr ExtensionCursor() noexcept = default;
  constexpr ExtensionCursor(ExtensionForm form, Bytes data) noexcept : rest_{data}, form_{form} {}

  /// The next element; none at the end, and none where a length runs past the block: failed() tells them apart.
  std::optional<ExtensionElement> next() noexcept;
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::optional<ExtensionElement> take(std::uint8_t id, std::size_t header_size, std::size_t data_size) noexcept;
  std::optional<ExtensionElement> next_one_byte() noexcept;
  std::optional<ExtensionElement> next_two_byte() noexcept;

  Bytes rest_;
  ExtensionForm form_ = ExtensionForm::other;
  bool failed_ = false;
};

/// The header extension of a packet, validated as a whole; a range of its elements. Borrows the packet's bytes.
class ExtensionBlock {
 public:
  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = ExtensionElement;

    Iterator() noexcept = default;
    explicit Iterator(ExtensionCursor cursor) noexcept : cursor_{cursor}, current_{cursor_.next()} {}
    const ExtensionElement& operator*() const noexcept { return *current_; }
    const ExtensionElement* operator->() const noexcept { return &*current_; }
    Iterator& operator++() noexcept {
      current_ = cursor_.next();
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return !at.current_.has_value(); }

   private:
    ExtensionCursor cursor_;
    std::optional<ExtensionElement> current_;
  };

  constexpr ExtensionBlock() noexcept = default;
  static Result<ExtensionBlock, RtpError> parse(std::uint16_t profile, Bytes data) noexcept;

  [[nodiscard]] ExtensionForm form() const noexcept { return form_; }
  [[nodiscard]] Iterator begin() const noexcept { return Iterator{ExtensionCursor{form_, data_}}; }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }
  /// The first element of this id.
  [[nodiscard]] std::optional<Bytes> find(std::uint8_t id) const noexcept;

 private:
  constexpr ExtensionBlock(ExtensionForm form, Bytes data) noexcept : data_{data}, form_{form} {}

  Bytes data_;
  ExtensionForm form_ = ExtensionForm::other;
};

}  // namespace sluice
