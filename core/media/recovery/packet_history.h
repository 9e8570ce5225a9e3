#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// The last packets of one stream, to send them again: a ring of bytes, bounded by age and by size, in which a packet
/// is found by its sequence number at once.
///
/// The ring takes memory with the first packet and doubles, up to its bound, while it holds less than the age; it
/// halves when that is more than enough. Storing a packet is one copy.
/// @note Worker thread only; allocates nothing once the stream's rate is steady.
class PacketHistory {
 public:
  struct Limits {
    std::size_t min_bytes;  ///< powers of two
    std::size_t max_bytes;
    Duration max_age;  ///< older packets are not found: no receiver still waits for them
  };
  /// 16 Mbit/s for a second.
  static constexpr Limits kVideo{.min_bytes = 1U << 16, .max_bytes = 1U << 21, .max_age = std::chrono::seconds{1}};
  /// Receivers hold sound back for a fraction of a second only.
  static constexpr Limits kAudio{
      .min_bytes = 1U << 13, .max_bytes = 1U << 15, .max_age = std::chrono::milliseconds{500}};
  /// A stream that is silent for so long needs no memory.
  static constexpr Duration kIdle = std::chrono::seconds{5};
  /// Longer than any datagram that is received; what is longer is not stored.
  static constexpr std::size_t kMaxPacket = 2048;

  /// What is kept with a packet's bytes, as it does not stand in them.
  struct Label {
    PacketLayers layers;
    std::uint32_t clock_rate = 0;
    std::uint8_t payload_type = 0;  ///< the router's
  };
  /// Borrows the ring's bytes: valid until the next call that is not const.
  struct Found {
    Bytes packet;
    Label label;
  };

  explicit PacketHistory(const Limits& limits) noexcept : limits_{limits} {}

  void store(Bytes packet, RtpSequence sequence, const Label& label, Instant now);
  /// None: never stored, too old, or written over.
  [[nodiscard]] std::optional<Found> find(RtpSequence sequence, Instant now) const noexcept;

  /// The numbers mean something else from now on: nothing that was stored is found.
  void clear() noexcept;
  /// As clear(), and gives the memory back.
  void release() noexcept;
  /// If nothing was stored for kIdle. Call now and then.
  void release_if_idle(Instant now) noexcept;
  /// Bytes of the ring; 0: nothing is held.
  [[nodiscard]] std::size_t capacity() const noexcept { return ring_.size(); }

 private:
  /// Stands before the packet's bytes in the ring.
  struct Record {
    Instant at;
    Label label;
    RtpSequence sequence;
    std::uint16_t size = 0;
  };
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
  /// The ring's bytes for one entry of the index: less than any record.
  static constexpr std::size_t kBytesPerEntry = 128;

  [[nodiscard]] bool holds(std::uint64_t position) const noexcept {
    return position < head_ && head_ - position <= ring_.size();
  }
  [[nodiscard]] Record record_at(std::uint64_t position) const noexcept;
  [[nodiscard]] std::uint64_t& entry(RtpSequence sequence) noexcept { return index_[sequence.value() % index_.size()]; }
  void begin_lap(Instant now);
  void resize(std::size_t capacity);

  Limits limits_;
  std::vector<std::uint8_t> ring_;
  /// By sequence number modulo size: where the record begins, counted from the first byte ever written. Modulo the
  /// ring's size that is the place in it.
  std::vector<std::uint64_t> index_;
  std::uint64_t head_ = 0;  // of the next record
  Instant lap_began_{};     // when the oldest byte of the ring was written, or later
  Instant newest_at_{};
};

}  // namespace sluice
