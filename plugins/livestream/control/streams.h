#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/context.h"
#include "control/live_stream.h"
#include "control/stream_news.h"
#include "sluice/contracts/livestream.h"
#include "sluice/timers.h"

namespace sluice::livestream {

/// All streams: at most one of a room at a time. Those that have ended can be watched to their end for a while.
/// @note Control thread only.
class Streams final : public Livestream {
 public:
  /// How long a stream is served after it has ended.
  static constexpr std::chrono::seconds kAfterlife{30};
  /// Of ended ones the oldest go first.
  static constexpr std::size_t kMostEnded = 16;
  /// How often figures are looked at, and told where they differ.
  static constexpr std::chrono::seconds kTick{1};

  explicit Streams(Context& context) : context_{context} {}

  /// Throws Error: `conflict` (it is being streamed), `limit_exceeded` (too many), `draining`, `internal`.
  LiveStream& start(Room& room, StreamPlan plan, const RoomActor& by);
  /// Nothing happens to one that is stopping. `reason`: of `stream:stopped`.
  void stop(LiveStream& stream, const RoomActor& by, std::string_view reason);
  /// Those of who may stream.
  std::string add_target(LiveStream& stream, TargetAddress address, const RoomActor& by);
  void remove_target(LiveStream& stream, std::string_view target_id, const RoomActor& by);
  void set_layout(LiveStream& stream, Layout layout, const RoomActor& by);

  /// That runs; nullptr: the room is not being streamed.
  [[nodiscard]] LiveStream* find(const Room& room) const noexcept;
  [[nodiscard]] LiveStream* find(std::string_view stream_id) const noexcept;
  /// Throws Error{conflict} where the room is not being streamed.
  [[nodiscard]] LiveStream& demand(const Room& room) const;
  /// What is served at `/live/{room}`: by its key, whosever it is; else the tenant's, running or just ended. nullptr:
  /// none.
  [[nodiscard]] LiveStream* watched(std::string_view tenant, std::string_view room_id,
                                    std::string_view key) const noexcept;
  [[nodiscard]] std::vector<LiveStream*> all() const;
  /// Those whose process runs.
  [[nodiscard]] std::size_t busy() const noexcept;

  /// Takes no new ones and ends all: the gateway is about to stop.
  void drain();
  /// Kills all.
  void stop_all();

  // Livestream
  [[nodiscard]] std::optional<StreamAudience> audience(const Room& room) const override;

 private:
  struct Entry {
    std::unique_ptr<LiveStream> stream;
    Room* room;  ///< nullptr: it is stopping, or stopped
    std::optional<Instant> empty_since{};
    StreamNews::Told told{};
  };
  void check_for_one_more(const Room& room) const;
  void tick();
  void watch_emptiness(Entry& entry);
  void forget_ended();
  void count() const;
  [[nodiscard]] Entry* entry_of(const LiveStream& stream) noexcept;

  Context& context_;
  StreamNews news_{context_};
  std::vector<std::unique_ptr<Entry>> entries_;  // in the order of their starts
  Timer ticking_;
  bool draining_ = false;
};

}  // namespace sluice::livestream
