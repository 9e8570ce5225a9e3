#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::media {

/// One source's sound on the mixer's grid of samples (48 kHz, stereo): what is not there is silence. Beginnings and
/// ends are softened.
class MixerSource {
 public:
  /// Samples; 5 ms.
  static constexpr std::int64_t kFade = 240;

  explicit MixerSource(std::int64_t position) : position_{position} {}

  /// @param at  Where the block says that it begins.
  void add(std::int64_t at, std::span<const float> samples);
  /// Before `frames` samples are taken: what ends within them ends softly.
  void settle(std::int64_t frames);
  /// Adds what is there for the next samples, `offset` further on, to `sum`.
  void mix_into(std::span<float> sum, std::size_t offset) const;
  /// The next samples are over.
  void advance(std::size_t frames);
  /// Fades out at once.
  void cut();
  [[nodiscard]] bool is_empty() const noexcept { return head_ == samples_.size(); }

 private:
  /// Adds to what stands there; what lies before the position is left out.
  void place(std::int64_t at, std::span<const float> samples, bool fade_in);
  /// The sound stops at end_: its last value goes to zero.
  void place_tail();
  void append(std::span<const float> samples, std::int64_t off);
  [[nodiscard]] std::int64_t correction(std::int64_t off, std::int64_t frames);

  std::int64_t position_;           // of samples_[head_]
  std::vector<float> samples_;      // interleaved
  std::size_t head_ = 0;            // in samples_, of what is not over
  std::int64_t end_ = 0;            // where the last block ended
  bool going_ = false;              // the next block may join the last one
  double average_off_ = 0;          // how far blocks lie behind where they say
  std::array<float, 4> history_{};  // the last two frames of the last block
};

}  // namespace sluice::media
