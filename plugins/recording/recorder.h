#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "free_space.h"
#include "live_recording.h"
#include "requests.h"

namespace sluice::recording {

/// The recordings that run: begins and ends them. At most one of a room at a time.
/// @note Control thread only. `done` is called once, mostly later.
class Recorder {
 public:
  using Done = Function<void(Result<Record, Error>)>;
  /// A recording's files are closed, and its row says so. `deleted`: it was, meanwhile; else it is to be produced.
  enum class Outcome : std::uint8_t { captured, deleted };
  using Closed = Function<void(const Record& record, Outcome outcome)>;

  Recorder(Context& context, FreeSpace& free_space, Closed closed)
      : context_{context}, free_space_{free_space}, closed_{std::move(closed)} {}

  /// Error: `conflict` (it is being recorded), `limit_exceeded` (too many, or too little space), `draining`,
  /// `room_closed` (meanwhile), those of choose_settings, `internal`. Done: the row is on disk and the capture runs.
  void start(Room& room, const Wishes& wishes, const Starter& starter, Done done);
  /// Error{conflict} where the room is not being recorded, or (pause, resume) it is in that state already. Done: the
  /// row says so; of stop, that nothing is captured any more.
  void stop(Room& room, const Starter& by, std::string_view reason, Done done);
  void pause(Room& room, const Starter& by, Done done);
  void resume(Room& room, const Starter& by, Done done);
  void set_layout(Room& room, Layout layout);
  /// Error{not_found} where it is another recording; nothing changes where nobody is asked.
  void consent(Participant& participant, std::string_view recording_id, bool accepted);

  /// Takes no new ones and ends all: the gateway is about to stop.
  void drain();
  /// Lets go of all, as they are: their files can be read as far as they go, and the next start finds them.
  void stop_all();
  [[nodiscard]] bool idle() const noexcept { return live_.empty() && ending_.empty(); }
  /// Ends one whose room may be gone; nothing where it is ending, or not begun.
  void end(std::shared_ptr<LiveRecording> live, const Starter& by, std::string_view reason);

  /// nullptr: the room is not being recorded.
  [[nodiscard]] std::shared_ptr<LiveRecording> find(Room& room) const;
  /// The files of this one are not closed yet, if it is one.
  [[nodiscard]] std::shared_ptr<LiveRecording> find(std::string_view id) const;
  [[nodiscard]] std::vector<std::shared_ptr<LiveRecording>> all() const;

  /// The room is gone: what RoomWatch tells.
  void room_closed(Room& room);
  void people_came(LiveRecording& live, const std::vector<Participant*>& who);
  /// The room may be empty, or not any more.
  void watch_emptiness(const std::shared_ptr<LiveRecording>& live);

 private:
  using Shared = std::shared_ptr<LiveRecording>;
  [[nodiscard]] Shared demand(Room& room) const;
  void change(const Shared& live, State state, const Starter& by, Done done);
  void check_room_for_one_more(Room& room) const;
  void insert_row(const Shared& live, Done done);
  void begin(const Shared& live, Done done);
  void begin_watching(const Shared& live);
  void give_up(const Shared& live, const Error& error, Done& done);
  void abandon(const Shared& live);
  void troubled(const Shared& live, CaptureTrouble trouble, const std::string& text);
  void close_row(const Shared& live);
  void forget(const Shared& live);
  void count();

  Context& context_;
  FreeSpace& free_space_;
  Closed closed_;
  std::map<Room*, Shared> live_;  // shared with callbacks that are on their way
  std::vector<Shared> ending_;
  bool draining_ = false;
};

}  // namespace sluice::recording
