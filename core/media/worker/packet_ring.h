#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/base/copy_bytes.h"
#include "core/media/transport/media_keys.h"
#include "core/media/transport/routed_packet.h"
#include "core/media/worker/receive_batch.h"

namespace sluice {

/// Packets from one worker to another: a bounded queue of fixed slots with one writer thread and one reader thread, no
/// locks and no allocation. A full ring drops the newest packet, as a network would.
class PacketRing {
 public:
  static constexpr std::size_t kSlots = 1024;  // a power of two
  static constexpr std::size_t kBatch = 64;

  struct Label {
    ProducerKey producer;
    std::uint32_t clock_rate = 0;
    std::uint8_t encoding = 0;
    std::uint8_t payload_type = 0;
    PacketLayers layers{};
    std::uint8_t run = 0;
    std::optional<SenderClock> sender_clock{};
  };
  [[nodiscard]] static Label label_of(ProducerKey producer, const RoutedPacket& packet) noexcept {
    return {.producer = producer,
            .clock_rate = packet.clock_rate,
            .encoding = packet.encoding,
            .payload_type = packet.payload_type,
            .layers = packet.layers,
            .run = packet.run,
            .sender_clock = packet.sender_clock};
  }

  PacketRing() : slots_(kSlots) {}
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  /// Writer. False: full, or longer than a datagram can be.
  bool push(const Label& label, Bytes packet) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == kSlots || packet.size() > ReceiveBatch::kMaxDatagram) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    Slot& slot = slots_[tail % kSlots];
    slot.label = label;
    slot.size = packet.size();
    copy_bytes(packet, slot.bytes);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// Reader: calls `visit(const Label&, Bytes)` for each packet that is there, at most kSlots. `open_batch()` gives an
  /// object that stands around up to kBatch visits; when it is gone, so are the packets' bytes.
  template <class Visit, class OpenBatch>
  std::size_t drain(Visit&& visit, OpenBatch&& open_batch) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    const std::size_t tail = tail_.load(std::memory_order_acquire);
    for (std::size_t begin = head; begin != tail;) {
      const std::size_t end = begin + std::min(tail - begin, kBatch);
      {
        [[maybe_unused]] const auto batch = open_batch();
        for (std::size_t i = begin; i != end; ++i) {
          const Slot& slot = slots_[i % kSlots];
          visit(slot.label, Bytes{slot.bytes.data(), slot.size});
        }
      }
      head_.store(end, std::memory_order_release);
      begin = end;
    }
    return tail - head;
  }
  template <class Visit>
  std::size_t drain(Visit&& visit) noexcept {
    return drain(visit, [] { return 0; });
  }

  /// Any thread.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    Label label;
    std::size_t size = 0;
    std::array<std::uint8_t, ReceiveBatch::kMaxDatagram> bytes;
  };

  std::vector<Slot> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};  // apart, so that the two threads do not share a cache line
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace sluice
