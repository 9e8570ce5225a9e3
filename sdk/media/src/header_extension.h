#pragma once

#include <cstdint>
#include <optional>

#include "byte_reader.h"

namespace sluice::media {

/// The element `id` of an RTP packet's header extension, RFC 8285; nothing where it has none, or where what is before
/// it cannot be read. `profile` tells the form, `elements` is all behind it.
[[nodiscard]] std::optional<Bytes> find_element(std::uint16_t profile, Bytes elements, std::uint8_t id) noexcept;

}  // namespace sluice::media
