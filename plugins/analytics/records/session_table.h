#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "records/record_options.h"
#include "records/session.h"
#include "sluice/contracts/meetings.h"
#include "sluice/host.h"

namespace sluice::analytics {

/// The sessions of all rooms, kept by what the bus says.
/// @note Control thread only.
class SessionTable {
 public:
  /// @param meetings  nullptr: not loaded.
  SessionTable(Host& host, Rooms& rooms, Meetings* meetings, RecordOptions options);

  /// Begins with the rooms that are there, and to listen. `ending` is called for each session that ends, with its last
  /// row still to be taken.
  void start(Function<void(const Room&, const Session&)> ending);
  void reconfigure(const RecordOptions& options) { options_ = options; }
  /// The gateway stops: all sessions end.
  void stop();

  /// nullptr: nobody is there, and nobody has been for long.
  [[nodiscard]] Session* find(const Room& room) noexcept;
  [[nodiscard]] std::size_t open() const noexcept { return sessions_.size(); }
  /// What is new. `touch`: the rows of all sessions that last, so that it is known until when they did; else of those
  /// of this room.
  void take_changes(SessionChanges& changes, bool touch_all, const Room* touch = nullptr);
  [[nodiscard]] Moment this_moment() const;

 private:
  void take_over();
  void follow_people(Bus& bus);
  void follow_media(Bus& bus);
  void follow_talk(Bus& bus);
  void follow_recordings(Bus& bus);
  void follow_meetings(Bus& bus);
  Session& begin(Room& room);
  void end(const Room& room, std::string_view reason, Moment at);
  void end_empty_ones();
  /// Of a room that is known by name.
  Session* named(std::string_view tenant, std::string_view room_id);

  Host& host_;
  Rooms& rooms_;
  Meetings* meetings_;
  RecordOptions options_;
  Function<void(const Room&, const Session&)> ending_;
  std::map<const Room*, std::unique_ptr<Session>> sessions_;
  SessionChanges ended_;  // what those that are over have to write
  SessionId last_id_ = 0;
};

}  // namespace sluice::analytics
