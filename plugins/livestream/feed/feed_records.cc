#include "feed/feed_records.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <concepts>
#include <type_traits>
#include <utility>

#include "sluice/jobs.h"

namespace sluice::livestream {
namespace {

// An entry, all numbers little-endian:
//
//   |type|  length: of what follows  | content |
//   0    1                           5
//
// The content of a packet; of all others it is JSON, UTF-8:
//
//   |  track  |    arrival: ns    |flags|  NTP, RTP: with kHasClock  |  a whole RTP packet
//   0         4                   12    13                           25 (13 without clock)
enum class EntryType : std::uint8_t { packet, participant, track, track_state, track_end, speaker };

constexpr std::uint8_t kHasClock = 1;

using Bytes = std::vector<std::uint8_t>;

template <std::unsigned_integral T>
void append(Bytes& out, T number) {
  for (std::size_t i = 0; i < sizeof number; ++i) out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

void append_header(Bytes& out, EntryType type, std::size_t length) {
  append(out, static_cast<std::uint8_t>(type));
  append(out, static_cast<std::uint32_t>(length));
}

// Reads off the front; behind the end everything is 0 and the reader has failed.
class Fields {
 public:
  explicit Fields(std::span<const std::uint8_t> bytes) noexcept : rest_{bytes} {}

  template <std::unsigned_integral T>
  T take() noexcept {
    T number = 0;
    for (std::size_t i = 0; const std::uint8_t byte : take_bytes(sizeof number)) {
      number = static_cast<T>(number | static_cast<T>(T{byte} << (8 * i++)));
    }
    return number;
  }
  std::span<const std::uint8_t> take_bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const auto out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return out;
  }
  [[nodiscard]] std::span<const std::uint8_t> rest() const noexcept { return rest_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::span<const std::uint8_t> rest_;
  bool failed_ = false;
};

constexpr EntryType type_of(const FeedParticipant*) noexcept { return EntryType::participant; }
constexpr EntryType type_of(const FeedTrack*) noexcept { return EntryType::track; }
constexpr EntryType type_of(const FeedTrackState*) noexcept { return EntryType::track_state; }
constexpr EntryType type_of(const FeedTrackEnd*) noexcept { return EntryType::track_end; }
constexpr EntryType type_of(const FeedSpeaker*) noexcept { return EntryType::speaker; }

template <class Entry>
void append_entry(Bytes& out, const Entry& entry) {
  const std::string text = json::serialize(to_json(entry));
  append_header(out, type_of(&entry), text.size());
  out.insert(out.end(), text.begin(), text.end());
}

void append_entry(Bytes& out, const FeedPacket& packet) {
  constexpr std::size_t kFixed = 13;
  constexpr std::size_t kClock = 12;
  append_header(out, EntryType::packet, kFixed + (packet.clock ? kClock : 0) + packet.rtp.size());
  append(out, packet.track);
  const std::chrono::nanoseconds arrival = packet.arrival.time_since_epoch();
  append(out, static_cast<std::uint64_t>(arrival.count()));
  append(out, packet.clock ? kHasClock : std::uint8_t{0});
  if (packet.clock) {
    append(out, packet.clock->ntp);
    append(out, packet.clock->rtp.value());
  }
  out.insert(out.end(), packet.rtp.begin(), packet.rtp.end());
}

std::optional<FeedEntry> read_packet(std::span<const std::uint8_t> content) {
  Fields in{content};
  FeedPacket packet;
  packet.track = in.take<std::uint32_t>();
  packet.arrival = Instant{std::chrono::nanoseconds{static_cast<std::int64_t>(in.take<std::uint64_t>())}};
  const auto flags = in.take<std::uint8_t>();
  if ((flags & ~kHasClock) != 0) return std::nullopt;
  if ((flags & kHasClock) != 0) {
    const auto ntp = in.take<std::uint64_t>();
    packet.clock = TappedClock{.ntp = ntp, .rtp = RtpTimestamp{in.take<std::uint32_t>()}};
  }
  if (in.failed()) return std::nullopt;
  packet.rtp = in.rest();
  return packet;
}

template <class Entry>
std::optional<FeedEntry> read_json(std::span<const std::uint8_t> content) {
  const std::string text{content.begin(), content.end()};
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return std::nullopt;
  try {
    return from_json<Entry>(value);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<FeedEntry> read_entry(EntryType type, std::span<const std::uint8_t> content) {
  switch (type) {
    case EntryType::packet:
      return read_packet(content);
    case EntryType::participant:
      return read_json<FeedParticipant>(content);
    case EntryType::track:
      return read_json<FeedTrack>(content);
    case EntryType::track_state:
      return read_json<FeedTrackState>(content);
    case EntryType::track_end:
      return read_json<FeedTrackEnd>(content);
    case EntryType::speaker:
      return read_json<FeedSpeaker>(content);
  }
  return std::nullopt;
}

}  // namespace

bool FeedRecord::add(const FeedEntry& entry) {
  const std::size_t before = bytes_.size();
  std::visit([this](const auto& one) { append_entry(bytes_, one); }, entry);
  if (bytes_.size() <= JobRecords::kMaxBytes) return true;
  bytes_.resize(before);
  return false;
}

std::optional<FeedEntry> FeedReader::next() {
  if (rest_.empty() || malformed_) return std::nullopt;
  Fields in{rest_};
  const auto type = in.take<std::uint8_t>();
  const auto length = in.take<std::uint32_t>();
  const auto content = in.take_bytes(length);
  auto entry = in.failed() ? std::nullopt : read_entry(EntryType{type}, content);
  malformed_ = !entry.has_value();
  rest_ = in.rest();
  return entry;
}

}  // namespace sluice::livestream
