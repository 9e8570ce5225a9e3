#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access.h"
#include "meeting.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/identity.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"
#include "sluice/store.h"

namespace sluice::meetings {

/// One caller, by what rows of participants may name it.
struct Viewer {
  std::string user_id;
  std::string email;  ///< lower case
};
[[nodiscard]] Viewer viewer_of(const Identity& identity);

/// A meeting, and the caller's own rows in it.
struct MeetingView {
  Meeting meeting;
  std::vector<Invited> own;
  bool deleted = false;  ///< only where it was asked for
};

/// When a meeting takes place; what is cancelled does not.
struct TimeSpan {
  WallTime start{};
  WallTime end{};
};

enum class MeetingSort : std::uint8_t { start_time, created_at, name };
BOOST_DESCRIBE_ENUM(MeetingSort, start_time, created_at, name)
enum class Order : std::uint8_t { asc, desc };
BOOST_DESCRIBE_ENUM(Order, asc, desc)

struct MeetingFilter {
  std::string tenant;
  std::optional<Viewer> viewer;  ///< only what this one may see; missing: all of the tenant
  std::optional<MeetingStatus> status;
  std::optional<MeetingType> type;
  std::optional<WallTime> from;  ///< overlapping `[from, to)`; a recurring meeting by all of its life
  std::optional<WallTime> to;
  std::string search;  ///< a part of name or description, without regard to case
  MeetingSort sort = MeetingSort::start_time;
  Order order = Order::asc;
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};

struct MeetingPage {
  struct Entry {
    Meeting meeting;
    std::vector<std::string> invited;   ///< the first ones: user ids, or addresses where these are all that is known
    std::vector<TimeSpan> occurrences;  ///< of a recurring one in `[from, to)`, the first ones
  };
  std::vector<Entry> entries;
  std::int64_t total = 0;
};

struct InvitedPage {
  std::vector<Invited> entries;
  std::int64_t total = 0;
};

/// Meetings and who is invited, in the store. Every question names its tenant, and finds nothing of another.
///
/// `done` runs on the control thread, after the change is on disk, and not after this object's end. Errors: `not_found`
/// for what is not there, of another tenant, or deleted; `conflict` for a version that is not the expected one, with
/// `{version}`; `limit_exceeded`; `internal` (the store's own failure; the log has the rest).
/// @note Control thread only.
class Repository {
 public:
  template <class T>
  using Done = Function<void(Result<T, Error>)>;
  /// Runs on the store's thread: give it copies. What it throws (Error) is the answer, and nothing is written.
  using Change = Function<void(Meeting&)>;

  explicit Repository(Host& host) : host_{host} {}

  struct Draft {
    Meeting meeting;
    std::vector<TimeSpan> occurrences;  ///< of a recurring meeting
    std::vector<Invited> invited;
  };
  /// @param most  the creator's meetings that are neither over nor cancelled; more: limit_exceeded.
  void create(Draft draft, std::int64_t most, Done<Meeting> done);
  /// The meeting and the caller's rows in it, for `caller_access`.
  void find(std::string tenant, std::string id, Viewer viewer, Done<MeetingView> done);
  /// Also one that is deleted.
  void find_even_deleted(std::string tenant, std::string id, Viewer viewer, Done<MeetingView> done);
  void list(MeetingFilter filter, Done<MeetingPage> done);
  /// Reads, changes and writes in one transaction; sets `updated_at` and raises `version`.
  /// @param expected  the version that it must have; missing: any.
  void change(std::string tenant, std::string id, std::optional<std::int64_t> expected, Change change,
              Done<Meeting> done);
  /// Writes what was found, changed, if nobody has changed it meanwhile: `draft.meeting.version` is the one it was
  /// found with. `draft.invited`, where `replace` says so, are those who shall be invited: others are removed, but for
  /// the creator; who stays keeps his role.
  enum class People : std::uint8_t { keep, replace };
  struct Written {
    Meeting meeting;
    std::vector<Invited> added;
    std::vector<Invited> removed;
  };
  void write(Draft draft, People people, Done<Written> done);
  /// What is deleted is gone for every question, its participants with it; again: success. `done` has the meeting.
  void remove(std::string tenant, std::string id, Done<Meeting> done);
  /// Deletes for good what was deleted before `before`, with all that belongs to it; at most 100 meetings. `done` has
  /// them.
  void purge(WallTime before, Done<std::vector<Meeting>> done);
  /// All that are `live` by their record, of all tenants; at most 10,000. For the start, when no room is open.
  void live_meetings(Done<std::vector<Meeting>> done);

  /// The user ids, or addresses, of the first ones who are invited; without the creator.
  void invited_names(std::string tenant, std::string meeting_id, Done<std::vector<std::string>> done);
  /// Those who are not removed, eldest first.
  void participants(std::string tenant, std::string meeting_id, std::int64_t offset, std::int64_t limit,
                    Done<InvitedPage> done);
  struct Whole {
    Meeting meeting;
    std::vector<Invited> people;
  };
  /// The meeting and those who are not removed, at most 10,000: both of one moment.
  void find_whole(std::string tenant, std::string id, Done<Whole> done);
  struct Added {
    std::vector<Invited> added;
    std::int64_t unchanged = 0;  ///< were invited before
  };
  /// Who was removed before is invited again. Who is in the list already stays as he is.
  /// @param most  participants of the meeting; more: limit_exceeded, and nobody is added.
  void add_participants(std::string tenant, std::string meeting_id, std::vector<Invited> invited, std::int64_t most,
                        Done<Added> done);
  struct Removed {
    std::vector<Invited> removed;
    std::int64_t remaining = 0;
  };
  /// By the rows' ids or user ids; unknown ones are passed over. The creator stays (conflict), and a host goes only by
  /// who is one, too (permission_denied); then nobody is removed.
  void remove_participants(std::string tenant, std::string meeting_id, std::vector<std::string> ids, Standing by,
                           Done<Removed> done);
  struct RoleChange {
    Role before = Role::attendee;
    Invited now;
  };
  /// By the row's id or user id. The creator stays a host (conflict).
  void change_role(std::string tenant, std::string meeting_id, std::string id, Role role, Done<RoleChange> done);
  /// Somebody came in (`joined`) or went (`left`): the row of that user id or address is written, or made.
  void record_presence(std::string tenant, Invited who, Done<Invited> done);

 private:
  Host& host_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
