#include "core/media/worker/send_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/media/transport/packet_path.h"

namespace sluice {

namespace {

constexpr std::size_t kSlotSize = PacketPath::kMaxDatagram;
// The kernel takes 64 segments and 64 KiB in one message.
constexpr std::size_t kMaxSegments = 44;
static_assert(kMaxSegments * kSlotSize < 65'000);

}  // namespace

SendBatch::SendBatch(std::span<const UdpSocket> sockets) : sockets_{sockets}, slab_(kPackets * kSlotSize) {
  packets_.reserve(kPackets);
  heads_.reserve(kPackets);
  recent_.fill(kNone);
}

MutableBytes SendBatch::slot(std::size_t index) noexcept { return {slab_.data() + index * kSlotSize, kSlotSize}; }

MutableBytes SendBatch::acquire() noexcept {
  if (packets_.size() == kPackets) flush();
  return slot(packets_.size());
}

void SendBatch::commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept {
  if (size == 0) return;
  packets_.push_back({.to = to, .size = static_cast<std::uint16_t>(size), .socket = socket});
  link(static_cast<std::uint16_t>(packets_.size() - 1));
}

bool SendBatch::same_destination(const Packet& a, const Packet& b) noexcept {
  return a.socket == b.socket && a.to == b.to;
}

// Most packets follow one to the same destination. Two destinations may share a place in `recent_`: then one has more
// chains than it needs, each one younger than the one before, so that its order is kept.
void SendBatch::link(std::uint16_t index) noexcept {
  const Packet& packet = packets_[index];
  if (index > 0 && same_destination(packets_[index - 1U], packet)) {
    packets_[index - 1U].next = index;
    return;
  }
  std::uint16_t& recent = recent_[packet.to.hash() % kRecent];
  if (recent == kNone || !same_destination(packets_[recent], packet)) {
    heads_.push_back(index);
  } else {
    while (packets_[recent].next != kNone) recent = packets_[recent].next;
    packets_[recent].next = index;
  }
  recent = index;
}

// How many packets of a chain from `first` on can be one message: equal sizes but for a shorter last one.
SendBatch::Message SendBatch::message_from(std::uint16_t first) const noexcept {
  Message message{.first = first, .count = 1};
  if (!gso_) return message;
  const std::uint16_t size = packets_[first].size;
  for (std::uint16_t next = packets_[first].next; next != kNone && message.count < kMaxSegments;
       next = packets_[next].next) {
    if (packets_[next].size > size) break;
    ++message.count;
    if (packets_[next].size < size) break;
  }
  return message;
}

void SendBatch::flush() noexcept {
  if (packets_.empty()) return;
  for (const std::uint16_t head : heads_) {
    for (std::uint16_t at = head; at != kNone;) {
      const Message message = message_from(at);
      add_message(message);
      for (std::uint16_t i = 0; i < message.count; ++i) at = packets_[at].next;
    }
  }
  send_messages();
  recent_.fill(kNone);
  heads_.clear();
  packets_.clear();
}

void SendBatch::add_message(const Message& message) noexcept {
  const Packet& head = packets_[message.first];
  const bool other_socket = message_count_ > 0 && packets_[messages_[0].first].socket != head.socket;
  if (message_count_ == kMessages || other_socket) send_messages();

  messages_[message_count_] = message;
  msghdr& header = headers_[message_count_].msg_hdr;
  header = {};
  header.msg_name = const_cast<sockaddr*>(head.to.data());  // sendmmsg only reads it
  header.msg_namelen = head.to.size();
  header.msg_iov = &vectors_[vector_count_];
  header.msg_iovlen = message.count;
  std::uint16_t at = message.first;
  for (std::uint16_t i = 0; i < message.count; ++i, at = packets_[at].next) {
    vectors_[vector_count_++] = {.iov_base = slot(at).data(), .iov_len = packets_[at].size};
  }
  if (message.count > 1) {
    Control& control = controls_[message_count_];
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    cmsghdr* segments = CMSG_FIRSTHDR(&header);
    segments->cmsg_level = SOL_UDP;
    segments->cmsg_type = UDP_SEGMENT;
    segments->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    std::memcpy(CMSG_DATA(segments), &head.size, sizeof head.size);
  }
  ++message_count_;
}

void SendBatch::send_messages() noexcept {
  for (std::size_t done = 0; done < message_count_;) {
    const int fd = sockets_[packets_[messages_[done].first].socket].fd();
    const int sent = ::sendmmsg(fd, &headers_[done], static_cast<unsigned>(message_count_ - done), MSG_DONTWAIT);
    ++counters_.system_calls;
    if (sent < 0) {
      refused(messages_[done++]);
      continue;
    }
    for (const Message& message : std::span{messages_}.subspan(done, static_cast<std::size_t>(sent))) {
      ++counters_.messages;
      counters_.packets += message.count;
      counters_.in_message.add(message.count);
    }
    counters_.in_system_call.add(sent);
    done += static_cast<std::size_t>(sent);
  }
  message_count_ = 0;
  vector_count_ = 0;
}

// Without segmentation in kernel or device no message of several packets will ever pass; another reason (a path with a
// small MTU) is about this destination alone.
void SendBatch::refused(const Message& message) noexcept {
  const bool full = errno == EAGAIN || errno == ENOBUFS;
  if (message.count == 1 || full) {
    counters_.dropped += message.count;
    return;
  }
  if (errno == EIO || errno == EOPNOTSUPP) gso_ = false;
  std::uint16_t at = message.first;
  for (std::uint16_t i = 0; i < message.count; ++i, at = packets_[at].next) {
    if (!send_one(at)) ++counters_.dropped;
  }
}

bool SendBatch::send_one(std::uint16_t index) noexcept {
  const Packet& packet = packets_[index];
  ++counters_.system_calls;
  if (::sendto(sockets_[packet.socket].fd(), slot(index).data(), packet.size, MSG_DONTWAIT, packet.to.data(),
               packet.to.size()) < 0) {
    return false;
  }
  ++counters_.messages;
  ++counters_.packets;
  counters_.in_message.add(1);
  counters_.in_system_call.add(1);
  return true;
}

}  // namespace sluice
