#include "tests/load/recording.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/load/stream_shape.h"

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxRecordedPayload = 1400;
constexpr Duration kLongestPause = 2s;

struct Stream {
  SequenceUnwrapper unwrapper;
  std::map<std::int64_t, RtpPacketView> packets;  // by unwrapped sequence number
  std::size_t bytes = 0;
};

std::map<Ssrc, Stream> by_ssrc(const std::vector<DumpedPacket>& packets) {
  std::map<Ssrc, Stream> out;
  for (const DumpedPacket& packet : packets) {
    const auto view = RtpPacketView::parse(packet.bytes);
    if (!view || view->payload().empty() || view->payload().size() > kMaxRecordedPayload) continue;
    Stream& stream = out[view->ssrc()];
    if (stream.packets.emplace(stream.unwrapper.unwrap(view->sequence()), *view).second) {
      stream.bytes += packet.bytes.size();
    }
  }
  return out;
}

Recording::Packet copy_of(const RtpPacketView& view) {
  Recording::Packet out{.payload = {view.payload().begin(), view.payload().end()}, .marker = view.marker()};
  if (out.payload.size() < kMinPayload) out.payload.resize(kMinPayload);
  return out;
}

}  // namespace

Duration Recording::length() const noexcept {
  Duration out{};
  for (const Frame& frame : frames) out += frame.until_next;
  return out;
}

std::size_t Recording::packet_count() const noexcept {
  std::size_t out = 0;
  for (const Frame& frame : frames) out += frame.packets.size();
  return out;
}

Recording make_recording(const std::vector<DumpedPacket>& packets, std::uint32_t clock_rate) {
  const auto streams = by_ssrc(packets);
  const auto largest = std::ranges::max_element(streams, {}, [](const auto& entry) { return entry.second.bytes; });
  if (largest == streams.end()) throw std::runtime_error{"there is no RTP stream in it"};

  Recording out;
  RtpTimestamp frame_time{};
  for (const auto& [position, view] : largest->second.packets) {
    if (out.frames.empty() || view.timestamp() != frame_time) {
      if (!out.frames.empty()) {
        const Duration pause = std::chrono::nanoseconds{std::int64_t{distance(frame_time, view.timestamp())} *
                                                        1'000'000 / (clock_rate / 1'000)};
        out.frames.back().until_next = std::clamp<Duration>(pause, 1ms, kLongestPause);
      }
      out.frames.emplace_back();
      frame_time = view.timestamp();
    }
    out.frames.back().packets.push_back(copy_of(view));
  }
  if (out.frames.size() < 2) throw std::runtime_error{"its largest stream has less than two frames"};
  out.frames.back().until_next = out.frames[out.frames.size() - 2].until_next;
  return out;
}

Recording load_recording(const std::string& path, std::uint32_t clock_rate) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error{path + " cannot be read"};
  const std::vector<char> bytes{std::istreambuf_iterator<char>{in}, {}};
  const auto packets = read_rtp_dump({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (!packets) {
    throw std::runtime_error{path + (packets.error() == DumpError::not_a_dump ? " is no rtpdump file" : " is damaged")};
  }
  try {
    return make_recording(*packets, clock_rate);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error{path + ": " + error.what()};
  }
}

void Recorder::note(Bytes packet, Instant now) {
  if (packets_ == 0) begin_ = now;
  if (file_.size() > kMostBytes) return;
  append_to_rtp_dump(file_, packet, std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_));
  ++packets_;
}

void Recorder::save(const std::string& path) const {
  std::ofstream out{path, std::ios::binary};
  out.write(reinterpret_cast<const char*>(file_.data()), static_cast<std::streamsize>(file_.size()));
  if (!out) throw std::runtime_error{path + " cannot be written"};
}

}  // namespace sluice::load
