#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/quality_row.h"
#include "sluice/store.h"

/// What is in the store. Everything here runs inside a unit of work, on the store's thread.
namespace sluice::analytics {

/// Which sessions. Empty texts and missing numbers: all.
struct SessionFilter {
  std::optional<std::string> tenant{};
  std::string meeting_id{};
  std::string room_id{};
  std::optional<SessionId> id{};
  std::optional<std::int64_t> from{};  ///< that lasted beyond it, in milliseconds of Unix time
  std::optional<std::int64_t> to{};    ///< that began before it
  std::optional<SessionId> before{};   ///< with a smaller id: the next page
  bool open_only = false;
  std::int64_t limit = 100;
};

/// Newest first.
[[nodiscard]] std::vector<SessionRow> find_sessions(StoreTransaction& store, const SessionFilter& filter);
/// By number, settled at `seen_at`: the session's.
[[nodiscard]] std::vector<PersonRow> people_of(StoreTransaction& store, SessionId session, std::int64_t seen_at);
/// In order, behind `after`.
[[nodiscard]] std::vector<EventRow> events_of(StoreTransaction& store, SessionId session, std::int64_t after,
                                              std::int64_t limit);
/// The number of that user there; nothing: it was not.
[[nodiscard]] std::optional<PersonNumber> number_of(StoreTransaction& store, SessionId session,
                                                    const std::string& user_id);

/// Where a row stands among those of its session and resolution.
struct QualityKey {
  PersonNumber person = 0;
  std::int64_t at = 0;
};

struct SeriesFilter {
  SessionId session = 0;
  Resolution resolution = Resolution::m1;
  std::optional<PersonNumber> person{};  ///< nothing: the room and all people
  std::int64_t from = 0;                 ///< beginnings from here
  std::int64_t to = 0;                   ///< to before there
  std::optional<QualityKey> after{};     ///< behind it: the next page
  std::int64_t limit = 1'000;
};
/// Person by person, each in order.
[[nodiscard]] std::vector<QualityRow> series_of(StoreTransaction& store, const SeriesFilter& filter);

/// What a whole session came to, of the coarsest series; of a person, or of the room (0). Nothing: nothing is known.
struct QualitySummary {
  PersonNumber person = 0;
  QualityFigures figures;
};
/// Of the room and of all people.
[[nodiscard]] std::vector<QualitySummary> quality_of(StoreTransaction& store, SessionId session);

}  // namespace sluice::analytics
