#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "context.h"
#include "figures.h"
#include "live_meetings.h"
#include "sluice/contracts/meetings.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// The service `sluice.meetings`: what other plugins ask of meetings, and the parts of the REST API that they answer.
/// @note Control thread only.
class Parts final : public Meetings {
 public:
  Parts(Context& context, LiveMeetings& live, Figures& figures) : context_{context}, live_{live}, figures_{figures} {}

  void find(const Identity& caller, std::string_view meeting_id, MeetingAccess access, Found found) override;
  [[nodiscard]] std::optional<MeetingInfo> meeting_of(Room& room) override;
  [[nodiscard]] std::unique_ptr<Registration> provide_part(std::string_view part, PartHandler handler) override;
  [[nodiscard]] std::unique_ptr<Registration> provide_figure(std::string_view name, Figure figure) override;

  [[nodiscard]] bool provided(std::string_view part) const noexcept { return table_->contains(part); }
  /// Lets the provider of a part answer. FEATURE_NOT_LOADED where there is none, NOT_FOUND and PERMISSION_DENIED as
  /// `find` has them.
  void answer(std::string_view part, const HttpRequest& request, std::string_view meeting_id, MeetingAccess access,
              rest::Reply reply);
  /// The same for what is of no one meeting, for administrators: the info has the caller's tenant, and nothing else.
  void answer_for_tenant(std::string_view part, const HttpRequest& request, rest::Reply reply);

 private:
  // Shared with the call that runs while its provider leaves.
  using Table = std::map<std::string, std::shared_ptr<PartHandler>, std::less<>>;
  class Handle;
  void run(std::string_view part, const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);

  Context& context_;
  LiveMeetings& live_;
  Figures& figures_;
  // One owner; registrations that outlive it only watch it.
  std::shared_ptr<Table> table_ = std::make_shared<Table>();
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
