#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "control/context.h"
#include "control/program_run.h"
#include "control/stream_plan.h"
#include "control/targets.h"
#include "control/view.h"
#include "hls/hls_channel.h"
#include "sluice/contracts/livestream.h"
#include "sluice/contracts/room_actor.h"

namespace sluice::livestream {

/// How the folders of streams below `hls.folder` begin.
inline constexpr std::string_view kStreamFolder = "stream-";

/// One stream of a room, from its start until nobody can watch its end any more.
/// @note Control thread only.
class LiveStream final : private ProgramObserver {
 public:
  /// Its program dies again and again: it cannot go on.
  using Failed = Function<void(LiveStream& stream)>;

  LiveStream(Context& context, Room& room, StreamPlan plan, RoomActor by, Failed failed);

  /// Throws Error{limit_exceeded, internal} where its process cannot be started.
  void begin();
  /// Returns the target's id. Throws Error{limit_exceeded}.
  std::string add_target(TargetAddress address);
  /// Throws Error{not_found}.
  void remove_target(std::string_view id);
  void set_layout(Layout layout);
  /// Takes nothing of the room any more, which may go; ends its process, then the HLS.
  void stop();

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& room_id() const noexcept { return room_id_; }
  [[nodiscard]] const std::string& tenant() const noexcept { return tenant_; }
  [[nodiscard]] const RoomActor& started_by() const noexcept { return by_; }
  [[nodiscard]] WallTime started_at() const noexcept { return started_at_; }
  [[nodiscard]] const StreamPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const Targets& targets() const noexcept { return targets_; }
  [[nodiscard]] StreamState state() const noexcept { return state_; }
  /// Its process has ended, after stop().
  [[nodiscard]] std::optional<Instant> stopped_at() const noexcept { return stopped_at_; }
  /// Empty: anybody may watch.
  [[nodiscard]] const std::string& hls_key() const noexcept { return hls_key_; }
  /// nullptr: it is not to be watched here.
  [[nodiscard]] HlsChannel* channel() noexcept { return channel_.get(); }
  [[nodiscard]] StreamAudience audience() const;
  [[nodiscard]] std::optional<int> pid() const { return run_.pid(); }
  [[nodiscard]] Feed::Figures feed_figures() const { return run_.feed_figures(); }

  /// Why its program died last; empty: it runs well.
  [[nodiscard]] const std::string& death() const noexcept { return death_; }

  [[nodiscard]] std::optional<HlsView> hls_view() const;
  [[nodiscard]] StreamSummary summary() const;
  [[nodiscard]] StreamView view() const;
  /// Adds to the counters what was served and lost since the last call.
  void count();

 private:
  // ProgramObserver
  [[nodiscard]] ProgramOrder next_order() override;
  void began() override;
  void reported(const json::object& message) override;
  void died(const std::string& why) override;
  void gave_up(const std::string& why) override;
  void ended() override;

  void interrupted(const std::string& why);
  void take(const json::object& message);
  void take_figures(const ProgramFigures& figures);
  void send_target(const Targets::Target& target);
  [[nodiscard]] std::optional<std::string> problem() const;
  [[nodiscard]] std::string recording_file() const;

  Context& context_;
  StreamPlan plan_;
  RoomActor by_;
  Failed failed_;
  std::string id_;
  std::string room_id_;
  std::string tenant_;
  std::string hls_key_;
  std::string hls_folder_;
  WallTime started_at_;
  StreamState state_ = StreamState::starting;
  std::optional<Instant> stopped_at_;
  Targets targets_;
  ProgramFigures figures_;  // of the process that runs
  std::string death_;       // why the last process ended; empty: it runs well
  int runs_ = 0;
  std::size_t last_target_ = 0;
  std::uint64_t counted_hls_bytes_ = 0;
  std::uint64_t counted_dropped_packets_ = 0;
  bool complained_ = false;
  Timer failing_;
  std::unique_ptr<HlsChannel> channel_;
  ProgramRun run_;  // goes first
};

}  // namespace sluice::livestream
