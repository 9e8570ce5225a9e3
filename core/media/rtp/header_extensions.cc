#include "core/media/rtp/header_extensions.h"

#include <algorithm>

#include "core/media/rtp/extension_block.h"

namespace sluice {
namespace {

/// In the order of HeaderExtension.
constexpr std::array<std::string_view, kHeaderExtensionCount> kUris{
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:3gpp:video-orientation",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
};
static_assert(static_cast<std::size_t>(HeaderExtension::abs_capture_time) + 1 == kUris.size());

constexpr std::size_t index_of(HeaderExtension extension) noexcept { return static_cast<std::size_t>(extension); }

}  // namespace

std::string_view uri(HeaderExtension extension) noexcept { return kUris[index_of(extension)]; }

std::optional<HeaderExtension> header_extension_from_uri(std::string_view uri) noexcept {
  const auto* const found = std::find(kUris.begin(), kUris.end(), uri);
  if (found == kUris.end()) return std::nullopt;
  return static_cast<HeaderExtension>(found - kUris.begin());
}

Result<Ok, ExtensionMapError> HeaderExtensionMap::add(HeaderExtension extension, std::uint8_t id) noexcept {
  if (id == 0 || id == kStopId) return ExtensionMapError::bad_id;
  std::uint8_t& mapped = ids_[index_of(extension)];
  if (mapped == id) return Ok{};
  if (mapped != 0) return ExtensionMapError::already_mapped;
  if (extension_of(id).has_value()) return ExtensionMapError::id_taken;
  mapped = id;
  return Ok{};
}

std::optional<std::uint8_t> HeaderExtensionMap::id_of(HeaderExtension extension) const noexcept {
  const std::uint8_t id = ids_[index_of(extension)];
  if (id == 0) return std::nullopt;
  return id;
}

std::optional<HeaderExtension> HeaderExtensionMap::extension_of(std::uint8_t id) const noexcept {
  const auto* const found = std::find(ids_.begin(), ids_.end(), id);
  if (id == 0 || found == ids_.end()) return std::nullopt;
  return static_cast<HeaderExtension>(found - ids_.begin());
}

}  // namespace sluice
