// RFC 4571 framing, both ways, without a socket.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "core/media/worker/tcp_frame_queue.h"
#include "core/media/worker/tcp_frame_reader.h"

namespace sluice {
namespace {

using Packet = std::vector<std::uint8_t>;

Packet packet_of(std::size_t size, std::uint8_t number) {
  Packet packet(size, number);
  if (size > 0) packet.back() = static_cast<std::uint8_t>(size);
  return packet;
}

Packet framed(const std::vector<Packet>& packets) {
  Packet stream;
  for (const Packet& packet : packets) {
    stream.push_back(static_cast<std::uint8_t>(packet.size() >> 8));
    stream.push_back(static_cast<std::uint8_t>(packet.size()));
    stream.insert(stream.end(), packet.begin(), packet.end());
  }
  return stream;
}

struct Read {
  std::vector<Packet> packets;
  TcpFrameError error = TcpFrameError::incomplete;
};

void drain(TcpFrameReader& reader, Read& read) {
  auto packet = reader.next();
  for (; packet; packet = reader.next()) read.packets.emplace_back(packet->begin(), packet->end());
  read.error = packet.error();
}

// As the kernel would hand it over, at most `chunk` bytes at a time.
Read read_stream(TcpFrameReader& reader, Bytes stream, std::size_t chunk) {
  Read read;
  while (!stream.empty() && read.error == TcpFrameError::incomplete) {
    const MutableBytes space = reader.space();
    REQUIRE(!space.empty());
    const std::size_t count = std::min({chunk, space.size(), stream.size()});
    std::ranges::copy(stream.first(count), space.begin());
    reader.add(count);
    stream = stream.subspan(count);
    drain(reader, read);
  }
  return read;
}

Packet pending_of(const TcpFrameQueue& queue) {
  Packet all;
  for (const Bytes part : queue.pending()) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_CASE("a packet is two bytes of length and itself") {
  TcpFrameReader reader;
  const Read read = read_stream(reader, std::to_array<std::uint8_t>({0x00, 0x03, 0xaa, 0xbb, 0xcc}), 100);
  REQUIRE(read.packets.size() == 1);
  CHECK(read.packets[0] == Packet{0xaa, 0xbb, 0xcc});

  TcpFrameQueue queue;
  CHECK(queue.push(Packet{0xaa, 0xbb, 0xcc}));
  CHECK(pending_of(queue) == Packet{0x00, 0x03, 0xaa, 0xbb, 0xcc});
}

TEST_CASE("packets are the same however the stream is cut") {
  std::vector<Packet> packets;
  for (std::uint8_t i = 0; i < 40; ++i) packets.push_back(packet_of(1 + i * 41U % TcpFrameReader::kMaxFrame, i));
  packets.push_back(packet_of(TcpFrameReader::kMaxFrame, 40));
  packets.push_back(packet_of(TcpFrameReader::kMaxFrame, 41));
  const Packet stream = framed(packets);
  for (const std::size_t chunk : {1U, 2U, 3U, 7U, 100U, 1459U, 1602U, 8192U, 100'000U}) {
    CAPTURE(chunk);
    TcpFrameReader reader;
    const Read read = read_stream(reader, stream, chunk);
    CHECK(read.packets == packets);
    CHECK(read.error == TcpFrameError::incomplete);
  }
}

TEST_CASE("half a packet waits for the rest") {
  TcpFrameReader reader;
  const Packet stream = framed({packet_of(1000, 1)});
  CHECK(read_stream(reader, Bytes{stream}.first(1), 100).packets.empty());
  CHECK(read_stream(reader, Bytes{stream}.subspan(1, 1000), 100).packets.empty());
  CHECK(read_stream(reader, Bytes{stream}.subspan(1001), 100).packets.size() == 1);
}

TEST_CASE("null packets are skipped") {
  TcpFrameReader reader;
  const Read read = read_stream(reader, framed({{}, packet_of(5, 1), {}, {}, packet_of(6, 2), {}}), 4);
  CHECK(read.packets == std::vector{packet_of(5, 1), packet_of(6, 2)});
}

TEST_CASE("a length that no packet has ends the stream, and stays its end") {
  for (const std::size_t length : {TcpFrameReader::kMaxFrame + 1, std::size_t{0x4745}, std::size_t{0xffff}}) {
    CAPTURE(length);
    TcpFrameReader reader;
    Packet stream = framed({packet_of(10, 1)});
    stream.push_back(static_cast<std::uint8_t>(length >> 8));
    stream.push_back(static_cast<std::uint8_t>(length));
    Read read = read_stream(reader, stream, 100);
    CHECK(read.packets.size() == 1);  // what came before is good
    CHECK(read.error == TcpFrameError::oversize);
    drain(reader, read);
    CHECK(read.packets.size() == 1);
    CHECK(read.error == TcpFrameError::oversize);
  }
}

TEST_CASE("what is queued comes out whole and in order, however much the socket takes") {
  std::mt19937 dice{5};
  TcpFrameQueue queue{10'000};
  TcpFrameReader reader;
  std::vector<Packet> sent;
  Read read;
  for (int round = 0; round < 2000; ++round) {
    const Packet packet = packet_of(1 + dice() % 1452, static_cast<std::uint8_t>(round));
    if (queue.push(packet)) sent.push_back(packet);
    CHECK(queue.size() <= 10'000);
    if (dice() % 2 == 0) continue;
    const Packet pending = pending_of(queue);
    const std::size_t taken = dice() % (pending.size() + 1);
    const Read more = read_stream(reader, Bytes{pending}.first(taken), 1460);
    read.packets.insert(read.packets.end(), more.packets.begin(), more.packets.end());
    queue.consume(taken);
  }
  const Packet rest = pending_of(queue);
  const Read more = read_stream(reader, rest, 1460);
  read.packets.insert(read.packets.end(), more.packets.begin(), more.packets.end());
  CHECK(sent.size() > 100);
  CHECK(sent.size() < 2000);  // some did not fit
  CHECK(read.packets == sent);
}

TEST_CASE("a full queue takes no part of a packet, and takes packets again when there is room") {
  TcpFrameQueue queue{1000};
  REQUIRE(queue.push(packet_of(400, 1)));
  REQUIRE(queue.push(packet_of(400, 2)));
  const Packet before = pending_of(queue);
  CHECK_FALSE(queue.push(packet_of(200, 3)));
  CHECK(pending_of(queue) == before);
  CHECK(queue.push(packet_of(194, 4)));  // exactly full
  CHECK(queue.size() == 1000);
  CHECK_FALSE(queue.push({}));
  queue.consume(402);
  CHECK(queue.push(packet_of(400, 5)));
  CHECK(pending_of(queue) == framed({packet_of(400, 2), packet_of(194, 4), packet_of(400, 5)}));
  queue.consume(queue.size());
  CHECK(queue.empty());
  CHECK(queue.pending()[0].empty());
}

}  // namespace sluice
