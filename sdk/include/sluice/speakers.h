#pragma once

#include <cstdint>
#include <string>

#include "sluice/json.h"

/// Who speaks in a router: what Router tells of its audio producers. It knows those whose clients send the audio level
/// with each packet (RFC 6464), as browsers do.
namespace sluice {

/// How loud one producer is now.
struct SpeakerLevel {
  std::string producer_id;
  std::uint8_t minus_dbov = 127;  ///< decibels below the loudest that there can be: 0 is the loudest, 127 silence
  bool voice = false;             ///< the client believes that somebody speaks
  /// The same as people draw it: 0 is silence, 127 the loudest.
  [[nodiscard]] int volume() const noexcept { return minus_dbov > 127 ? 0 : 127 - int{minus_dbov}; }
  friend bool operator==(const SpeakerLevel&, const SpeakerLevel&) = default;
};

}  // namespace sluice
