#pragma once

#include <memory>
#include <vector>

#include "control/context.h"
#include "control/control.h"

namespace sluice::livestream {

/// What stands at `/api/meeting/{id}/stream` of the meetings' REST API, and what is told of a meeting's stream
/// elsewhere.
class MeetingPart {
 public:
  MeetingPart(Context& context, Control& control);

 private:
  void answer(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void show(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void provide_figures();
  [[nodiscard]] const LiveStream* stream_of(const MeetingInfo& meeting) const;

  Context& context_;
  Control& control_;
  std::vector<std::unique_ptr<Meetings::Registration>> registrations_;
};

}  // namespace sluice::livestream
