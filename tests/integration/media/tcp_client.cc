#include "tests/integration/media/tcp_client.h"

#include <doctest/doctest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace sluice::test {

TcpClient::TcpClient(Transport& transport, const Clock& clock)
    : MediaClient{transport, clock}, gateway_{candidate_of(transport, IceProtocol::tcp)} {
  socket_.emplace(open(gateway_));
  connect(transport);
}

FileDescriptor TcpClient::open(const SocketAddress& gateway) {
  FileDescriptor socket{::socket(gateway.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"};
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  REQUIRE(::connect(socket.get(), gateway.data(), gateway.size()) == 0);
  return socket;
}

void TcpClient::reconnect() {
  socket_.reset();
  received_.clear();
  ended_ = false;
  socket_.emplace(open(gateway_));
  peer().check(now());
}

SocketAddress TcpClient::address() const {
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  REQUIRE(::getsockname(socket_->get(), reinterpret_cast<sockaddr*>(&own), &length) == 0);
  return SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&own), length).value();
}

void TcpClient::send_raw(Bytes bytes) {
  if (!socket_) return;
  static_cast<void>(::send(socket_->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void TcpClient::send_datagram(Bytes datagram) {
  std::vector<std::uint8_t> framed{static_cast<std::uint8_t>(datagram.size() >> 8),
                                   static_cast<std::uint8_t>(datagram.size())};
  framed.insert(framed.end(), datagram.begin(), datagram.end());
  send_raw(framed);
}

void TcpClient::pump() {
  std::array<std::uint8_t, 16 * 1024> buffer;
  while (socket_) {
    const ssize_t count = ::recv(socket_->get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (count <= 0) {
      ended_ = true;
      break;
    }
    received_.insert(received_.end(), buffer.begin(), buffer.begin() + count);
    hand_over();
  }
  peer().handle_timeout(now());
}

void TcpClient::hand_over() {
  std::size_t at = 0;
  while (received_.size() - at >= 2) {
    const std::size_t length = std::size_t{received_[at]} << 8 | received_[at + 1];
    if (received_.size() - at - 2 < length) break;
    peer().handle_datagram(Bytes{received_}.subspan(at + 2, length), now());
    at += 2 + length;
  }
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace sluice::test
