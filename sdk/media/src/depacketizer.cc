#include "depacketizer.h"

#include "av1_depacketizer.h"
#include "h264_depacketizer.h"
#include "vp8_depacketizer.h"
#include "vp9_depacketizer.h"

namespace sluice::media {
namespace {

// RFC 7587 section 4.2: the payload is one Opus packet. The tiny ones of a silence (DTX) are packets as all others.
class AudioDepacketizer final : public Depacketizer {
 public:
  void begin() override {}
  Added add(Bytes payload, std::vector<std::uint8_t>& frame) override {
    frame.insert(frame.end(), payload.begin(), payload.end());
    return Added::yes;
  }
  FinishedFrame finish(std::vector<std::uint8_t>& /*frame*/) override {
    return {.verdict = Verdict::frame, .key_frame = true};
  }
};

}  // namespace

std::unique_ptr<Depacketizer> make_depacketizer(Codec codec) {
  switch (codec) {
    case Codec::h264:
      return std::make_unique<H264Depacketizer>();
    case Codec::vp8:
      return std::make_unique<Vp8Depacketizer>();
    case Codec::vp9:
      return std::make_unique<Vp9Depacketizer>();
    case Codec::av1:
      return std::make_unique<Av1Depacketizer>();
    case Codec::opus:
    case Codec::aac:
    case Codec::mp3:
      break;
  }
  return std::make_unique<AudioDepacketizer>();
}

}  // namespace sluice::media
