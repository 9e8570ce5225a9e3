#include "h264_depacketizer.h"

#include <array>

#include "h264_sps.h"

namespace sluice::media {
namespace {

// Sets that are kept, each of SPS and PPS, and how long one may be: encoders for calls send one of 30 bytes.
constexpr std::size_t kMaxSets = 16;
constexpr std::size_t kMaxSetBytes = 1'024;

enum NalType : std::uint8_t {
  kSlice = 1,
  kPartitionA = 2,
  kIdrSlice = 5,
  kSps = 7,
  kPps = 8,
  kFiller = 12,
  kLastSingle = 23,
  kStapA = 24,
  kFuA = 28
};

enum FuFlag : std::uint8_t { kFuStart = 0x80, kFuEnd = 0x40 };

constexpr std::uint8_t kTypeMask = 0x1f;
constexpr std::uint8_t kForbidden = 0x80;

void append(std::vector<std::uint8_t>& frame, Bytes bytes) { frame.insert(frame.end(), bytes.begin(), bytes.end()); }

void append_start_code(std::vector<std::uint8_t>& frame) {
  constexpr std::array<std::uint8_t, 4> kStartCode{0, 0, 0, 1};
  append(frame, kStartCode);
}

}  // namespace

// RFC 6184 section 5.3, the NAL unit header:
//  |F|NRI|  Type   |
Added H264Depacketizer::add(Bytes payload, std::vector<std::uint8_t>& frame) {
  if ((payload.front() & kForbidden) != 0) return Added::malformed;
  const std::uint8_t type = payload.front() & kTypeMask;
  if (type == kFuA) return add_fragment(payload, frame);
  if (frame_.in_fragments) return Added::misplaced;
  return type == kStapA ? add_aggregate(payload, frame) : add_whole(payload, frame);
}

FinishedFrame H264Depacketizer::finish(std::vector<std::uint8_t>& /*frame*/) {
  if (frame_.in_fragments) return {};
  if (!frame_.picture) return {.verdict = Verdict::no_picture};
  if (!frame_.idr) return {.verdict = Verdict::frame};
  if (!frame_.has_sps || !frame_.has_pps) return {};  // nobody can decode it
  return {.verdict = Verdict::frame, .key_frame = true, .size = size_};
}

Added H264Depacketizer::add_whole(Bytes nal, std::vector<std::uint8_t>& frame) {
  const std::uint8_t type = nal.front() & kTypeMask;
  if (type == 0 || type > kLastSingle) return Added::malformed;
  if (type == kFiller) return Added::yes;
  keep_set(nal);
  if (const Added begun = begin_nal(type, nal.subspan(1), frame); begun != Added::yes) return begun;
  append_start_code(frame);
  append(frame, nal);
  return Added::yes;
}

// RFC 6184 section 5.7.1:
//  | STAP-A header: 8 | size: 16 | NAL unit | size: 16 | NAL unit | ...
Added H264Depacketizer::add_aggregate(Bytes payload, std::vector<std::uint8_t>& frame) {
  ByteReader in{payload.subspan(1)};
  if (in.remaining() == 0) return Added::malformed;
  while (in.remaining() > 0) {
    const Bytes nal = in.bytes(in.u16());
    if (in.failed() || nal.empty()) return Added::malformed;
    if (const Added added = add_whole(nal, frame); added != Added::yes) return added;
  }
  return Added::yes;
}

// RFC 6184 section 5.8:
//  |F|NRI|   28    |S|E|R|  Type   | fragment
Added H264Depacketizer::add_fragment(Bytes payload, std::vector<std::uint8_t>& frame) {
  ByteReader in{payload};
  const std::uint8_t indicator = in.u8();
  const std::uint8_t header = in.u8();
  const bool starts = (header & kFuStart) != 0;
  const bool ends = (header & kFuEnd) != 0;
  if (in.failed() || in.remaining() == 0 || (starts && ends)) return Added::malformed;
  if (starts == frame_.in_fragments) return Added::misplaced;

  const std::uint8_t type = header & kTypeMask;
  if (starts) {
    if (type == 0 || type > kLastSingle) return Added::malformed;
    frame_.skips_fragments = type == kFiller;
    if (!frame_.skips_fragments) {
      if (const Added begun = begin_nal(type, in.rest(), frame); begun != Added::yes) return begun;
      append_start_code(frame);
      frame.push_back(static_cast<std::uint8_t>((indicator & ~kTypeMask) | type));
    }
  }
  frame_.in_fragments = !ends;
  if (!frame_.skips_fragments) append(frame, in.rest());
  return Added::yes;
}

Added H264Depacketizer::begin_nal(std::uint8_t type, Bytes body, std::vector<std::uint8_t>& frame) {
  if (type == kSps) frame_.has_sps = true;
  if (type == kPps) frame_.has_pps = true;
  const bool slice = type == kSlice || type == kPartitionA || type == kIdrSlice;
  return slice && !frame_.picture ? begin_slice(type, body, frame) : Added::yes;
}

// The picture's first slice begins with its first macroblock: first_mb_in_slice, ue(v), is 0, a single 1 bit. If not,
// those before are missing.
Added H264Depacketizer::begin_slice(std::uint8_t type, Bytes body, std::vector<std::uint8_t>& frame) {
  if (body.empty()) return Added::malformed;
  if ((body.front() & 0x80) == 0) return Added::misplaced;
  frame_.picture = true;
  frame_.idr = type == kIdrSlice;
  if (!frame_.idr) return Added::yes;
  const auto repeat = [&frame](const ParameterSets& sets, bool& has) {
    if (has) return;
    has = !sets.empty();
    for (const auto& [id, set] : sets) {
      append_start_code(frame);
      append(frame, set);
    }
  };
  repeat(sps_, frame_.has_sps);
  repeat(pps_, frame_.has_pps);
  return Added::yes;
}

void H264Depacketizer::keep_set(Bytes nal) {
  const std::uint8_t type = nal.front() & kTypeMask;
  if (type == kPps) {
    if (const auto id = read_h264_pps_id(nal)) keep(pps_, *id, nal);
  }
  if (type != kSps) return;
  const auto sps = read_h264_sps(nal);
  if (!sps) return;
  size_ = sps->size;
  keep(sps_, sps->id, nal);
}

void H264Depacketizer::keep(ParameterSets& sets, std::uint32_t id, Bytes nal) {
  if (nal.size() > kMaxSetBytes) return;
  if (sets.size() >= kMaxSets && !sets.contains(id)) sets.clear();
  sets[id].assign(nal.begin(), nal.end());
}

}  // namespace sluice::media
