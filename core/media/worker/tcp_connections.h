#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/base/file_descriptor.h"
#include "core/media/ice/ice_tuple.h"
#include "core/media/worker/tcp_frame_queue.h"
#include "core/media/worker/tcp_frame_reader.h"
#include "core/media/worker/tcp_listener.h"
#include "sluice/time.h"

namespace sluice {

/// What is behind the connections: a worker's core.
class TcpReceiver {
 public:
  virtual ~TcpReceiver() = default;
  /// A packet, which may be changed in place; its bytes are valid during the call.
  virtual void on_packet(MutableBytes packet, const IceTuple& from, Instant now) = 0;
  /// Whether ICE holds this tuple valid.
  [[nodiscard]] virtual bool is_valid(const IceTuple& tuple) const = 0;
  /// The connection is gone. The tuple can be sent to no more.
  virtual void on_closed(const IceTuple& tuple, Instant now) = 0;
};

struct TcpLimits {
  std::size_t connections = 4096;
  /// Of one IPv4 address, or one /64 of IPv6: a household, or an office behind one NAT.
  std::size_t connections_per_peer = 256;
  std::size_t queue_bytes = TcpFrameQueue::kDefaultLimit;
  int kernel_buffer = 128 * 1024;  ///< SO_SNDBUF: what waits there is late already
  Duration validation_timeout = std::chrono::seconds{10};
  Duration stuck_timeout = std::chrono::seconds{10};  ///< with packets waiting and none taken
};

/// Totals; they never fall. `open` does.
struct TcpCounters {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;         ///< one of the limits is reached
  std::uint64_t closed_by_peer = 0;  ///< or by an error of the network
  std::uint64_t closed_garbage = 0;
  std::uint64_t closed_unvalidated = 0;  ///< no connectivity check passed in time
  std::uint64_t closed_invalid = 0;      ///< ICE has given its tuple up: consent expired, the transport closed
  std::uint64_t closed_stuck = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t writes = 0;           ///< system calls that they took
  std::uint64_t packets_dropped = 0;  ///< their queue was full, or the connection gone
  std::size_t open = 0;
};

/// The TCP side of a worker's ports: ICE over TCP with passive candidates (RFC 6544), packets framed as RFC 4571 says.
/// A connection is a tuple like any UDP address, and as untrusted until a connectivity check has passed on it.
///
/// Has an epoll of its own, of which fd() becomes readable when there is something for handle_events(). Packets that
/// are sent leave with flush(). One thread; never blocks.
class TcpConnections {
 public:
  /// Listener i is the worker's socket number `first_socket` + i. `listeners` outlive this.
  TcpConnections(std::span<const TcpListener> listeners, std::uint8_t first_socket, const TcpLimits& limits = {});
  ~TcpConnections();
  TcpConnections(const TcpConnections&) = delete;
  TcpConnections& operator=(const TcpConnections&) = delete;

  [[nodiscard]] int fd() const noexcept { return epoll_.get(); }
  void handle_events(TcpReceiver& receiver, Instant now);
  void handle_timeout(TcpReceiver& receiver, Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return next_sweep_; }

  /// Queues a packet. It is dropped when the peer does not keep up, or there is no such connection.
  void send(const IceTuple& to, Bytes packet) noexcept;
  void flush(TcpReceiver& receiver, Instant now);

  [[nodiscard]] TcpCounters counters() const noexcept;

 private:
  struct Connection;
  using CloseCounter = std::uint64_t TcpCounters::*;

  void accept(std::size_t listener, TcpReceiver& receiver, Instant now);
  void admit(FileDescriptor socket, const IceTuple& tuple, TcpReceiver& receiver, Instant now);
  // Both say why the connection must be closed; nullptr: it need not.
  [[nodiscard]] CloseCounter read(Connection& connection, TcpReceiver& receiver, Instant now);
  void write(Connection& connection) noexcept;
  [[nodiscard]] CloseCounter reason_to_close(Connection& connection, const TcpReceiver& receiver, Instant now) const;
  void close(Connection& connection, CloseCounter why, TcpReceiver& receiver, Instant now);
  [[nodiscard]] bool watch(int fd, std::uint32_t events, int operation) noexcept;
  void watch_listeners(std::uint32_t events) noexcept;
  [[nodiscard]] Connection* find(int fd) const noexcept;

  std::span<const TcpListener> listeners_;
  std::uint8_t first_socket_;
  TcpLimits limits_;
  FileDescriptor epoll_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;  // by descriptor
  std::unordered_map<IceTuple, Connection*> by_tuple_;
  std::unordered_map<SocketAddress, std::size_t> per_peer_;
  std::vector<int> dirty_;  // with packets that wait for flush()
  std::optional<Instant> next_sweep_;
  bool paused_ = false;  // no descriptors left: nothing is accepted until the next sweep
  Instant now_{};        // of the round
  TcpCounters counters_;
};

}  // namespace sluice
