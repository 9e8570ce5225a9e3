#include "core/media/rtp/extension_block.h"

namespace sluice {
namespace {

constexpr ExtensionForm form_of(std::uint16_t profile) noexcept {
  if (profile == kOneByteProfile) return ExtensionForm::one_byte;
  if ((profile & 0xfff0) == kTwoByteProfile) return ExtensionForm::two_byte;
  return ExtensionForm::other;
}

constexpr Bytes skip_padding(Bytes rest) noexcept {
  while (!rest.empty() && rest.front() == 0) rest = rest.subspan(1);
  return rest;
}

}  // namespace

std::optional<ExtensionElement> ExtensionCursor::next() noexcept {
  if (form_ == ExtensionForm::other) return std::nullopt;
  rest_ = skip_padding(rest_);
  if (rest_.empty()) return std::nullopt;
  return form_ == ExtensionForm::one_byte ? next_one_byte() : next_two_byte();
}

// RFC 8285 section 4.2:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+------------------+
//  |  ID   |  len  | len + 1 bytes    |
//  +-+-+-+-+-+-+-+-+------------------+
std::optional<ExtensionElement> ExtensionCursor::next_one_byte() noexcept {
  const auto id = static_cast<std::uint8_t>(rest_.front() >> 4);
  const std::size_t data_size = (rest_.front() & 0x0f) + std::size_t{1};
  if (id == kStopId || id == 0) {
    // Section 4.2: after id 15, section 4.1.2: after id 0 with a length, processing of the whole block ends.
    rest_ = {};
    return std::nullopt;
  }
  return take(id, 1, data_size);
}

// RFC 8285 section 4.3:
//   0                   1
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-----------+
//  |       ID      |     length    | len bytes |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-----------+
std::optional<ExtensionElement> ExtensionCursor::next_two_byte() noexcept {
  const std::size_t data_size = rest_.size() < 2 ? 0 : rest_[1];
  return take(rest_.front(), 2, data_size);
}

std::optional<ExtensionElement> ExtensionCursor::take(std::uint8_t id, std::size_t header_size,
                                                      std::size_t data_size) noexcept {
  if (rest_.size() < header_size + data_size) {
    failed_ = true;
    rest_ = {};
    return std::nullopt;
  }
  const Bytes data = rest_.subspan(header_size, data_size);
  rest_ = rest_.subspan(header_size + data_size);
  return ExtensionElement{.id = id, .data = data};
}

Result<ExtensionBlock, RtpError> ExtensionBlock::parse(std::uint16_t profile, Bytes data) noexcept {
  const ExtensionForm form = form_of(profile);
  ExtensionCursor cursor{form, data};
  while (cursor.next().has_value()) {
  }
  if (cursor.failed()) return RtpError::bad_extension;
  return ExtensionBlock{form, data};
}

std::optional<Bytes> ExtensionBlock::find(std::uint8_t id) const noexcept {
  for (const ExtensionElement& element : *this) {
    if (element.id == id) return element.data;
  }
  return std::nullopt;
}

}  // namespace sluice
