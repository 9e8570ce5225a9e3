#include "core/media/worker/udp_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace sluice {

namespace {

// A key frame for a hundred receivers arrives and leaves in one burst.
constexpr int kSocketBuffer = 4 << 20;

[[noreturn]] void fail(const SocketAddress& address, int error) {
  throw MediaPortError{"cannot open the media port " + address.to_string() + " (media.ice.listen_addresses, " +
                       "media.ice.base_port): " + std::strerror(error)};
}

}  // namespace

UdpSocket::UdpSocket(const SocketAddress& address)
    : fd_{::socket(address.data()->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)} {
  if (fd_ < 0) fail(address, errno);
  const int on = 1;
  if (address.is_ipv6()) ::setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  // The kernel may grant less; what it grants is enough to run.
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &kSocketBuffer, sizeof kSocketBuffer);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &kSocketBuffer, sizeof kSocketBuffer);

  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (::bind(fd_, address.data(), address.size()) != 0 ||
      ::getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &length) != 0) {
    const int error = errno;
    ::close(fd_);
    fail(address, error);
  }
  local_ = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&bound), length).value_or(address);
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept : fd_{std::exchange(other.fd_, -1)}, local_{other.local_} {}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice
