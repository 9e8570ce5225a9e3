#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control.h"
#include "downloads.h"
#include "listing.h"
#include "recorder.h"

namespace sluice::recording {

/// Recording's part of the meetings' REST API: what stands at `/api/meeting/{id}/recording` and `recordings`, and what
/// is told of a meeting's recordings elsewhere.
class MeetingPart {
 public:
  MeetingPart(Context& context, Recorder& recorder, Control& control, Listing& listing, Downloads& downloads);

  /// One of the meeting has ended, so long.
  void ended(const Record& record);

 private:
  void command(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void show(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void provide_figures();
  [[nodiscard]] std::shared_ptr<LiveRecording> live_of(const MeetingInfo& meeting) const;

  using Key = std::pair<std::string, std::string>;  // tenant and meeting

  Context& context_;
  Recorder& recorder_;
  Control& control_;
  Listing& listing_;
  Downloads& downloads_;
  std::map<Key, std::int64_t> recorded_ms_;  // of meetings that run
  std::vector<std::unique_ptr<Meetings::Registration>> registrations_;
};

}  // namespace sluice::recording
