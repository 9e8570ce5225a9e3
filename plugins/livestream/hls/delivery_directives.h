#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "hls/playlist.h"
#include "sluice/error.h"
#include "sluice/result.h"

namespace sluice::livestream {

enum class PlaylistVersion : std::uint8_t { whole, delta };

/// What a player wants of a playlist, beyond having it (draft-pantos-hls-rfc8216bis section 6.2.5).
struct DeliveryDirectives {
  std::optional<Position> position{};  ///< the answer waits for it: `_HLS_msn`, `_HLS_part`
  PlaylistVersion version = PlaylistVersion::whole;
};

/// Names that begin with `_HLS_` and are not known are passed over; what is known and malformed is `invalid_payload`.
[[nodiscard]] Result<DeliveryDirectives, Error> read_directives(
    const std::map<std::string, std::string, std::less<>>& query);

}  // namespace sluice::livestream
