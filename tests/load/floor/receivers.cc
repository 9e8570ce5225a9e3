#include "tests/load/floor/receivers.h"

#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "core/media/worker/receive_batch.h"

namespace sluice::load {
namespace {

constexpr int kReceiveBuffer = 1 << 20;
constexpr int kWaitMilliseconds = 50;  // for stopping_

int bound_socket(SocketAddress& address) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const SocketAddress any_port = SocketAddress::ipv4({127, 0, 0, 1}, 0);
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (fd < 0 || ::bind(fd, any_port.data(), any_port.size()) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length) != 0) {
    throw std::system_error{errno, std::generic_category(), "receiver's socket"};
  }
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
  address = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&bound), length).value();
  return fd;
}

}  // namespace

void pin_this_thread(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) throw std::system_error{errno, std::generic_category(), "pinning"};
}

Receivers::Receivers(std::size_t count, int cpu, bool busy_poll) : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
  for (std::size_t i = 0; i < count; ++i) {
    SocketAddress address;
    sockets_.push_back(bound_socket(address));
    addresses_.push_back(address);
    epoll_event interest{.events = EPOLLIN, .data = {.fd = sockets_.back()}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, sockets_.back(), &interest);
  }
  thread_ = std::thread{[this, cpu, busy_poll] {
    pin_this_thread(cpu);
    run(busy_poll ? 0 : kWaitMilliseconds);
  }};
}

Receivers::~Receivers() {
  stopping_ = true;
  thread_.join();
  for (const int fd : sockets_) ::close(fd);
  ::close(epoll_);
}

void Receivers::run(int wait_ms) {
  const auto batch = std::make_unique<ReceiveBatch>();
  std::array<epoll_event, 256> events;
  while (!stopping_) {
    const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int i = 0; i < ready; ++i) {
      received_.fetch_add(batch->receive(events[static_cast<std::size_t>(i)].data.fd), std::memory_order_release);
    }
  }
}

}  // namespace sluice::load
