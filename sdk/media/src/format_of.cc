#include <algorithm>
#include <array>

#include "annex_b.h"
#include "ffmpeg.h"
#include "sluice/media/media_file.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

using Bytes = std::span<const std::uint8_t>;

/// RFC 7845 section 5.1; no pre-skip: a capture begins somewhere in the middle of what the encoder made.
std::vector<std::uint8_t> opus_head() {
  constexpr std::array<std::uint8_t, 19> kHead{
      'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, /* channels */ 2, 0, 0, /* 48 kHz */ 0x80, 0xbb, 0, 0, 0, 0, 0};
  return {kHead.begin(), kHead.end()};
}

/// The picture's size as FFmpeg's parser of the codec reads it.
std::optional<Size> parsed_size(Codec codec, Bytes frame) {
  const auto parser = owned<ParserPtr>(av_parser_init(id_of(codec)));
  const auto context = owned<CodecPtr>(avcodec_alloc_context3(nullptr));
  context->codec_id = id_of(codec);
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  const auto packet = padded(frame);
  std::uint8_t* out = nullptr;
  int out_bytes = 0;
  av_parser_parse2(parser.get(), context.get(), &out, &out_bytes, packet->data, packet->size, AV_NOPTS_VALUE,
                   AV_NOPTS_VALUE, 0);
  if (parser->width <= 0 || parser->height <= 0) return std::nullopt;
  return Size{parser->width, parser->height};
}

std::optional<TrackFormat> h264_format(Bytes frame) {
  TrackFormat format{.codec = Codec::h264};
  bool has_sps = false;
  bool has_pps = false;
  for (const auto unit : nal_units(frame)) {
    const auto sps = is_nal(unit, NalType::sps);
    const auto pps = is_nal(unit, NalType::pps);
    if (!sps && !pps) continue;
    append_nal_unit(format.extradata, unit);
    has_sps = has_sps || sps;
    has_pps = has_pps || pps;
  }
  const auto size = has_sps && has_pps ? parsed_size(Codec::h264, frame) : std::nullopt;
  if (!size) return std::nullopt;
  format.size = *size;
  return format;
}

// RFC 6386 section 9.1: |size0|H|VER|P| 24 bits, the start code 9d 01 2a, |scale 2|width 14|, |scale 2|height 14|
std::optional<TrackFormat> vp8_format(Bytes frame) {
  if (frame.size() < 10 || (frame[0] & 1) != 0) return std::nullopt;
  if (frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a) return std::nullopt;
  const Size size{frame[6] | (frame[7] & 0x3f) << 8, frame[8] | (frame[9] & 0x3f) << 8};
  if (size.width == 0 || size.height == 0) return std::nullopt;
  return TrackFormat{.codec = Codec::vp8, .size = size};
}

/// Most significant bit first; zeros past the end.
class Bits {
 public:
  explicit Bits(Bytes bytes) noexcept : bytes_{bytes} {}
  unsigned take(int count) noexcept {
    unsigned value = 0;
    for (; count > 0; --count, ++at_) {
      const auto bit = at_ / 8 < bytes_.size() ? bytes_[at_ / 8] >> (7 - at_ % 8) & 1 : 0;
      value = value << 1 | static_cast<unsigned>(bit);
    }
    return value;
  }
  [[nodiscard]] bool past_end() const noexcept { return at_ > bytes_.size() * 8; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

// VP9 bitstream specification, section 6.2: |10|profile|show_existing|frame_type|show|error_resilient|49 83 42|colour
// configuration|width - 1: 16|height - 1: 16|
std::optional<TrackFormat> vp9_format(Bytes frame) {
  constexpr unsigned kSyncCode = 0x49'83'42;
  constexpr unsigned kSrgb = 7;
  Bits bits{frame};
  if (bits.take(2) != 2) return std::nullopt;
  const auto low = bits.take(1);
  const auto profile = low | bits.take(1) << 1;
  if (profile == 3) bits.take(1);
  const auto show_existing = bits.take(1);
  const auto inter_frame = bits.take(1);
  bits.take(2);
  if (show_existing != 0 || inter_frame != 0 || bits.take(24) != kSyncCode) return std::nullopt;
  if (profile >= 2) bits.take(1);
  const auto srgb = bits.take(3) == kSrgb;
  if (!srgb) bits.take(1);
  if (profile % 2 == 1) bits.take(srgb ? 1 : 3);
  const auto width = static_cast<int>(bits.take(16)) + 1;
  const auto height = static_cast<int>(bits.take(16)) + 1;
  if (bits.past_end()) return std::nullopt;
  return TrackFormat{.codec = Codec::vp9, .size = {width, height}};
}

/// The sequence header, as it stands in the stream.
std::vector<std::uint8_t> av1_sequence_header(Bytes frame) {
  AVBSFContext* context = nullptr;
  check(av_bsf_alloc(av_bsf_get_by_name("extract_extradata"), &context), "extract_extradata");
  const FilterPtr filter{context};
  filter->par_in->codec_id = AV_CODEC_ID_AV1;
  filter->par_in->codec_type = AVMEDIA_TYPE_VIDEO;
  check(av_bsf_init(filter.get()), "extract_extradata");
  const auto packet = padded(frame);
  if (av_bsf_send_packet(filter.get(), packet.get()) < 0) return {};
  if (av_bsf_receive_packet(filter.get(), packet.get()) < 0) return {};
  std::size_t bytes = 0;
  const auto* const data = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, &bytes);
  return data == nullptr ? std::vector<std::uint8_t>{} : std::vector<std::uint8_t>{data, data + bytes};
}

std::optional<TrackFormat> av1_format(Bytes frame) {
  auto header = av1_sequence_header(frame);
  const auto size = header.empty() ? std::nullopt : parsed_size(Codec::av1, frame);
  if (!size) return std::nullopt;
  return TrackFormat{.codec = Codec::av1, .size = *size, .extradata = std::move(header)};
}

}  // namespace

std::optional<TrackFormat> format_of(Codec codec, std::span<const std::uint8_t> key_frame) {
  quiet();
  if (codec == Codec::opus) return TrackFormat{.codec = Codec::opus, .extradata = opus_head()};
  if (key_frame.empty() || key_frame.size() > kMaxPacketBytes) return std::nullopt;
  switch (codec) {
    case Codec::h264:
      return h264_format(key_frame);
    case Codec::vp8:
      return vp8_format(key_frame);
    case Codec::vp9:
      return vp9_format(key_frame);
    case Codec::av1:
      return av1_format(key_frame);
    default:
      return std::nullopt;
  }
}

}  // namespace sluice::media
