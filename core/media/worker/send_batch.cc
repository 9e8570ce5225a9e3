#include "core/media/worker/send_batch.h"

#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/media/transport/packet_path.h"

namespace sluice {

namespace {

constexpr std::size_t kSlotSize = PacketPath::kMaxDatagram;
// The kernel takes 64 segments and 64 KiB in one message.
constexpr std::size_t kMaxSegments = 44;
static_assert(kMaxSegments * kSlotSize < 65'000);

bool same_destination(const auto& a, const auto& b) noexcept {
  return a.hash == b.hash && a.socket == b.socket && a.to == b.to;
}

}  // namespace

SendBatch::SendBatch(std::span<const UdpSocket> sockets) : sockets_{sockets}, slab_(kPackets * kSlotSize) {
  packets_.reserve(kPackets);
}

MutableBytes SendBatch::slot(std::size_t index) noexcept { return {slab_.data() + index * kSlotSize, kSlotSize}; }

MutableBytes SendBatch::acquire() noexcept {
  if (packets_.size() == kPackets) flush();
  return slot(packets_.size());
}

void SendBatch::commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept {
  if (size == 0) return;
  packets_.push_back({.to = to,
                      .hash = to.hash(),
                      .size = static_cast<std::uint16_t>(size),
                      .slot = static_cast<std::uint16_t>(packets_.size()),
                      .socket = socket});
}

// How many packets from `first` on can be one message: one destination, equal sizes but for a shorter last one.
std::size_t SendBatch::segments_from(std::size_t first) const noexcept {
  if (!gso_) return 1;
  std::size_t count = 1;
  while (first + count < packets_.size() && count < kMaxSegments) {
    const Packet& next = packets_[first + count];
    if (!same_destination(packets_[first], next) || next.size > packets_[first].size) break;
    ++count;
    if (next.size < packets_[first].size) break;
  }
  return count;
}

bool SendBatch::send_group(std::size_t first, std::size_t count) noexcept {
  std::array<iovec, kMaxSegments> vectors;
  for (std::size_t i = 0; i < count; ++i) {
    const Packet& packet = packets_[first + i];
    vectors[i] = {.iov_base = slot(packet.slot).data(), .iov_len = packet.size};
  }
  const Packet& head = packets_[first];
  msghdr message{};
  message.msg_name = const_cast<sockaddr*>(head.to.data());  // sendmsg only reads it
  message.msg_namelen = head.to.size();
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control{};
  if (count > 1) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    std::memcpy(CMSG_DATA(header), &head.size, sizeof head.size);
  }
  if (::sendmsg(sockets_[head.socket].fd(), &message, MSG_DONTWAIT) < 0) return false;
  ++counters_.messages;
  counters_.packets += count;
  return true;
}

// A group was refused. Without segmentation in kernel or device no group will ever pass; another reason (a path with a
// small MTU) is about this destination alone.
void SendBatch::send_singly(std::size_t first, std::size_t count) noexcept {
  if (errno == EIO || errno == EOPNOTSUPP) gso_ = false;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!send_group(i, 1)) ++counters_.dropped;
  }
}

void SendBatch::flush() noexcept {
  // Packets of one destination side by side, in their order.
  std::ranges::sort(
      packets_, [](const Packet& a, const Packet& b) { return a.hash != b.hash ? a.hash < b.hash : a.slot < b.slot; });
  for (std::size_t first = 0; first < packets_.size();) {
    const std::size_t count = segments_from(first);
    if (!send_group(first, count)) {
      const bool full = errno == EAGAIN || errno == ENOBUFS;
      if (count == 1 || full) {
        counters_.dropped += count;
      } else {
        send_singly(first, count);
      }
    }
    first += count;
  }
  packets_.clear();
}

}  // namespace sluice
