#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "byte_reader.h"
#include "sluice/media/codec.h"

namespace sluice::media {

enum class Added : std::uint8_t {
  yes,
  misplaced,  ///< what it goes on from has not come, or has not ended
  malformed
};

enum class Verdict : std::uint8_t {
  frame,
  no_picture,  ///< nothing to be shown is in it: parameter sets alone
  incomplete   ///< its begin or end is missing, or it is damaged
};

/// What a depacketizer says of a frame whose last packet it has seen.
struct FinishedFrame {
  Verdict verdict = Verdict::incomplete;
  bool key_frame = false;
  std::optional<Size> size{};  ///< of key frames
};

/// Joins the payloads of one frame's packets, which come in order and without a gap, in one codec's manner.
class Depacketizer {
 public:
  virtual ~Depacketizer() = default;

  /// A frame begins; what was begun is forgotten.
  virtual void begin() = 0;
  /// Appends what the payload brings of the frame. If it cannot, the frame is lost.
  /// @param payload  not empty.
  [[nodiscard]] virtual Added add(Bytes payload, std::vector<std::uint8_t>& frame) = 0;
  /// The frame has no more packets. It may append what stands at a frame's end.
  [[nodiscard]] virtual FinishedFrame finish(std::vector<std::uint8_t>& frame) = 0;
};

[[nodiscard]] std::unique_ptr<Depacketizer> make_depacketizer(Codec codec);

}  // namespace sluice::media
