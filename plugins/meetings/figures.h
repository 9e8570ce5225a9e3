#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/contracts/meetings.h"
#include "sluice/log.h"

namespace sluice::meetings {

/// Numbers that other plugins know of a meeting: `total_chat_messages`, `recording_url`. Those named `live....` are of
/// a meeting that is live alone: they stand in its `live_stats`, by the rest of the name, and never in what is kept.
/// @note Control thread only.
class Figures {
 public:
  explicit Figures(Log& log) : log_{log} {}

  /// Throws std::logic_error where somebody provides it already.
  [[nodiscard]] std::unique_ptr<Meetings::Registration> provide(std::string_view name, Meetings::Figure figure);
  /// All that are known now and are to be kept, by name; nulls and what throws are left out.
  [[nodiscard]] json::object collect(const MeetingInfo& meeting);
  /// The `live....` ones, without that.
  [[nodiscard]] json::object collect_live(const MeetingInfo& meeting);
  /// One of them; null where nobody knows.
  [[nodiscard]] json::value one(std::string_view name, const MeetingInfo& meeting);

 private:
  using Table = std::map<std::string, Meetings::Figure, std::less<>>;
  class Handle;

  Log& log_;
  // One owner; registrations that outlive it only watch it.
  std::shared_ptr<Table> table_ = std::make_shared<Table>();
};

}  // namespace sluice::meetings
