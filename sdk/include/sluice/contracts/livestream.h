#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

/// What others learn of live streams.
/// @note Control thread only.
namespace sluice {

/// How many watch a room's stream from outside; a copy.
struct StreamAudience {
  std::size_t viewers = 0;  ///< now
  std::size_t peak = 0;
  std::uint64_t in_all = 0;
};

/// The service `sluice.livestream`.
class Livestream {
 public:
  static constexpr std::string_view kService = "sluice.livestream/1";

  virtual ~Livestream() = default;
  /// Nothing: the room is not streamed.
  [[nodiscard]] virtual std::optional<StreamAudience> audience(const Room& room) const = 0;
};

// Events on the bus. References are valid during the call.

struct StreamStarted {
  static constexpr std::string_view kTopic = "sluice.livestream/1:started";
  Room& room;
  std::string_view stream_id;
};
struct StreamStopped {
  static constexpr std::string_view kTopic = "sluice.livestream/1:stopped";
  std::string_view tenant;
  std::string_view room_id;
  std::string_view stream_id;
  StreamAudience audience;  ///< at the end
};
/// Other figures; at most once a second for a stream.
struct StreamAudienceChanged {
  static constexpr std::string_view kTopic = "sluice.livestream/1:audience";
  Room& room;
  std::string_view stream_id;
  StreamAudience audience;
};

}  // namespace sluice
