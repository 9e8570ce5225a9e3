#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "program/program_clock.h"
#include "sluice/media/frame.h"
#include "sluice/media/media_file.h"

namespace sluice::livestream {

/// A frame of H264 that goes out as it came. Its pts grow.
struct PassedFrame {
  std::vector<std::uint8_t> data{};
  MediaTime pts{};  ///< of the program
  bool key_frame = false;
  std::optional<media::TrackFormat> format{};  ///< of key frames whose parameter sets can be read
};

/// How the program is, apart from what is coded.
struct ProgramState {
  std::int64_t dropped_frames = 0;  ///< in all
  std::int64_t lost_packets = 0;    ///< in all
  std::int64_t sources = 0;
  bool passthrough = false;
};

/// What one tick of the program makes, to be coded.
struct ProgramMoment {
  MediaTime at{};               ///< of the program
  media::VideoFrame picture{};  ///< empty: there is none, it goes as it came or is left out
  bool key_frame = false;       ///< somebody waits for one
  std::vector<PassedFrame> passed{};
  media::AudioBlock sound{};  ///< goes on where the moment's before ended
  ProgramState state{};
};

}  // namespace sluice::livestream
