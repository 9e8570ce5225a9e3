#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/time.h"
#include "tests/load/rtp_dump.h"

namespace sluice::load {

/// A stream that was recorded, to be sent again as it was: payloads by frame, at the pace of its RTP timestamps.
struct Recording {
  struct Packet {
    std::vector<std::uint8_t> payload;  ///< kMinPayload bytes at least; shorter ones are filled up
    bool marker = false;
  };
  struct Frame {
    std::vector<Packet> packets;
    Duration until_next{};
  };
  std::vector<Frame> frames;

  [[nodiscard]] Duration length() const noexcept;
  [[nodiscard]] std::size_t packet_count() const noexcept;
};

/// The stream with the most bytes among these, in order of its sequence numbers.
/// @throws std::runtime_error where there is none of two frames at least.
[[nodiscard]] Recording make_recording(const std::vector<DumpedPacket>& packets, std::uint32_t clock_rate);

/// @throws std::runtime_error that names the file and what is wrong with it.
[[nodiscard]] Recording load_recording(const std::string& path, std::uint32_t clock_rate);

/// Keeps what one subscriber receives, in memory until it is saved.
class Recorder {
 public:
  void note(Bytes packet, Instant now);
  /// @throws std::runtime_error where the file cannot be written.
  void save(const std::string& path) const;
  [[nodiscard]] std::size_t packets() const noexcept { return packets_; }

 private:
  static constexpr std::size_t kMostBytes = std::size_t{1} << 30;

  std::vector<std::uint8_t> file_ = rtp_dump_head();
  Instant begin_{};
  std::size_t packets_ = 0;
};

}  // namespace sluice::load
