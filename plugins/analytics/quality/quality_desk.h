#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "quality/quality_options.h"
#include "sample.h"
#include "sluice/contracts/room_stats.h"
#include "sluice/function.h"
#include "sluice/host.h"

namespace sluice::analytics {

/// A room, as it is now.
struct RoomQuality {
  std::size_t measured = 0;  ///< participants of whom something is known
  std::optional<Grade> grade{};
  std::optional<double> mos{};
  std::optional<double> round_trip_ms{};
  std::optional<double> loss{};  ///< the worse direction of each participant, averaged
  std::optional<int> height{};   ///< of the videos that are received, averaged
  std::int64_t total_bps = 0;    ///< up and down together
  std::size_t poor = 0, fair = 0, good = 0, excellent = 0;
};

/// One second of one participant, kept in memory.
struct TimedSample {
  WallTime at;
  QualitySample quality;
};

/// Asks for each room's statistics once a second, takes the clients' own reports (`stats:report`), grades both, keeps
/// the last minutes in memory, and tells the rooms (`stats:update`).
/// @note Control thread only.
class QualityDesk {
 public:
  /// Called once a second for each room in which something is known.
  using Sampled = Function<void(const RoomSample&)>;

  virtual ~QualityDesk() = default;
  virtual void start(Sampled sampled) = 0;
  virtual void reconfigure(const QualityOptions& options) = 0;
  [[nodiscard]] virtual RoomQuality quality_of(const Room& room) const = 0;
  /// The last second; nothing: not measured yet, or not there.
  [[nodiscard]] virtual std::optional<QualitySample> last_of(const Room& room,
                                                             std::string_view participant_id) const = 0;
  /// The last minutes, eldest first, of who is in the room.
  [[nodiscard]] virtual std::vector<TimedSample> series_of(const Room& room, std::string_view participant_id) const = 0;
};

[[nodiscard]] std::unique_ptr<QualityDesk> make_quality_desk(Host& host, Rooms& rooms, RoomStats& stats,
                                                             QualityOptions options);

}  // namespace sluice::analytics
