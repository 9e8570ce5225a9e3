// RFC 4571 framing from both sides. Any bytes, cut anywhere, into a reader: it hands out packets within bounds, and the
// same ones however the stream is cut. Any packets through a queue, taken in pieces of any size, into a reader: those
// that the queue took come out, whole and in order.

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/media/worker/tcp_frame_queue.h"
#include "core/media/worker/tcp_frame_reader.h"

namespace sluice {
namespace {

using Packets = std::vector<std::vector<std::uint8_t>>;

void require(bool holds) {
  if (!holds) std::abort();
}

// What comes of `stream`; false when it was found to be garbage.
bool feed(TcpFrameReader& reader, Bytes stream, std::size_t chunk, Packets& packets) {
  while (!stream.empty()) {
    const MutableBytes space = reader.space();
    require(!space.empty());
    const std::size_t count = std::min({std::max<std::size_t>(chunk, 1), space.size(), stream.size()});
    std::ranges::copy(stream.first(count), space.begin());
    reader.add(count);
    stream = stream.subspan(count);
    auto packet = reader.next();
    for (; packet; packet = reader.next()) {
      require(!packet->empty() && packet->size() <= TcpFrameReader::kMaxFrame);
      packets.emplace_back(packet->begin(), packet->end());
      std::ranges::fill(*packet, std::uint8_t{0xee});  // packets are decrypted in place
    }
    if (packet.error() == TcpFrameError::oversize) return false;
  }
  return true;
}

void read_anything(FuzzedDataProvider& in) {
  const auto chunk = in.ConsumeIntegralInRange<std::size_t>(1, 4000);
  const auto stream = in.ConsumeRemainingBytes<std::uint8_t>();
  Packets in_one;
  Packets in_pieces;
  TcpFrameReader first;
  TcpFrameReader second;
  const bool whole = feed(first, stream, stream.size(), in_one);
  require(feed(second, stream, chunk, in_pieces) == whole);
  require(in_one == in_pieces);
}

void pass_through(FuzzedDataProvider& in) {
  TcpFrameQueue queue{in.ConsumeIntegralInRange<std::size_t>(0, 20'000)};
  TcpFrameReader reader;
  Packets sent;
  Packets received;
  const auto take = [&](std::size_t count) {
    std::vector<std::uint8_t> stream;
    for (const Bytes part : queue.pending()) stream.insert(stream.end(), part.begin(), part.end());
    require(stream.size() == queue.size());
    count = std::min(count, stream.size());
    require(feed(reader, Bytes{stream}.first(count), in.ConsumeIntegralInRange<std::size_t>(1, 3000), received));
    queue.consume(count);
  };
  while (in.remaining_bytes() > 0) {
    if (in.ConsumeBool()) {
      const std::vector<std::uint8_t> packet(in.ConsumeIntegralInRange<std::size_t>(0, TcpFrameReader::kMaxFrame),
                                             in.ConsumeIntegral<std::uint8_t>());
      if (queue.push(packet) && !packet.empty()) sent.push_back(packet);
    } else {
      take(in.ConsumeIntegralInRange<std::size_t>(0, 5000));
    }
  }
  take(queue.size());
  require(sent == received);
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in{data, size};
  in.ConsumeBool() ? sluice::read_anything(in) : sluice::pass_through(in);
  return 0;
}
