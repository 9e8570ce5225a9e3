#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media/media_file.h"
#include "sluice/media/packet.h"

namespace sluice::media {

/// Fragmented MP4 in memory (ISO/IEC 14496-12, CMAF where the codecs allow it): for HLS (RFC 8216 section 3.3), whose
/// segments and parts are pieces of one such stream.
/// @note One thread at a time. MediaError where FFmpeg refuses.
class FragmentWriter {
 public:
  /// Of all tracks one piece; `Packet::track` counts them. Their extradata must be known.
  explicit FragmentWriter(const std::vector<TrackFormat>& tracks);
  FragmentWriter(FragmentWriter&&) noexcept;
  FragmentWriter& operator=(FragmentWriter&&) noexcept;
  ~FragmentWriter();

  /// What a player needs before any piece: `ftyp` and `moov`.
  [[nodiscard]] const std::vector<std::uint8_t>& initialisation() const noexcept;
  /// Into the piece that cut() will give. Of each track in the order of their dts, which are not negative.
  /// @param duration  Of the packet, where it is better known than Packet::duration.
  void write(const Packet& packet, std::optional<MediaTime> duration = std::nullopt);
  /// What was written since the last one: `moof` and `mdat`, with times that go on from piece to piece as the packets'
  /// do. Empty where nothing was.
  [[nodiscard]] std::vector<std::uint8_t> cut();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// RFC 6381's name of what is in a track: `avc1.64001f`, `mp4a.40.2`. Nothing where the format does not tell.
[[nodiscard]] std::optional<std::string> codecs_parameter(const TrackFormat& format);

}  // namespace sluice::media
