// Packets in any order, with jumps, losses, duplicates and resets, while time goes by: what comes out is sound, in
// order, and counted.
#include "hostile_frames.h"

namespace sluice::media {
namespace {

constexpr std::size_t kStep = 6;  ///< bytes: what, number, time, payload's beginning
constexpr std::size_t kMaxPackets = 16;
constexpr std::uint8_t kOrientationId = 1;

class Scenario {
 public:
  explicit Scenario(Codec codec)
      : codec_{codec},
        assembler_{{.codec = codec,
                    .max_packets = kMaxPackets,
                    .max_frame_bytes = kMaxFrameBytes,
                    .orientation_id = kOrientationId}} {}

  void step(std::span<const std::uint8_t> bytes) {
    now_ += std::chrono::milliseconds{bytes[2]};
    switch (bytes[0] % 8) {
      case 0:
        assembler_.reset();
        before_.reset();
        break;
      case 1:
        static_cast<void>(assembler_.take_key_frame_wish(now_));
        break;
      case 2:
        take_frames(assembler_, codec_, now_, before_);
        break;
      case 3:  // a jump
        number_ = static_cast<std::uint16_t>(bytes[1] << 8 | bytes[2]);
        break;
      default:
        send(bytes);
    }
    const auto& counters = assembler_.counters();
    require(counters.packets == sent_ && counters.frames <= sent_);
  }

 private:
  void send(std::span<const std::uint8_t> bytes) {
    const auto away = static_cast<std::uint16_t>(static_cast<std::int8_t>(bytes[1]) / 4);
    const auto number = static_cast<std::uint16_t>(number_ + away);
    const std::uint32_t timestamp = std::uint32_t{number} * 1'000;
    const Blob payload = Blob{bytes.begin() + 3, bytes.end()} + key_frame();
    Blob packet = rtp({.sequence = number, .timestamp = timestamp, .marker = (bytes[0] & 0x80) != 0}, extension(bytes));
    if ((bytes[0] & 0x20) != 0) packet[0] |= 0x10;  // X
    if ((bytes[0] & 0x40) == 0) append(packet, payload);
    assembler_.insert(packet, now_);
    ++number_;
    ++sent_;
  }

  /// RFC 8285, of either form; a word of anything.
  static Blob extension(std::span<const std::uint8_t> bytes) {
    if ((bytes[0] & 0x20) == 0) return {};
    const Blob header = (bytes[0] & 0x10) != 0 ? Blob{0xbe, 0xde, 0, 1} : Blob{0x10, 0, 0, 1};
    return header + Blob{bytes[3], bytes[4], bytes[5], bytes[1]};
  }

  [[nodiscard]] Blob key_frame() const {
    return codec_ == Codec::vp9 ? vp9_frame(true, 20, number_) : vp8_frame(true, 20, number_);
  }

  Codec codec_;
  FrameAssembler assembler_;
  std::optional<RtpFrame> before_;
  Instant now_{};
  std::uint16_t number_ = 65'500;
  std::uint64_t sent_ = 0;
};

void run(std::span<const std::uint8_t> input) {
  constexpr std::array<Codec, 5> kCodecs{Codec::h264, Codec::vp8, Codec::vp9, Codec::av1, Codec::opus};
  if (input.empty()) return;
  Scenario scenario{kCodecs[input[0] % kCodecs.size()]};
  for (input = input.subspan(1); input.size() >= kStep; input = input.subspan(kStep)) scenario.step(input.first(kStep));
}

}  // namespace
}  // namespace sluice::media

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::media::run({data, size});
  return 0;
}
