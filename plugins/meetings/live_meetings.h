#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "context.h"
#include "figures.h"
#include "live.h"
#include "live_session.h"
#include "presence_log.h"
#include "session_store.h"
#include "sluice/contracts/rooms.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// The meetings whose rooms are open. A meeting is live when its record says so and has been written; its room opens
/// after that, so that a gateway which dies leaves no room without a record, and a record without a room is put right
/// at the next start (recovery.h).
///
/// Starting a live meeting again, or ending it twice at a time, is one start and one end.
/// @note Control thread only.
class LiveMeetings final : public Live {
 public:
  LiveMeetings(Rooms& rooms, SessionStore& store, Figures& figures);
  ~LiveMeetings() override;
  LiveMeetings(const LiveMeetings&) = delete;
  LiveMeetings& operator=(const LiveMeetings&) = delete;

  /// Listens to the rooms, and begins to write checkpoints; nothing may be asked before. The context, which knows this
  /// object, outlives it from here on.
  void begin(Context& context);
  /// Writes the numbers as they are now: the gateway is about to stop, and its rooms with it.
  void stop();

  // Live
  void start(Meeting meeting, const Identity& by, Done done) override;
  void end(Meeting meeting, const Identity& by, std::string_view reason, Done done) override;
  [[nodiscard]] std::vector<LiveParticipant> in_room(std::string_view tenant,
                                                     std::string_view meeting_id) const override;
  void changed(const Meeting& meeting) override;
  void invited(const Meeting& meeting, const Invited& who, const Identity& by) override;
  void removed(const Meeting& meeting, const Invited& who, std::string_view reason) override;
  void role_changed(const Meeting& meeting, const Invited& who) override;
  void deactivated(std::string_view tenant, std::string_view user_id) override;

  /// nullptr: it is not live, or its room is closed.
  [[nodiscard]] const LiveSession* find(std::string_view tenant, std::string_view meeting_id) const noexcept;
  [[nodiscard]] const LiveSession* find(const Room& room) const noexcept;
  /// It is live, about to be, or its end is being written.
  [[nodiscard]] bool concerns(std::string_view tenant, std::string_view meeting_id) const noexcept;
  [[nodiscard]] SessionNumbers numbers(const LiveSession& session) const;
  [[nodiscard]] std::vector<const LiveSession*> of_tenant(std::string_view tenant) const;
  [[nodiscard]] std::size_t size() const noexcept { return sessions_.size(); }
  /// After a reload: policies of tenants may have changed.
  void reconfigured();

 private:
  using Key = std::pair<std::string, std::string>;  // tenant, meeting's id
  struct Opening {
    Identity by;
    std::vector<Done> waiting;
  };

  // Starting: the record is written, the run is written, the room opens. What is read for it is read last: what changes
  // after that finds the room open, and is told.
  void write_live(const Key& key);
  void write_run(const Key& key, const Meeting& meeting);
  void read_whole(const Key& key, const Meeting& meeting, const SessionRow& run);
  void open(const Key& key, Meeting meeting, const std::vector<Invited>& invited, const SessionRow& run);
  void take_back(const Meeting& meeting, const SessionRow& run);
  void opening_failed(const Key& key, const Error& error);

  // Ending: the run and the record are written, the room closes. Where the room has closed first, writing is tried
  // again until it succeeds.
  void write_end(LiveSession& session, const Identity& by);
  void ended(const Key& key, const Identity& by, Result<Meeting, Error> written);
  void room_closed(Room& room, std::string_view reason);

  void joined(Participant& participant);
  void left(Participant& participant);
  void watch_emptiness(LiveSession& session);
  void record_presence(const LiveSession& session, Participant& participant, InvitedStatus status);
  void write_checkpoint();

  [[nodiscard]] LiveSession* session_of(const Room& room) noexcept;
  [[nodiscard]] LiveSession* session_of(std::string_view tenant, std::string_view meeting_id) noexcept;
  void expect(LiveSession& session, const Invited& who);
  void follow(LiveSession& session);

  Context* context_ = nullptr;
  Rooms& rooms_;
  SessionStore& store_;
  Figures& figures_;
  std::optional<PresenceLog> presence_;  // from begin() on
  std::map<Key, Opening> opening_;
  std::map<Key, std::unique_ptr<LiveSession>> sessions_;
  Timer checkpoint_;
  Lifeline lifeline_;
};

/// Somebody who acts where nobody did: a timer, the gateway itself.
[[nodiscard]] const Identity& the_gateway();

}  // namespace sluice::meetings
