#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/base/socket_address.h"

namespace sluice::load {

/// UDP sockets on loopback, and a thread that empties them, as the clients of a server on this machine would.
class Receivers {
 public:
  /// @param cpu        Core of the thread; negative: any.
  /// @param busy_poll  It never sleeps: the sender does not pay for waking it.
  Receivers(std::size_t count, int cpu, bool busy_poll);
  ~Receivers();
  Receivers(const Receivers&) = delete;
  Receivers& operator=(const Receivers&) = delete;

  [[nodiscard]] const std::vector<SocketAddress>& addresses() const noexcept { return addresses_; }
  /// Datagrams so far. Any thread.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_.load(std::memory_order_acquire); }

 private:
  void run(int wait_ms);

  std::vector<int> sockets_;
  std::vector<SocketAddress> addresses_;
  int epoll_ = -1;
  std::atomic<std::uint64_t> received_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Keeps the calling thread on one core; negative: leaves it free.
void pin_this_thread(int cpu);

}  // namespace sluice::load
