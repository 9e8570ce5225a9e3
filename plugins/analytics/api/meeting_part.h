#pragma once

#include <memory>
#include <vector>

#include "api/context.h"
#include "sluice/rest.h"

namespace sluice::analytics {

/// The analytics of one meeting, as a part of the meetings' REST API: `analytics` and what stands below it.
/// @note Control thread only.
class MeetingPart {
 public:
  /// Nothing where meetings are not loaded.
  explicit MeetingPart(Api& api);

 private:
  void answer(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void report(const HttpRequest& request, const MeetingInfo& meeting, bool manages, rest::Reply reply);

  Api& api_;
  std::vector<std::unique_ptr<Meetings::Registration>> registrations_;
};

}  // namespace sluice::analytics
