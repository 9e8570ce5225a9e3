#include "core/media/worker/receive_batch.h"

namespace sluice {

ReceiveBatch::ReceiveBatch() : bytes_(kBatch * kMaxDatagram) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    vectors_[i] = {.iov_base = bytes_.data() + i * kMaxDatagram, .iov_len = kMaxDatagram};
    messages_[i] = {};
    messages_[i].msg_hdr.msg_name = &sources_[i];
    messages_[i].msg_hdr.msg_iov = &vectors_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

std::size_t ReceiveBatch::receive(int fd) noexcept {
  for (mmsghdr& message : messages_) message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
  const int count = ::recvmmsg(fd, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
  // An ICMP error of an earlier send is reported here; it concerns one peer, and ICE notices by itself.
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

MutableBytes ReceiveBatch::datagram(std::size_t index) noexcept {
  return {bytes_.data() + index * kMaxDatagram, messages_[index].msg_len};
}

SocketAddress ReceiveBatch::source(std::size_t index) const noexcept {
  return SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&sources_[index]),
                                      messages_[index].msg_hdr.msg_namelen)
      .value_or(SocketAddress{});
}

bool ReceiveBatch::truncated(std::size_t index) const noexcept {
  return (messages_[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;
}

}  // namespace sluice
