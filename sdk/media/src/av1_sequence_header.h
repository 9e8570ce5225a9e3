#pragma once

#include <optional>

#include "byte_reader.h"
#include "sluice/media/codec.h"

namespace sluice::media {

/// What is read of an AV1 sequence header.
struct Av1SequenceHeader {
  Size size;             ///< the largest frame's
  bool reduced = false;  ///< of a still picture: its frame headers are shortened
};

/// @param payload  of the OBU. Nothing where it cannot be read.
[[nodiscard]] std::optional<Av1SequenceHeader> read_av1_sequence_header(Bytes payload) noexcept;

}  // namespace sluice::media
