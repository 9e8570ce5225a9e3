#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/tally.h"
#include "core/media/worker/packet_output.h"
#include "core/media/worker/udp_socket.h"

namespace sluice {

/// Of datagrams in one message or system call, and of messages in one system call.
inline constexpr std::array<double, 7> kBatchSizes{1, 2, 4, 8, 16, 32, 64};

/// The datagrams of one round of a worker's loop. At flush, packets to one destination that are of equal size leave as
/// one message (UDP GSO), which costs the kernel little more than one packet, and many messages leave in one system
/// call.
/// Order within a destination is kept. Allocates nothing after construction.
class SendBatch final : public PacketOutput {
 public:
  /// Past that many the batch leaves early. Their buffers should stay in a core's second-level cache.
  static constexpr std::size_t kPackets = 256;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t messages = 0;           ///< that they left in; a message has one destination
    std::uint64_t system_calls = 0;       ///< that took the messages
    std::uint64_t dropped = 0;            ///< refused by the kernel: its buffer is full, or there is no route
    Tally<kBatchSizes> in_message{};      ///< packets
    Tally<kBatchSizes> in_system_call{};  ///< messages
  };

  /// `sockets` outlive the batch.
  explicit SendBatch(std::span<const UdpSocket> sockets);

  [[nodiscard]] MutableBytes acquire() noexcept override;
  void commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept override;
  void flush() noexcept;
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  static constexpr std::uint16_t kNone = 0xffff;
  static constexpr std::size_t kMessages = 64;  // of one system call
  static constexpr std::size_t kRecent = 256;

  // Its bytes stand in the slot of its own index.
  struct Packet {
    SocketAddress to;
    std::uint16_t size;
    std::uint16_t next = kNone;  // to the same destination
    std::uint8_t socket;
  };
  struct Message {
    std::uint16_t first;  // packet
    std::uint16_t count;
  };
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };

  [[nodiscard]] static bool same_destination(const Packet& a, const Packet& b) noexcept;
  void link(std::uint16_t index) noexcept;
  [[nodiscard]] Message message_from(std::uint16_t first) const noexcept;
  void add_message(const Message& message) noexcept;
  void send_messages() noexcept;
  void refused(const Message& message) noexcept;
  [[nodiscard]] bool send_one(std::uint16_t packet) noexcept;
  [[nodiscard]] MutableBytes slot(std::size_t index) noexcept;

  std::span<const UdpSocket> sockets_;
  std::vector<std::uint8_t> slab_;
  std::vector<Packet> packets_;
  std::vector<std::uint16_t> heads_;           // the first packet of each destination, in their order
  std::array<std::uint16_t, kRecent> recent_;  // by the destination's hash: a packet of its chain
  std::array<mmsghdr, kMessages> headers_{};
  std::array<Message, kMessages> messages_{};
  std::array<Control, kMessages> controls_{};
  std::array<iovec, kPackets> vectors_{};
  std::size_t message_count_ = 0;
  std::size_t vector_count_ = 0;
  bool gso_ = true;
  Counters counters_;
};

}  // namespace sluice
