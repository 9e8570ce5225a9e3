#include "core/media/ortc/scalability_mode.h"

namespace sluice::ortc {
namespace {

constexpr std::uint8_t kMaxLayers = 8;

std::optional<std::uint8_t> layers(char digit) noexcept {
  if (digit < '1' || digit > static_cast<char>('0' + kMaxLayers)) return std::nullopt;
  return static_cast<std::uint8_t>(digit - '0');
}

}  // namespace

std::optional<ScalabilityMode> parse_scalability_mode(std::string_view text) noexcept {
  constexpr std::size_t kShortest = 4;  // L1T1
  if (text.size() < kShortest || (text[0] != 'L' && text[0] != 'S') || text[2] != 'T') return std::nullopt;
  const auto spatial = layers(text[1]);
  const auto temporal = layers(text[3]);
  if (!spatial || !temporal) return std::nullopt;

  std::string_view rest = text.substr(kShortest);
  if (rest.starts_with('h')) rest.remove_prefix(1);  // 1.5:1 between spatial layers instead of 2:1
  if (!rest.empty() && rest != "_KEY" && rest != "_KEY_SHIFT") return std::nullopt;
  return ScalabilityMode{.spatial_layers = *spatial,
                         .temporal_layers = *temporal,
                         .independent_layers = text[0] == 'S',
                         .key_frames_only = !rest.empty()};
}

}  // namespace sluice::ortc
