// The TCP side of a worker's ports, on the loopback interface, in simulated time.

#include "core/media/worker/tcp_connections.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/base/file_descriptor.h"
#include "core/media/worker/media_ports.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

using Packet = std::vector<std::uint8_t>;

constexpr std::uint8_t kFirstSocket = 3;
constexpr int kPatienceMs = 2000;

SocketAddress loopback(std::uint16_t port = 0) { return SocketAddress::ipv4({127, 0, 0, 1}, port); }

std::vector<TcpListener> listen_on(const SocketAddress& address) {
  std::vector<TcpListener> listeners;
  listeners.emplace_back(address);
  return listeners;
}

Packet frame(const Packet& packet) {
  Packet framed(2 + packet.size());
  ByteWriter out{framed};
  out.u16(static_cast<std::uint16_t>(packet.size()));
  out.bytes(packet);
  return framed;
}

bool ready(int fd, short events, int limit_ms = kPatienceMs) {
  pollfd waiting{.fd = fd, .events = events, .revents = 0};
  return ::poll(&waiting, 1, limit_ms) == 1;
}

// A client's end.
class Client {
 public:
  explicit Client(const SocketAddress& server, int receive_buffer = 0, const SocketAddress& own = {})
      : socket_{::socket(server.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"} {
    if (receive_buffer > 0) ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (!own.empty()) REQUIRE(::bind(fd(), own.data(), own.size()) == 0);
    REQUIRE(::connect(fd(), server.data(), server.size()) == 0);
  }
  [[nodiscard]] int fd() const { return socket_.get(); }
  void send(const Packet& bytes) const {
    REQUIRE(::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  /// Up to `count` bytes; fewer when the connection ends or nothing more comes.
  [[nodiscard]] Packet receive(std::size_t count) const {
    Packet bytes(count);
    std::size_t have = 0;
    while (have < count && ready(fd(), POLLIN)) {
      const ssize_t got = ::recv(fd(), bytes.data() + have, count - have, 0);
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
  }
  [[nodiscard]] bool ended() const {
    std::array<std::uint8_t, 1> byte;
    return ready(fd(), POLLIN) && ::recv(fd(), byte.data(), byte.size(), 0) <= 0;
  }

 private:
  FileDescriptor socket_;
};

struct Fixture : TcpReceiver {
  explicit Fixture(const TcpLimits& limits = {}, const SocketAddress& address = loopback())
      : listeners{listen_on(address)}, connections{listeners, kFirstSocket, limits} {}

  void on_packet(MutableBytes packet, const IceTuple& from, Instant) override {
    packets.emplace_back(packet.begin(), packet.end());
    last_from = from;
    if (validate) valid.insert(from.remote.to_string());
    if (echo) connections.send(from, packet);
  }
  [[nodiscard]] bool is_valid(const IceTuple& tuple) const override { return valid.contains(tuple.remote.to_string()); }
  void on_closed(const IceTuple& tuple, Instant) override { closed.push_back(tuple); }

  [[nodiscard]] const SocketAddress& server() const { return listeners.front().local(); }

  /// Handles events until `condition` holds.
  template <class Condition>
  bool run_until(Condition condition) {
    while (!condition()) {
      if (!ready(connections.fd(), POLLIN)) return false;
      connections.handle_events(*this, now);
      connections.flush(*this, now);
    }
    return true;
  }
  bool accept(std::uint64_t count) {
    return run_until([&] { return connections.counters().accepted + connections.counters().refused == count; });
  }
  /// As the worker's loop would.
  void pass(Duration time) {
    for (const Instant end = now + time; now < end;) {
      now = std::min(end, connections.next_timeout().value_or(end));
      connections.handle_timeout(*this, now);
      connections.flush(*this, now);
    }
  }
  [[nodiscard]] TcpCounters counters() const { return connections.counters(); }

  std::vector<TcpListener> listeners;
  TcpConnections connections;
  Instant now = Instant{} + 1h;
  std::vector<Packet> packets;
  IceTuple last_from;
  std::set<std::string> valid;
  std::vector<IceTuple> closed;
  bool validate = true;
  bool echo = false;
};

struct Small : Fixture {
  Small() : Fixture{{.connections = 3, .connections_per_peer = 2}} {}
};

struct ShortQueue : Fixture {
  ShortQueue() : Fixture{{.queue_bytes = 20'000, .kernel_buffer = 4096}} {}
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "packets come and go framed, by a tuple of the listener's number") {
  echo = true;
  const Client client{server()};
  client.send(frame({1, 2, 3}));
  REQUIRE(run_until([&] { return packets.size() == 1; }));
  CHECK(packets[0] == Packet{1, 2, 3});
  CHECK(last_from.socket == kFirstSocket);
  CHECK(last_from.remote.is_loopback());
  CHECK(client.receive(5) == frame({1, 2, 3}));
  CHECK(counters().accepted == 1);
  CHECK(counters().open == 1);
  CHECK(counters().packets_sent == 1);
}

TEST_CASE_FIXTURE(Fixture, "a packet that comes in pieces is handed on when it is whole") {
  const Client client{server()};
  const Packet whole = frame(Packet(1200, 7));
  std::uint64_t handled = 0;
  for (const std::uint8_t byte : whole) {
    client.send({byte});
    REQUIRE(ready(connections.fd(), POLLIN));
    CHECK(packets.empty());
    connections.handle_events(*this, now);
    ++handled;
  }
  REQUIRE(run_until([&] { return !packets.empty(); }));
  REQUIRE(packets.size() == 1);
  CHECK(packets[0] == Packet(1200, 7));
  CHECK(handled == whole.size());
}

TEST_CASE_FIXTURE(Fixture, "what a round sends leaves in one system call") {
  const Client client{server()};
  client.send(frame({1}));
  REQUIRE(run_until([&] { return packets.size() == 1; }));
  for (std::uint8_t i = 0; i < 20; ++i) connections.send(last_from, Packet(1000, i));
  connections.flush(*this, now);
  CHECK(counters().packets_sent == 20);
  CHECK(counters().writes == 1);
  CHECK(client.receive(20 * 1002).size() == 20 * 1002);
}

TEST_CASE_FIXTURE(Fixture, "a length that no packet has closes the connection, is counted, and its tuple told") {
  const Client client{server()};
  client.send(frame({1}));
  client.send({'G', 'E', 'T', ' ', '/'});
  REQUIRE(run_until([&] { return !closed.empty(); }));
  CHECK(closed.front() == last_from);
  CHECK(packets.size() == 1);
  CHECK(client.ended());
  CHECK(counters().closed_garbage == 1);
  CHECK(counters().open == 0);
  connections.send(last_from, Packet{1});
  CHECK(counters().packets_dropped == 1);
}

TEST_CASE_FIXTURE(Fixture, "a client that closes is noticed at once") {
  {
    const Client client{server()};
    client.send(frame({1}));
    REQUIRE(run_until([&] { return packets.size() == 1; }));
  }
  REQUIRE(run_until([&] { return !closed.empty(); }));
  CHECK(counters().closed_by_peer == 1);
  pass(2s);
  CHECK_FALSE(connections.next_timeout().has_value());
}

TEST_CASE_FIXTURE(Fixture, "a connection that proves nothing is closed after ten seconds") {
  validate = false;
  const Client silent{server()};
  const Client talking{server()};
  talking.send(frame({1}));
  REQUIRE(run_until([&] { return packets.size() == 1 && counters().accepted == 2; }));
  pass(9s);
  CHECK(counters().open == 2);
  pass(2s);
  CHECK(counters().closed_unvalidated == 2);
  CHECK(counters().open == 0);
  CHECK(silent.ended());
  CHECK(closed.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a connection lives as long as ICE holds its tuple valid") {
  const Client client{server()};
  client.send(frame({1}));
  REQUIRE(run_until([&] { return packets.size() == 1; }));
  pass(10min);
  CHECK(counters().open == 1);
  valid.clear();
  pass(1s);
  CHECK(counters().closed_invalid == 1);
  CHECK(client.ended());
}

TEST_CASE_FIXTURE(Small, "connections are bounded for each peer") {
  const std::array<Client, 2> first{Client{server()}, Client{server()}};
  const Client third{server()};
  REQUIRE(accept(3));
  CHECK(counters().accepted == 2);
  CHECK(counters().refused == 1);
  CHECK(third.ended());

  SUBCASE("and a place that becomes free is given away again") {
    { const Client gone{SocketAddress{server()}, 0, SocketAddress::ipv4({127, 0, 0, 2}, 0)}; }
    REQUIRE(run_until([&] { return counters().closed_by_peer == 1; }));
    first[0].send({0xff, 0xff});
    REQUIRE(run_until([&] { return counters().closed_garbage == 1; }));
    const Client again{server()};
    REQUIRE(accept(5));
    CHECK(counters().refused == 1);
  }
}

TEST_CASE_FIXTURE(Small, "connections are bounded altogether") {
  std::vector<Client> clients;
  for (std::uint8_t i = 1; i <= 4; ++i) clients.emplace_back(server(), 0, SocketAddress::ipv4({127, 0, 0, i}, 0));
  REQUIRE(accept(4));
  CHECK(counters().accepted == 3);
  CHECK(counters().refused == 1);
}

TEST_CASE_FIXTURE(ShortQueue, "a slow reader loses whole packets, gets the others in order, and is not cut off") {
  const Client slow{server(), 4096};
  slow.send(frame({1}));
  REQUIRE(run_until([&] { return packets.size() == 1; }));
  constexpr std::size_t kSize = 1200;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 10; ++i) {
      connections.send(last_from, Packet(kSize, static_cast<std::uint8_t>(counters().packets_sent)));
    }
    connections.flush(*this, now);
  }
  const TcpCounters full = counters();
  CHECK(full.packets_dropped > 100);
  CHECK(full.packets_sent + full.packets_dropped == 1000);
  CHECK(full.open == 1);

  // It wakes up: all that was taken arrives, each packet whole.
  std::size_t received = 0;
  Packet stream;
  while (received < full.packets_sent) {
    const Packet some = slow.receive(kSize + 2);
    REQUIRE(some.size() == kSize + 2);
    CHECK(some[0] == (kSize >> 8));
    CHECK(some[1] == (kSize & 0xff));
    CHECK(some[2] == static_cast<std::uint8_t>(received));
    ++received;
    if (ready(connections.fd(), POLLIN, 0)) connections.handle_events(*this, now);
  }
  pass(20s);
  CHECK(counters().open == 1);
}

TEST_CASE_FIXTURE(ShortQueue, "a client that reads nothing for ten seconds is cut off") {
  const Client stuck{server(), 4096};
  stuck.send(frame({1}));
  REQUIRE(run_until([&] { return packets.size() == 1; }));
  for (int i = 0; i < 500; ++i) connections.send(last_from, Packet(1200, 1));
  connections.flush(*this, now);
  pass(9s);
  CHECK(counters().open == 1);
  for (int i = 0; i < 500; ++i) connections.send(last_from, Packet(1200, 1));
  pass(2s);
  CHECK(counters().closed_stuck == 1);
  CHECK(closed.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a client that resets the connection while packets are sent costs nothing but its own") {
  {
    const Client client{server()};
    client.send(frame({1}));
    REQUIRE(run_until([&] { return packets.size() == 1; }));
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  for (int i = 0; i < 10; ++i) {
    connections.send(last_from, Packet(100, 1));
    connections.flush(*this, now);
  }
  CHECK(run_until([&] { return counters().closed_by_peer == 1; }));
  CHECK(closed.size() == 1);
}

TEST_CASE("IPv6 clients of one network count as one peer") {
  Fixture fixture{{.connections = 10, .connections_per_peer = 1}, SocketAddress::parse("::1", 0).value()};
  const Client first{fixture.server()};
  const Client second{fixture.server()};
  REQUIRE(fixture.accept(2));
  CHECK(fixture.counters().refused == 1);
}

TEST_CASE("the ports of a worker are the same for UDP and TCP") {
  const std::vector<SocketAddress> addresses{loopback(), SocketAddress::parse("::1", 0).value()};
  const MediaPorts ports = MediaPorts::open(addresses, MediaProtocols::udp_and_tcp);
  REQUIRE(ports.udp.size() == 2);
  REQUIRE(ports.tcp.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(ports.udp[i].local() == ports.tcp[i].local());
  CHECK(MediaPorts::open(addresses, MediaProtocols::udp).tcp.empty());
}

TEST_CASE("a TCP port that is taken is an error which names address, port and setting") {
  // Free for UDP, so that it is TCP that fails; other programs use ports, too.
  const auto free_for_udp = [](const TcpListener& listener) {
    try {
      const UdpSocket udp{listener.local()};
      return true;
    } catch (const MediaPortError&) {
      return false;
    }
  };
  std::vector<TcpListener> tried;
  do tried.emplace_back(loopback());
  while (!free_for_udp(tried.back()));
  const TcpListener& taken = tried.back();
  std::string text;
  try {
    static_cast<void>(MediaPorts::open(std::vector{taken.local()}, MediaProtocols::udp_and_tcp));
  } catch (const MediaPortError& error) {
    text = error.what();
  }
  CHECK(text.find(taken.local().to_string()) != std::string::npos);
  CHECK(text.find("TCP") != std::string::npos);
  CHECK(text.find("media.ice.tcp") != std::string::npos);
}

}  // namespace sluice
