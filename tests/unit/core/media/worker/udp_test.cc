// The worker's sockets and their batches, on the loopback interface.

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/media/transport/packet_path.h"
#include "core/media/worker/receive_batch.h"
#include "core/media/worker/send_batch.h"
#include "core/media/worker/udp_socket.h"

namespace sluice {
namespace {

SocketAddress loopback(std::uint16_t port = 0) { return SocketAddress::ipv4({127, 0, 0, 1}, port); }

using Datagram = std::vector<std::uint8_t>;

// Everything that arrives until nothing has for a moment; loopback delivers before sendmsg returns.
std::vector<Datagram> receive_all(const UdpSocket& socket) {
  ReceiveBatch batch;
  std::vector<Datagram> all;
  while (true) {
    pollfd waiting{.fd = socket.fd(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 50) != 1) return all;
    const std::size_t count = batch.receive(socket.fd());
    for (std::size_t i = 0; i < count; ++i) {
      const MutableBytes datagram = batch.datagram(i);
      all.emplace_back(datagram.begin(), datagram.end());
    }
  }
}

// A datagram that says which it is.
void queue(SendBatch& batch, std::size_t size, std::uint16_t number, const SocketAddress& to, std::uint8_t socket = 0) {
  const MutableBytes buffer = batch.acquire();
  REQUIRE(buffer.size() == PacketPath::kMaxDatagram);
  std::fill_n(buffer.begin(), size, std::uint8_t{0x5a});
  buffer[0] = static_cast<std::uint8_t>(number >> 8);
  buffer[1] = static_cast<std::uint8_t>(number);
  batch.commit(size, socket, to);
}
int number_of(const Datagram& datagram) { return datagram.at(0) << 8 | datagram.at(1); }

void check_order(const std::vector<Datagram>& datagrams, int first, int step) {
  for (const Datagram& datagram : datagrams) {
    CHECK(number_of(datagram) == first);
    first += step;
  }
}

}  // namespace

TEST_CASE("a socket on port 0 knows the port that it got") {
  const UdpSocket socket{loopback()};
  CHECK(socket.local().port() != 0);
  CHECK(socket.local().is_loopback());
  const UdpSocket six{SocketAddress::parse("::1", 0).value()};
  CHECK(six.local().is_ipv6());
}

TEST_CASE("a port that is taken is an error which names address, port and setting") {
  const UdpSocket first{loopback()};
  std::string text;
  try {
    const UdpSocket second{first.local()};
  } catch (const MediaPortError& error) {
    text = error.what();
  }
  CHECK(text.find(first.local().to_string()) != std::string::npos);
  CHECK(text.find("base_port") != std::string::npos);
  CHECK(text.find("in use") != std::string::npos);
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("an address that is not ours is an error") {
  CHECK_THROWS_AS(UdpSocket{SocketAddress::ipv4({192, 0, 2, 1}, 0)}, MediaPortError);
}

TEST_CASE("packets of one destination keep their order and sizes, and take few messages") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  const UdpSocket alice{loopback()};
  const UdpSocket bob{loopback()};
  SendBatch batch{sockets};
  for (std::uint16_t i = 0; i < 60; ++i) queue(batch, 1000, i, i % 2 == 0 ? alice.local() : bob.local());
  CHECK(receive_all(alice).empty());  // nothing leaves before flush()
  batch.flush();
  const auto of_alice = receive_all(alice);
  const auto of_bob = receive_all(bob);
  REQUIRE(of_alice.size() == 30);
  REQUIRE(of_bob.size() == 30);
  check_order(of_alice, 0, 2);
  check_order(of_bob, 1, 2);
  CHECK(std::ranges::all_of(of_alice, [](const Datagram& datagram) { return datagram.size() == 1000; }));
  CHECK(batch.counters().packets == 60);
  CHECK(batch.counters().messages == 2);
  CHECK(batch.counters().dropped == 0);
}

TEST_CASE("many destinations take one message each and few system calls, and each keeps its order") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  std::vector<UdpSocket> peers;
  for (std::size_t i = 0; i < 120; ++i) peers.emplace_back(loopback());  // of one hash are some of them, by chance
  SendBatch batch{sockets};
  for (std::uint16_t i = 0; i < 2; ++i) {
    for (const UdpSocket& peer : peers) queue(batch, 500, i, peer.local());
  }
  batch.flush();
  ReceiveBatch received;
  for (const UdpSocket& peer : peers) {
    REQUIRE(received.receive(peer.fd()) == 2);
    CHECK(received.datagram(0)[1] == 0);
    CHECK(received.datagram(1)[1] == 1);
  }
  CHECK(batch.counters().packets == 240);
  CHECK(batch.counters().messages < 240);
  CHECK(batch.counters().system_calls <= 4);  // 64 messages each
}

TEST_CASE("a group ends with a shorter packet; a longer one begins another") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  const UdpSocket peer{loopback()};
  SendBatch batch{sockets};
  const std::vector<std::size_t> sizes{1200, 1200, 1200, 700, 1200, 1200, 40, 41, 1452, 1452, 2};
  for (std::size_t i = 0; i < sizes.size(); ++i) queue(batch, sizes[i], static_cast<std::uint16_t>(i), peer.local());
  batch.flush();
  const auto received = receive_all(peer);
  REQUIRE(received.size() == sizes.size());
  check_order(received, 0, 1);
  for (std::size_t i = 0; i < sizes.size(); ++i) CHECK(received[i].size() == sizes[i]);
  CHECK(batch.counters().messages == 4);  // 1200 1200 1200 700 | 1200 1200 40 | 41 | 1452 1452 2
}

TEST_CASE("more packets than a batch holds all leave") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  const UdpSocket peer{loopback()};
  SendBatch batch{sockets};
  constexpr std::uint16_t kCount = SendBatch::kPackets * 2 + 10;
  for (std::uint16_t i = 0; i < kCount; ++i) queue(batch, 100, i, peer.local());
  batch.flush();
  const auto received = receive_all(peer);
  REQUIRE(received.size() == kCount);
  check_order(received, 0, 1);
  CHECK(batch.counters().packets == kCount);
  batch.flush();
  CHECK(receive_all(peer).empty());
}

TEST_CASE("a buffer that is given back is not sent") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  const UdpSocket peer{loopback()};
  SendBatch batch{sockets};
  queue(batch, 10, 1, peer.local());
  static_cast<void>(batch.acquire());
  batch.commit(0, 0, SocketAddress{});
  queue(batch, 10, 2, peer.local());
  batch.flush();
  const auto received = receive_all(peer);
  REQUIRE(received.size() == 2);
  check_order(received, 1, 1);
}

TEST_CASE("each packet leaves through the socket that it was queued for") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  sockets.emplace_back(loopback());
  const UdpSocket peer{loopback()};
  SendBatch batch{sockets};
  for (std::uint16_t i = 0; i < 10; ++i) queue(batch, 100, i, peer.local(), i % 2);
  batch.flush();
  ReceiveBatch received;
  REQUIRE(received.receive(peer.fd()) == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    const bool odd = (received.datagram(i)[1] & 1) != 0;
    CHECK(received.source(i) == sockets[odd ? 1 : 0].local());
  }
}

TEST_CASE("a destination that cannot be reached costs its own packets and is counted") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(loopback());
  const UdpSocket peer{loopback()};
  const auto nowhere = SocketAddress::ipv4({255, 255, 255, 255}, 9);  // broadcast is not permitted
  const auto port_zero = loopback(0);                                 // what EINVAL looks like
  SendBatch batch{sockets};
  for (std::uint16_t i = 0; i < 20; ++i) {
    queue(batch, 100, i, peer.local());
    queue(batch, 100, i, nowhere);
    queue(batch, 100, i, port_zero);
  }
  batch.flush();
  const auto received = receive_all(peer);
  REQUIRE(received.size() == 20);
  check_order(received, 0, 1);
  CHECK(batch.counters().dropped == 40);
  CHECK(batch.counters().packets == 20);

  // Groups are still sent as groups: the reason was theirs, not the kernel's.
  const auto before = batch.counters().messages;
  for (std::uint16_t i = 0; i < 20; ++i) queue(batch, 100, i, peer.local());
  batch.flush();
  CHECK(batch.counters().messages == before + 1);
}

TEST_CASE("a batch reads what is there, with its source, and tells what was cut off") {
  const UdpSocket socket{loopback()};
  std::vector<UdpSocket> senders;
  senders.emplace_back(loopback());
  const auto send = [&](std::size_t size) {
    const Datagram datagram(size, 0x33);
    REQUIRE(::sendto(senders[0].fd(), datagram.data(), datagram.size(), 0, socket.local().data(),
                     socket.local().size()) == static_cast<ssize_t>(size));
  };
  ReceiveBatch batch;
  CHECK(batch.receive(socket.fd()) == 0);
  send(0);
  send(1);
  send(ReceiveBatch::kMaxDatagram);
  send(ReceiveBatch::kMaxDatagram + 1);
  send(20'000);
  send(10);
  REQUIRE(batch.receive(socket.fd()) == 6);
  const std::array<std::size_t, 6> sizes{
      0, 1, ReceiveBatch::kMaxDatagram, ReceiveBatch::kMaxDatagram, ReceiveBatch::kMaxDatagram, 10};
  const std::array<bool, 6> cut{false, false, false, true, true, false};
  for (std::size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(batch.datagram(i).size() == sizes[i]);
    CHECK(batch.truncated(i) == cut[i]);
    CHECK(batch.source(i) == senders[0].local());
  }
  CHECK(batch.receive(socket.fd()) == 0);
}

TEST_CASE("a batch reads at most so many, the rest later") {
  const UdpSocket socket{loopback()};
  std::vector<UdpSocket> senders;
  senders.emplace_back(loopback());
  SendBatch out{senders};
  for (std::uint16_t i = 0; i < ReceiveBatch::kBatch + 5; ++i) queue(out, 50, i, socket.local());
  out.flush();
  ReceiveBatch batch;
  CHECK(batch.receive(socket.fd()) == ReceiveBatch::kBatch);
  CHECK(batch.receive(socket.fd()) == 5);
  CHECK(batch.datagram(4)[1] == ReceiveBatch::kBatch + 4);
}

TEST_CASE("IPv6 works as well") {
  std::vector<UdpSocket> sockets;
  sockets.emplace_back(SocketAddress::parse("::1", 0).value());
  const UdpSocket peer{SocketAddress::parse("::1", 0).value()};
  SendBatch batch{sockets};
  for (std::uint16_t i = 0; i < 5; ++i) queue(batch, 1452, i, peer.local());
  batch.flush();
  check_order(receive_all(peer), 0, 1);
  CHECK(batch.counters().packets == 5);
}

}  // namespace sluice
