#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media/codec.h"

namespace sluice::media {

/// One coded frame, as files hold them and coders take them.
struct Packet {
  std::size_t track = 0;             ///< of a file; 0 where there is one only
  std::vector<std::uint8_t> data{};  ///< of H264 in Annex B's form
  MediaTime pts{};                   ///< when it is shown
  MediaTime dts{};                   ///< when it is decoded; pts where nothing is reordered
  MediaTime duration{};              ///< zero: not known
  bool key_frame = false;
};

/// What a decoder or a file needs to know of a track.
struct TrackFormat {
  Codec codec = Codec::h264;
  Size size{};                            ///< of video
  int sample_rate = 48'000;               ///< Hz, of audio
  int channels = 2;                       ///< of audio
  std::vector<std::uint8_t> extradata{};  ///< as FFmpeg has it: parameter sets in Annex B's form, OpusHead; or empty
  std::string title{};                    ///< for people
  int padding = 0;                        ///< samples of audio that its encoder put in front; the pts tell as well
};

}  // namespace sluice::media
