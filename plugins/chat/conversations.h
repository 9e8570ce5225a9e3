#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "budget.h"
#include "context.h"
#include "repository.h"
#include "sluice/timers.h"

namespace sluice::chat {

/// What is remembered of a participant while it is in the room.
struct Attendee {
  Budget writing;
  Budget asking;  ///< pages, downloads
  Budget typing;
  int in_flight = 0;  ///< requests that wait for the store
  bool away = false;
  /// Revision up to which it was told everything for sure when it went away; empty: as `Conversation::first_told`.
  std::optional<std::int64_t> told_until;
  bool catching_up = false;  ///< what it missed is being read: nothing newer is sent until then
  Timer typing_ends;
  std::optional<Audience> types_to;

  /// A client that opens, scrolls up and downloads asks a few times at once. Throws RATE_LIMITED.
  void spend_asking(Instant now) {
    constexpr int kPer10s = 20;
    constexpr int kBurst = 20;
    asking.spend(now, kPer10s, kBurst);
  }
};

/// The messages of one room's life, or of a meeting: their place in the store, and who takes part now.
struct Conversation {
  /// What is told to a connection that has broken without the gateway's knowing is lost, and with the usual pings it
  /// may take so long until the gateway knows.
  static constexpr std::chrono::seconds kDoubt{60};

  Where where;
  std::string room_id;
  std::string meeting_id;  ///< empty: no meeting
  Room* room = nullptr;    ///< nullptr: it has closed
  /// Revisions before the first and of the last change that was told since the room opened. While nothing was told,
  /// nobody can have missed anything.
  std::optional<std::int64_t> first_told;
  std::int64_t last_told = 0;
  std::int64_t messages = 0;  ///< that were ever sent, as far as is known
  std::map<std::string, Attendee, std::less<>> attendees;
  int catching_up = 0;  ///< attendees that are
  /// Of the time of doubt, oldest first and at most one a second: when something was told, and up to where all had been
  /// told before.
  std::deque<std::pair<Instant, std::int64_t>> lately;

  /// A change has been stored.
  void told(std::int64_t revision, Instant now);
  /// The revision up to which all had been told at `now - kDoubt`; where nothing was told yet, none.
  [[nodiscard]] std::optional<std::int64_t> told_for_sure(Instant now) const noexcept;
  [[nodiscard]] Attendee* attendee(std::string_view participant_id) noexcept {
    const auto found = attendees.find(participant_id);
    return found == attendees.end() ? nullptr : &found->second;
  }
};

/// Who asks for something, while the handler runs.
struct Caller {
  Participant& participant;
  std::shared_ptr<Conversation> conversation;
  Attendee& attendee;

  [[nodiscard]] Viewer viewer() const {
    return {.where = conversation->where,
            .user_id = participant.identity().user_id,
            .moderator = is_moderator(participant.role())};
  }
};

/// The conversations of the rooms that are open. Keys in the store: `m:<meeting id>`, `r:<room id>`, and `s:<random>`
/// for one that ends with its room.
class Conversations {
 public:
  /// A conversation that ended with its room.
  using Ended = std::function<void(const Where&)>;
  Conversations(Context& context, Ended ended);

  /// Throws Error{not_in_room}.
  [[nodiscard]] Caller caller(Client& client);
  [[nodiscard]] Caller caller(Participant& participant);
  /// Shared with the requests that wait for the store: the room may close meanwhile.
  [[nodiscard]] std::shared_ptr<Conversation> of(Room& room);
  /// nullptr: nobody has asked for anything there.
  [[nodiscard]] std::shared_ptr<Conversation> find(Room& room) const noexcept;
  /// nullptr: its room is not open.
  [[nodiscard]] std::shared_ptr<Conversation> find(const Where& where) const noexcept;

  /// Sends an event to those whom `audience` includes, but for `except`, and for those who are catching up.
  void tell(Conversation& conversation, const Audience& audience, std::string_view sender_user, std::string_view event,
            json::value data, const Participant* except = nullptr);

  /// How many messages were sent in a meeting that is open, or was a while ago.
  [[nodiscard]] std::optional<std::int64_t> messages_of(const MeetingInfo& meeting) const;

  [[nodiscard]] static std::string meeting_key(std::string_view meeting_id);
  static constexpr std::string_view kSessionPrefix = "s:";

 private:
  [[nodiscard]] std::shared_ptr<Conversation> open(Room& room);
  void count_earlier_messages(const std::shared_ptr<Conversation>& conversation);
  void close(Room& room);

  Context& context_;
  Ended ended_;
  // Owners: this, and the requests that wait for the store.
  std::map<const Room*, std::shared_ptr<Conversation>> open_;
  using MeetingKey = std::pair<std::string, std::string>;            // tenant, meeting
  std::deque<std::pair<MeetingKey, std::int64_t>> closed_meetings_;  // newest last
};

}  // namespace sluice::chat
