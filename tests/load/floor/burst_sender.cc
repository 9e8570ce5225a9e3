#include "tests/load/floor/burst_sender.h"

#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include "core/media/rtp/rtp_writer.h"

namespace sluice::load {
namespace {

constexpr std::size_t kSlot = 1600;
constexpr std::size_t kGcmTag = 16;
constexpr std::size_t kMaxBurst = 32;
constexpr int kSendBuffer = 4 << 20;

std::chrono::nanoseconds thread_cpu() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

SrtpSender srtp_for(std::size_t receiver) {
  constexpr SrtpProfileSizes kSizes = sizes_of(SrtpProfile::aead_aes_128_gcm);
  std::array<std::uint8_t, kSizes.key> key{};
  std::array<std::uint8_t, kSizes.salt> salt{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(receiver >> (i % 4 * 8) ^ i * 29);
  auto out = SrtpSender::create(SrtpProfile::aead_aes_128_gcm, SrtpMasterKey{key, salt});
  if (!out) throw std::runtime_error{"no SRTP with AEAD_AES_128_GCM here"};
  return std::move(out).value();
}

int open_socket(const SocketAddress* connect_to) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error{errno, std::generic_category(), "sender's socket"};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  if (connect_to != nullptr && ::connect(fd, connect_to->data(), connect_to->size()) != 0) {
    throw std::system_error{errno, std::generic_category(), "connect"};
  }
  return fd;
}

void set_destination(msghdr& header, const SocketAddress* to) {
  if (to == nullptr) return;
  header.msg_name = const_cast<sockaddr*>(to->data());
  header.msg_namelen = to->size();
}

}  // namespace

BurstSender::BurstSender(const FloorCase& how, const Shape& shape, std::span<const SocketAddress> receivers)
    : how_{how},
      shape_{shape},
      receivers_{receivers.begin(), receivers.end()},
      packets_(shape.burst * kSlot),
      slab_(shape.burst * kSlot) {
  if (shape.burst > kMaxBurst) throw std::runtime_error{"a burst of more than 32 packets"};
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    srtp_.push_back(srtp_for(i));
    if (how.connected) sockets_.push_back(open_socket(&receivers_[i]));
  }
  if (!how.connected) sockets_.push_back(open_socket(nullptr));
}

BurstSender::~BurstSender() {
  for (const int fd : sockets_) ::close(fd);
}

// The fixed header and an extension of 8 bytes, as with a mid.
void BurstSender::write_packets() {
  static constexpr std::array<std::uint8_t, 1> kMid{'0'};
  static constexpr std::array kExtensions{ExtensionElement{.id = 1, .data = kMid}};
  const std::vector<std::uint8_t> payload(shape_.payload_size, 0x5a);
  for (std::size_t i = 0; i < shape_.burst; ++i) {
    const RtpHeader header{.payload_type = PayloadType{96}, .sequence = RtpSequence{sequence_++}, .ssrc = Ssrc{1}};
    plain_size_ = write_rtp(MutableBytes{packets_}.subspan(i * kSlot, kSlot), header, kExtensions, payload).value();
  }
  wire_size_ = plain_size_ + (how_.protects ? kGcmTag : 0);
}

std::chrono::nanoseconds BurstSender::send_round() {
  write_packets();
  const auto before = thread_cpu();
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    fill_burst(i);
    if (how_.sends) send_burst(i);
  }
  return thread_cpu() - before;
}

void BurstSender::fill_burst(std::size_t receiver) {
  for (std::size_t i = 0; i < shape_.burst; ++i) {
    // Segments of one message lie one behind the other.
    std::uint8_t* const at = slab_.data() + i * wire_size_;
    std::memcpy(at, packets_.data() + i * kSlot, plain_size_);
    if (how_.protects) static_cast<void>(srtp_[receiver].protect_rtp({at, wire_size_}, plain_size_));
  }
}

void BurstSender::send_burst(std::size_t receiver) {
  const int fd = how_.connected ? sockets_[receiver] : sockets_.front();
  const SocketAddress* const to = how_.connected ? nullptr : &receivers_[receiver];
  how_.segments ? send_segments(fd, to) : send_messages(fd, to);
}

void BurstSender::send_segments(int fd, const SocketAddress* to) {
  iovec bytes{.iov_base = slab_.data(), .iov_len = shape_.burst * wire_size_};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  set_destination(message, to);
  cmsghdr* const segment = CMSG_FIRSTHDR(&message);
  segment->cmsg_level = IPPROTO_UDP;
  segment->cmsg_type = UDP_SEGMENT;
  segment->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto size = static_cast<std::uint16_t>(wire_size_);
  std::memcpy(CMSG_DATA(segment), &size, sizeof size);
  if (::sendmsg(fd, &message, 0) < 0) ++refused_;
}

void BurstSender::send_messages(int fd, const SocketAddress* to) {
  std::array<iovec, kMaxBurst> bytes;
  std::array<mmsghdr, kMaxBurst> messages{};
  for (std::size_t i = 0; i < shape_.burst; ++i) {
    bytes[i] = {.iov_base = slab_.data() + i * wire_size_, .iov_len = wire_size_};
    messages[i].msg_hdr.msg_iov = &bytes[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    set_destination(messages[i].msg_hdr, to);
  }
  const int sent = ::sendmmsg(fd, messages.data(), static_cast<unsigned>(shape_.burst), 0);
  refused_ += shape_.burst - static_cast<std::size_t>(std::max(sent, 0));
}

}  // namespace sluice::load
