#include "tests/integration/ice/udp_socket.h"

#include <poll.h>
#include <unistd.h>

#include <stdexcept>

namespace sluice::test {

bool UdpSocket::is_free(std::uint16_t port) {
  const int attempt = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto address = SocketAddress::ipv4({127, 0, 0, 1}, port);
  const bool bound = attempt >= 0 && ::bind(attempt, address.data(), address.size()) == 0;
  ::close(attempt);
  return bound;
}

UdpSocket::UdpSocket() : socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
  const auto any_port = SocketAddress::ipv4({127, 0, 0, 1}, 0);
  if (socket_ < 0 || ::bind(socket_, any_port.data(), any_port.size()) != 0) {
    throw std::runtime_error{"no UDP socket on 127.0.0.1"};
  }
}

UdpSocket::~UdpSocket() { ::close(socket_); }

SocketAddress UdpSocket::address() const {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&name), &size);
  return SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&name), size).value();
}

void UdpSocket::send(Bytes packet, const SocketAddress& to) const {
  ::sendto(socket_, packet.data(), packet.size(), 0, to.data(), to.size());
}

std::optional<UdpSocket::Received> UdpSocket::receive(MutableBytes buffer, std::chrono::milliseconds limit) const {
  pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
  if (::poll(&readable, 1, static_cast<int>(limit.count())) != 1) return std::nullopt;
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  const auto size = ::recvfrom(socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&name), &length);
  if (size < 0) return std::nullopt;  // an ICMP error of an earlier send
  const auto from = SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&name), length);
  return Received{.packet = buffer.first(static_cast<std::size_t>(size)), .from = from.value()};
}

}  // namespace sluice::test
