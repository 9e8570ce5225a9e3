#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/base/socket_address.h"
#include "tests/emulator/control_lines.h"

namespace sluice::emulator {

/// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_{fd} {}
  Descriptor(Descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Carries datagrams between clients and one target, each client by a socket of its own, so that the target tells them
/// apart; both directions go through the links. The only part with sockets and a clock.
class UdpRelay {
 public:
  /// Throws std::system_error.
  UdpRelay(const SocketAddress& listen, const SocketAddress& target, LinkPair& links);

  /// With the port that was bound.
  [[nodiscard]] const SocketAddress& local() const noexcept { return local_; }
  /// Until standard input ends; its lines are for `control`, whose answers go to standard output.
  void run(ControlLines& control);

 private:
  /// The one that has been silent for longest makes room for the next.
  static constexpr std::size_t kMaxClients = 256;
  static constexpr int kDatagramsPerTurn = 64;
  static constexpr std::size_t kMaxDatagram = 65'535;

  struct Client {
    SocketAddress address;
    Descriptor socket;
    Instant heard;
  };
  enum class Input : std::uint8_t { open, ended };

  void wait();
  [[nodiscard]] Input read_control(ControlLines& control, Instant now);
  void read_clients(Instant now);
  void read_target(std::uint64_t id, const Client& client, Instant now);
  void deliver(Instant now);
  [[nodiscard]] std::uint64_t client_at(const SocketAddress& address, Instant now);

  SocketAddress target_;
  LinkPair& links_;
  Descriptor listening_;
  SocketAddress local_;
  std::map<std::uint64_t, Client> clients_;  // by the tag of their parcels
  std::uint64_t next_client_ = 1;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace sluice::emulator
