#include "av1_depacketizer.h"

#include <algorithm>

#include "av1_sequence_header.h"

namespace sluice::media {
namespace {

enum AggregationFlag : std::uint8_t { kContinues = 0x80, kGoesOn = 0x40 };  // Z, Y
enum ObuFlag : std::uint8_t { kObuForbidden = 0x80, kObuExtension = 0x04, kObuHasSize = 0x02 };
enum ObuType : std::uint8_t {
  kSequenceHeader = 1,
  kTemporalDelimiter = 2,
  kFrameHeader = 3,
  kTileGroup = 4,
  kFrame = 6,
  kTileList = 8
};

constexpr std::size_t kMaxLeb128 = 8;       ///< bytes
constexpr std::size_t kFragmentedRoom = 4;  ///< for the size of an OBU whose end has not come: 28 bits

std::uint8_t type_of(std::uint8_t header) noexcept { return header >> 3 & 0x0f; }

// AV1 specification section 4.10.5: seven bits a byte, the lowest first, and whether more follow.
std::size_t read_leb128(ByteReader& in) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kMaxLeb128; ++i) {
    const std::uint8_t octet = in.u8();
    value |= std::uint64_t{octet & 0x7fU} << 7 * i;
    if ((octet & 0x80) == 0) return value;
  }
  in.skip(in.remaining() + 1);  // too long
  return 0;
}

std::size_t leb128_bytes(std::size_t value) noexcept {
  std::size_t bytes = 1;
  for (; value > 0x7f; value >>= 7) ++bytes;
  return bytes;
}

// Filled up to all of `out`, which the format allows.
void write_leb128(std::size_t value, std::span<std::uint8_t> out) noexcept {
  for (std::uint8_t& octet : out) {
    octet = static_cast<std::uint8_t>((value & 0x7f) | 0x80);
    value >>= 7;
  }
  out.back() &= 0x7f;
}

struct Obu {
  std::uint8_t type = 0;
  Bytes payload;
};

// AV1 specification section 5.3, with its size:
//  |F| type: 4 |X|S|-|  extension: 8, when X |  size: leb128, when S |
std::optional<Obu> next_obu(ByteReader& in) noexcept {
  const std::uint8_t header = in.u8();
  if ((header & kObuExtension) != 0) in.skip(1);
  const Bytes payload = in.bytes(read_leb128(in));
  if (in.failed()) return std::nullopt;
  return Obu{.type = type_of(header), .payload = payload};
}

// AV1 specification section 5.9.2: |show_existing: 1| frame_type: 2 | ... ; that of a reduced still picture has
// neither.
bool is_key_frame(Bytes frame_header, const Av1SequenceHeader& sequence) noexcept {
  return sequence.reduced || (!frame_header.empty() && (frame_header.front() & 0xe0) == 0);
}

}  // namespace

// AV1 RTP payload specification section 4.4, the aggregation header:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |Z|Y| W |N|-|-|-|
//  +-+-+-+-+-+-+-+-+
// Then W elements, each but the last with its length before it; or any number, all with theirs, when W is 0.
Added Av1Depacketizer::add(Bytes payload, std::vector<std::uint8_t>& frame) {
  ByteReader in{payload};
  const std::uint8_t flags = in.u8();
  const int count = flags >> 4 & 0x03;
  if (in.remaining() == 0) return Added::malformed;
  if (((flags & kContinues) != 0) != open_.has_value()) return Added::misplaced;

  int read = 0;
  while (in.remaining() > 0) {
    const std::size_t size = ++read == count ? in.remaining() : read_leb128(in);
    const Bytes element = in.bytes(size);
    if (in.failed() || element.empty() || (count != 0 && read > count)) return Added::malformed;
    const bool goes_on = in.remaining() == 0 && (flags & kGoesOn) != 0;
    if (!open_) {
      open_ = {.at = frame.size(), .room = goes_on ? kFragmentedRoom : leb128_bytes(element.size())};
      frame.resize(frame.size() + open_->room);
    }
    frame.insert(frame.end(), element.begin(), element.end());
    if (!goes_on && !end_obu(frame)) return Added::malformed;
  }
  return count == 0 || read == count ? Added::yes : Added::malformed;
}

bool Av1Depacketizer::end_obu(std::vector<std::uint8_t>& frame) {
  const OpenObu obu = *open_;
  open_.reset();
  const auto whole = std::span{frame}.subspan(obu.at);
  const std::uint8_t header = whole[obu.room];
  const std::size_t header_bytes = (header & kObuExtension) != 0 ? 2 : 1;
  if ((header & kObuForbidden) != 0 || whole.size() < obu.room + header_bytes) return false;
  if (type_of(header) == kTemporalDelimiter || type_of(header) == kTileList) {
    frame.resize(obu.at);
    return true;
  }
  if ((header & kObuHasSize) != 0) {  // senders should not
    ByteReader in{whole.subspan(obu.room + header_bytes)};
    const std::size_t size = read_leb128(in);
    if (in.failed() || size != in.remaining()) return false;
    const auto at = frame.begin() + static_cast<std::ptrdiff_t>(obu.at);
    frame.erase(at, at + static_cast<std::ptrdiff_t>(obu.room));
    return true;
  }
  const std::size_t size = whole.size() - obu.room - header_bytes;
  if (size >> 7 * obu.room != 0) return false;
  whole[0] = header | kObuHasSize;
  if (header_bytes == 2) whole[1] = whole[obu.room + 1];
  write_leb128(size, whole.subspan(header_bytes, obu.room));
  return true;
}

FinishedFrame Av1Depacketizer::finish(std::vector<std::uint8_t>& frame) {
  if (open_) return {};
  std::optional<Av1SequenceHeader> sequence;
  ByteReader in{frame};
  while (in.remaining() > 0) {
    const auto obu = next_obu(in);
    if (!obu || obu->type == kTileGroup) return {};
    if (obu->type == kSequenceHeader) sequence = read_av1_sequence_header(obu->payload);
    if (obu->type != kFrameHeader && obu->type != kFrame) continue;
    if (!sequence || !is_key_frame(obu->payload, *sequence)) return {.verdict = Verdict::frame};
    return {.verdict = Verdict::frame, .key_frame = true, .size = sequence->size};
  }
  return {.verdict = Verdict::no_picture};
}

}  // namespace sluice::media
