#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "plugins/livestream/stream_job.h"
#include "sluice/time.h"

namespace sluice::testing {

using livestream::HlsFile;
using livestream::HlsFileKind;

/// 2026-07-30T12:00:00Z.
inline constexpr std::int64_t kNoon = 1'785'412'800'000;

inline HlsFile initialisation(int generation) {
  return {.kind = HlsFileKind::initialisation,
          .name = "init-" + std::to_string(generation) + ".mp4",
          .bytes = 700,
          .codecs = "avc1.64001f,mp4a.40.2"};
}

/// The first part of a segment begins with a key frame.
inline HlsFile part(std::int64_t sequence, std::int64_t number, std::int64_t duration_ms = 250) {
  return {.kind = HlsFileKind::part,
          .name = "segment-" + std::to_string(sequence) + "." + std::to_string(number) + ".m4s",
          .sequence = sequence,
          .part = number,
          .duration_us = duration_ms * 1'000,
          .bytes = 100,
          .independent = number == 0,
          .codecs = {}};
}

inline HlsFile segment(std::int64_t sequence, std::int64_t duration_ms = 1'000) {
  return {.kind = HlsFileKind::segment,
          .name = "segment-" + std::to_string(sequence) + ".m4s",
          .sequence = sequence,
          .duration_us = duration_ms * 1'000,
          .bytes = 400,
          .codecs = {}};
}

}  // namespace sluice::testing
