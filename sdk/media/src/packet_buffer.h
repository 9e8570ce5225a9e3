#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "rtp_packet.h"
#include "sluice/time.h"
#include "unwrapper.h"

namespace sluice::media {

/// A packet in its turn.
struct OrderedPacket {
  std::vector<std::uint8_t> payload;  ///< empty: a number whose packet is not wanted
  std::int64_t timestamp = 0;         ///< unwrapped
  Instant arrival;
  bool marker = false;
  bool after_gap = false;  ///< packets before it never came
  std::optional<Turn> turn{};
};

/// Brings packets into the order of their numbers. Waits for what is missing, for as long as it is told to and while it
/// has room.
class PacketBuffer {
 public:
  struct Limits {
    Duration patience;
    std::size_t max_packets;
    std::size_t max_bytes;  ///< of payload
  };
  struct Counters {
    std::uint64_t lost = 0;
    std::uint64_t late = 0;  ///< their turn was over, they came twice, or their numbers led nowhere
  };
  /// A jump of the numbers further than this, forwards or back, is followed once a second packet goes on from there
  /// (RFC 3550 appendix A.1). Ten seconds of a busy video.
  static constexpr std::int64_t kMaxJump = 3'000;

  explicit PacketBuffer(const Limits& limits) : limits_{limits} {}

  void insert(const RtpPacket& packet, Instant arrival);
  [[nodiscard]] std::optional<OrderedPacket> next(Instant now);
  void reset();
  [[nodiscard]] std::int64_t unwrap(std::uint32_t timestamp) const noexcept { return timestamps_.peek(timestamp); }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  struct Stray {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    bool marker = false;
    Instant arrival;
    std::vector<std::uint8_t> payload;
    std::optional<Turn> turn{};
  };

  [[nodiscard]] bool is_jump(std::int64_t number) const noexcept;
  void insert_stray(const RtpPacket& packet, Instant arrival);
  void jump_to(const Stray& stray);
  void keep(std::int64_t number, const RtpPacket& packet, Instant arrival);
  void make_room();
  void give_up_gap();
  [[nodiscard]] bool gap_is_old(Instant now);
  [[nodiscard]] OrderedPacket release_first();

  Limits limits_;
  Counters counters_;
  Unwrapper<std::uint16_t> numbers_;
  Unwrapper<std::uint32_t> timestamps_;
  std::map<std::int64_t, OrderedPacket> waiting_;
  std::size_t bytes_ = 0;                 // of payload, that wait
  std::optional<std::int64_t> expected_;  // none: the next packet begins the stream
  bool begun_ = false;                    // a packet has been released since
  bool gap_before_next_ = false;
  std::optional<Instant> gap_seen_;  // when what waits told of the gap before it
  std::optional<Stray> stray_;       // far off; the next one tells whether the stream went there
};

}  // namespace sluice::media
