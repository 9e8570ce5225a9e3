#include "av1_sequence_header.h"

#include <cstdint>

#include "bit_reader.h"

namespace sluice::media {
namespace {

constexpr std::uint32_t kLevelsWithTier = 8;  // and above

struct DecoderModel {
  bool present = false;
  std::size_t delay_bits = 0;
};

//  | ticks: 32 | time scale: 32 | equal intervals: 1 | uvlc, when equal | decoder model present: 1 |
//  | delay bits - 1: 5 | ticks: 32 | removal bits: 5 | presentation bits: 5 |
DecoderModel read_timing(BitReader& in) noexcept {
  in.skip(64);
  if (in.flag()) in.exp_golomb();
  if (!in.flag()) return {};
  const DecoderModel model{.present = true, .delay_bits = in.bits(5) + 1};
  in.skip(32 + 5 + 5);
  return model;
}

//  | idc: 12 | level: 5 | tier: 1, of high levels | model: 1 | delays, low delay: 1 | display delay: 1 | 4 |
void skip_operating_point(BitReader& in, const DecoderModel& model, bool has_display_delay) noexcept {
  in.skip(12);
  if (in.bits(5) >= kLevelsWithTier) in.skip(1);
  if (model.present && in.flag()) in.skip(2 * model.delay_bits + 1);
  if (has_display_delay && in.flag()) in.skip(4);
}

void skip_operating_points(BitReader& in) noexcept {
  const DecoderModel model = in.flag() ? read_timing(in) : DecoderModel{};
  const bool has_display_delay = in.flag();
  const std::uint32_t points = in.bits(5) + 1;
  for (std::uint32_t i = 0; i < points; ++i) skip_operating_point(in, model, has_display_delay);
}

}  // namespace

// AV1 specification section 5.5.1:
//  | profile: 3 | still: 1 | reduced: 1 | level: 5 when reduced, or the operating points |
//  | width bits - 1: 4 | height bits - 1: 4 | width - 1 | height - 1 |
std::optional<Av1SequenceHeader> read_av1_sequence_header(Bytes payload) noexcept {
  BitReader in{payload};
  in.skip(4);
  Av1SequenceHeader header{.size = {}, .reduced = in.flag()};
  if (header.reduced) {
    in.skip(5);
  } else {
    skip_operating_points(in);
  }
  const std::size_t width_bits = in.bits(4) + 1;
  const std::size_t height_bits = in.bits(4) + 1;
  header.size.width = static_cast<int>(in.bits(width_bits)) + 1;
  header.size.height = static_cast<int>(in.bits(height_bits)) + 1;
  if (in.failed()) return std::nullopt;
  return header;
}

}  // namespace sluice::media
