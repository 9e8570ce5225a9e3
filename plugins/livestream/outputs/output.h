#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sluice/media/packet.h"
#include "stream_job.h"

namespace sluice::livestream {

/// What an output needs to know before packets.
struct ProgramFormat {
  media::TrackFormat video;  ///< H264; Packet::track 0
  media::TrackFormat audio;  ///< AAC; Packet::track 1
};
using ProgramFormatPtr = std::shared_ptr<const ProgramFormat>;

inline constexpr std::size_t kVideoTrack = 0;
inline constexpr std::size_t kAudioTrack = 1;

/// One coded frame of the program, shared by all outputs. Times begin at 0 with the program and grow, per track; those
/// of both tracks lie on one clock, the real one.
struct ProgramPacket {
  media::Packet packet;
  ProgramFormatPtr format;     ///< another one than the packet's before: begins with a key frame
  bool segment_start = false;  ///< a key frame of video at which a segment is to begin
};
using ProgramPacketPtr = std::shared_ptr<const ProgramPacket>;

/// Where the program goes. What one output does, or fails to do, is no matter of the others.
class Output {
 public:
  virtual ~Output() = default;
  /// Takes it over and returns at once: what waits is bounded, what is too much is dropped up to a key frame.
  /// @note One thread: the encoder's.
  virtual void put(const ProgramPacketPtr& packet) = 0;
  /// Sends what waits, within some seconds, and says goodbye. Once.
  virtual void finish() = 0;
};

}  // namespace sluice::livestream
