#include "tests/load/stream_shape.h"

#include <charconv>

namespace sluice::load {
namespace {

constexpr std::uint32_t kMaxRate = 100'000;

template <class Number>
bool take_number(std::string_view& text, Number& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::uint32_t StreamShape::packets_in_burst(std::uint64_t index) const noexcept {
  const auto sent_before = [this](std::uint64_t bursts) { return bursts * packets_per_second / bursts_per_second; };
  return static_cast<std::uint32_t>(sent_before(index + 1) - sent_before(index));
}

std::optional<StreamShape> parse_shape(std::string_view text) noexcept {
  StreamShape shape;
  if (!take_number(text, shape.packets_per_second) || !take(text, 'x') || !take_number(text, shape.payload_size)) {
    return std::nullopt;
  }
  shape.bursts_per_second = shape.packets_per_second;
  if (take(text, '/') && !take_number(text, shape.bursts_per_second)) return std::nullopt;
  if (!text.empty() || shape.packets_per_second == 0 || shape.packets_per_second > kMaxRate) return std::nullopt;
  if (shape.bursts_per_second == 0 || shape.bursts_per_second > shape.packets_per_second) return std::nullopt;
  if (shape.payload_size < kMinPayload || shape.payload_size > kMaxPayload) return std::nullopt;
  return shape;
}

std::string to_string(const StreamShape& shape) {
  return std::to_string(shape.packets_per_second) + "x" + std::to_string(shape.payload_size) + "/" +
         std::to_string(shape.bursts_per_second);
}

}  // namespace sluice::load
