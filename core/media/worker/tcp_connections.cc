#include "core/media/worker/tcp_connections.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace sluice {

namespace {

constexpr Duration kSweepInterval = std::chrono::seconds{1};
// What one call does before the UDP sockets and the timers get their turn.
constexpr std::size_t kEventsPerCall = 64;
constexpr int kAcceptsPerCall = 32;
constexpr int kReadsPerCall = 4;

// Whom the limit per peer is for. Who has one IPv6 address has 2^64 of them.
SocketAddress peer_of(const SocketAddress& address) {
  if (!address.is_ipv6()) return address.with_port(0);
  constexpr std::size_t kNetwork = 8;
  std::array<std::uint8_t, 16> ip{};
  std::ranges::copy(address.ip_bytes().first(kNetwork), ip.begin());
  return SocketAddress::ipv6(ip, 0);
}

bool out_of_resources(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

struct TcpConnections::Connection {
  Connection(FileDescriptor connected, const IceTuple& with, std::size_t queue_bytes, Instant now)
      : socket{std::move(connected)}, tuple{with}, queue{queue_bytes}, accepted{now}, progress{now} {}

  FileDescriptor socket;
  IceTuple tuple;
  TcpFrameReader reader;
  TcpFrameQueue queue;
  Instant accepted;
  Instant progress;  // when the kernel last took something, or the queue began to fill
  bool validated = false;
  bool dirty = false;
  bool waits_to_write = false;
  bool broken = false;
};

TcpConnections::TcpConnections(std::span<const TcpListener> listeners, std::uint8_t first_socket,
                               const TcpLimits& limits)
    : listeners_{listeners},
      first_socket_{first_socket},
      limits_{limits},
      epoll_{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"} {
  dirty_.reserve(limits_.connections);
  for (const TcpListener& listener : listeners_) {
    if (!watch(listener.fd(), EPOLLIN, EPOLL_CTL_ADD)) {
      throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    }
  }
}

TcpConnections::~TcpConnections() = default;

bool TcpConnections::watch(int fd, std::uint32_t events, int operation) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
}

void TcpConnections::watch_listeners(std::uint32_t events) noexcept {
  for (const TcpListener& listener : listeners_) static_cast<void>(watch(listener.fd(), events, EPOLL_CTL_MOD));
}

TcpConnections::Connection* TcpConnections::find(int fd) const noexcept {
  const auto found = connections_.find(fd);
  return found == connections_.end() ? nullptr : found->second.get();
}

TcpCounters TcpConnections::counters() const noexcept {
  TcpCounters counters = counters_;
  counters.open = connections_.size();
  return counters;
}

// A descriptor may be closed and used again within one batch of events. Then the new connection is asked for what only
// the old one has announced, which does no harm.
void TcpConnections::handle_events(TcpReceiver& receiver, Instant now) {
  now_ = now;
  std::array<epoll_event, kEventsPerCall> events;
  const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), 0);
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto listener = std::ranges::find(listeners_, event.data.fd, &TcpListener::fd);
    if (listener != listeners_.end()) {
      accept(static_cast<std::size_t>(listener - listeners_.begin()), receiver, now);
    } else if (Connection* connection = find(event.data.fd)) {
      if ((event.events & EPOLLOUT) != 0) write(*connection);
      if (const CloseCounter why = read(*connection, receiver, now)) {
        close(*connection, why, receiver, now);
      } else if (!connection->validated) {
        connection->validated = receiver.is_valid(connection->tuple);
      }
    }
  }
}

void TcpConnections::accept(std::size_t listener, TcpReceiver& receiver, Instant now) {
  for (int i = 0; i < kAcceptsPerCall; ++i) {
    sockaddr_storage from{};
    socklen_t length = sizeof from;
    const int fd =
        ::accept4(listeners_[listener].fd(), reinterpret_cast<sockaddr*>(&from), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && out_of_resources(errno)) {
      // The connection stays in the backlog, and the listener ready: without a pause this would be a busy loop.
      paused_ = true;
      watch_listeners(0);
      if (!next_sweep_) next_sweep_ = now + kSweepInterval;
      return;
    }
    if (fd < 0 && errno == ECONNABORTED) continue;
    if (fd < 0) return;
    const auto remote = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&from), length);
    admit(FileDescriptor{fd, "accept4"},
          {.remote = remote.value_or(SocketAddress{}), .socket = static_cast<std::uint8_t>(first_socket_ + listener)},
          receiver, now);
  }
}

void TcpConnections::admit(FileDescriptor socket, const IceTuple& tuple, TcpReceiver& receiver, Instant now) {
  // The peer has opened its port anew before the end of the old connection was noticed here.
  if (const auto old = by_tuple_.find(tuple); old != by_tuple_.end()) {
    close(*old->second, &TcpCounters::closed_by_peer, receiver, now);
  }
  const SocketAddress peer = peer_of(tuple.remote);
  const auto of_peer = per_peer_.find(peer);
  const bool full = connections_.size() >= limits_.connections ||
                    (of_peer != per_peer_.end() && of_peer->second >= limits_.connections_per_peer);
  const int fd = socket.get();
  if (full || !watch(fd, EPOLLIN, EPOLL_CTL_ADD)) {
    ++counters_.refused;
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &limits_.kernel_buffer, sizeof limits_.kernel_buffer);

  auto connection = std::make_unique<Connection>(std::move(socket), tuple, limits_.queue_bytes, now);
  by_tuple_.emplace(tuple, connection.get());
  connections_.emplace(fd, std::move(connection));
  ++per_peer_[peer];
  ++counters_.accepted;
  if (!next_sweep_) next_sweep_ = now + kSweepInterval;
}

TcpConnections::CloseCounter TcpConnections::read(Connection& connection, TcpReceiver& receiver, Instant now) {
  for (int i = 0; i < kReadsPerCall; ++i) {
    const MutableBytes space = connection.reader.space();
    const ssize_t count = ::recv(connection.socket.get(), space.data(), space.size(), 0);
    if (count < 0 && (would_block(errno) || errno == EINTR)) return nullptr;
    if (count <= 0) return &TcpCounters::closed_by_peer;

    connection.reader.add(static_cast<std::size_t>(count));
    auto packet = connection.reader.next();
    for (; packet; packet = connection.reader.next()) receiver.on_packet(*packet, connection.tuple, now);
    if (packet.error() == TcpFrameError::oversize) return &TcpCounters::closed_garbage;
    if (static_cast<std::size_t>(count) < space.size()) return nullptr;
  }
  return nullptr;
}

void TcpConnections::send(const IceTuple& to, Bytes packet) noexcept {
  const auto found = by_tuple_.find(to);
  if (found == by_tuple_.end()) {
    ++counters_.packets_dropped;
    return;
  }
  Connection& connection = *found->second;
  if (connection.queue.empty()) connection.progress = now_;
  if (!connection.queue.push(packet)) {
    // One round may hold more than the queue does.
    if (!connection.waits_to_write) write(connection);
    if (!connection.queue.push(packet)) {
      ++counters_.packets_dropped;
      return;
    }
  }
  ++counters_.packets_sent;
  if (!std::exchange(connection.dirty, true)) dirty_.push_back(connection.socket.get());
}

void TcpConnections::write(Connection& connection) noexcept {
  while (!connection.queue.empty() && !connection.broken) {
    const std::array<Bytes, 2> pending = connection.queue.pending();
    std::array<iovec, 2> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i] = {.iov_base = const_cast<std::uint8_t*>(pending[i].data()),  // sendmsg only reads it
                  .iov_len = pending[i].size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t count = ::sendmsg(connection.socket.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) {
      connection.broken = !would_block(errno) && errno != EINTR;
      break;
    }
    ++counters_.writes;
    connection.queue.consume(static_cast<std::size_t>(count));
    connection.progress = now_;
  }
  const bool waits = !connection.queue.empty() && !connection.broken;
  if (waits == std::exchange(connection.waits_to_write, waits)) return;
  if (!watch(connection.socket.get(), waits ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD)) connection.broken = true;
}

void TcpConnections::flush(TcpReceiver& receiver, Instant now) {
  now_ = now;
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    Connection* connection = find(dirty_[i]);
    if (connection == nullptr || !std::exchange(connection->dirty, false)) continue;
    if (!connection->waits_to_write) write(*connection);
    if (connection->broken) close(*connection, &TcpCounters::closed_by_peer, receiver, now);
  }
  dirty_.clear();
}

void TcpConnections::handle_timeout(TcpReceiver& receiver, Instant now) {
  if (!next_sweep_ || now < *next_sweep_) return;
  now_ = now;
  if (std::exchange(paused_, false)) watch_listeners(EPOLLIN);

  for (auto next = connections_.begin(); next != connections_.end();) {
    Connection& connection = *(next++)->second;
    if (const CloseCounter why = reason_to_close(connection, receiver, now)) close(connection, why, receiver, now);
  }
  next_sweep_.reset();
  if (!connections_.empty()) next_sweep_ = now + kSweepInterval;
}

TcpConnections::CloseCounter TcpConnections::reason_to_close(Connection& connection, const TcpReceiver& receiver,
                                                             Instant now) const {
  if (connection.broken) return &TcpCounters::closed_by_peer;
  if (receiver.is_valid(connection.tuple)) {
    connection.validated = true;
  } else if (connection.validated) {
    return &TcpCounters::closed_invalid;
  } else if (now - connection.accepted >= limits_.validation_timeout) {
    return &TcpCounters::closed_unvalidated;
  }
  const bool stuck = !connection.queue.empty() && now - connection.progress >= limits_.stuck_timeout;
  return stuck ? &TcpCounters::closed_stuck : nullptr;
}

// The receiver hears of it last: what it then sends finds this connection gone.
void TcpConnections::close(Connection& connection, CloseCounter why, TcpReceiver& receiver, Instant now) {
  ++(counters_.*why);
  const IceTuple tuple = connection.tuple;
  const auto of_peer = per_peer_.find(peer_of(tuple.remote));
  if (--of_peer->second == 0) per_peer_.erase(of_peer);
  by_tuple_.erase(tuple);
  connections_.erase(connection.socket.get());
  receiver.on_closed(tuple, now);
}

}  // namespace sluice
