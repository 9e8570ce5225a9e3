#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sluice/media/frame.h"

namespace sluice::media {

/// Many sounds into one, on one time line. Each source's blocks are laid where their pts say; small differences between
/// that and where the block before ended (clocks that drift) are taken up without a click, large ones are silence or a
/// cut. The sum never clips: a limiter turns everything down while it would.
class AudioMixer {
 public:
  /// Differences up to this are drift.
  static constexpr MediaTime kDrift = std::chrono::milliseconds{40};
  /// Sound that is that far ahead of what was mixed is dropped.
  static constexpr MediaTime kMaxAhead = std::chrono::seconds{10};

  /// @param begin  Of the first mix().
  explicit AudioMixer(MediaTime begin = MediaTime::zero());
  ~AudioMixer();
  AudioMixer(AudioMixer&&) noexcept;
  AudioMixer& operator=(AudioMixer&&) noexcept;

  /// A source's blocks come in order. What lies before what was mixed already is dropped. A source that goes on should
  /// have been given everything that begins up to kDrift after the end of the next mix(): where its sound ends within
  /// it, it fades out.
  void add(const std::string& source, const AudioBlock& block);
  /// It fades out at once; what it was given for later is dropped.
  void remove(const std::string& source);
  /// The next `frames` samples of all, silence where there are none.
  [[nodiscard]] AudioBlock mix(std::size_t frames);
  /// Where the next mix() begins.
  [[nodiscard]] MediaTime position() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::media
