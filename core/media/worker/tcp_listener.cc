#include "core/media/worker/tcp_listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace sluice {

namespace {

constexpr int kBacklog = 128;

[[noreturn]] void fail(const SocketAddress& address, int error) {
  throw MediaPortError{"cannot open the media port " + address.to_string() + " for TCP (media.ice.listen_addresses, " +
                       "media.ice.base_port; media.ice.tcp: false does without): " + std::strerror(error)};
}

}  // namespace

TcpListener::TcpListener(const SocketAddress& address)
    : fd_{::socket(address.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)} {
  if (fd_ < 0) fail(address, errno);
  const int on = 1;
  if (address.is_ipv6()) ::setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  // Connections of a gateway that has just ended linger in TIME_WAIT; the next one starts nevertheless.
  ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);

  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (::bind(fd_, address.data(), address.size()) != 0 || ::listen(fd_, kBacklog) != 0 ||
      ::getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &length) != 0) {
    const int error = errno;
    ::close(fd_);
    fail(address, error);
  }
  local_ = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&bound), length).value_or(address);
}

TcpListener::TcpListener(TcpListener&& other) noexcept : fd_{std::exchange(other.fd_, -1)}, local_{other.local_} {}

TcpListener::~TcpListener() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice
