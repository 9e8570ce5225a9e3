#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "access.h"
#include "addresses.h"
#include "context.h"
#include "records.h"
#include "requests.h"
#include "sluice/events.h"
#include "sluice/rest.h"

namespace sluice::recording {

/// Lists of recordings, and single ones.
class Listing {
 public:
  Listing(Context& context, Access& access, Addresses& addresses)
      : context_{context}, access_{access}, addresses_{addresses} {}

  /// `recording:list`: those of the participant's room that it may see.
  void by_event(Client& client, const ListRecordings& request, Reply reply);
  /// `GET /api/recordings`: those that the caller has started or was at.
  void of_caller(const Identity& caller, const RecordingsQuery& query, rest::Reply reply);
  /// `GET /api/meeting/{id}/recordings`: the caller may see the meeting.
  void of_meeting(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  /// `GET /api/recordings/{id}`
  void one(const Identity& caller, const std::string& id, rest::Reply reply);
  /// `GET /api/meeting/{id}/recordings/{recordingId}`: the caller may see the meeting.
  void one_of_meeting(const Identity& caller, const MeetingInfo& meeting, const std::string& id, rest::Reply reply);

 private:
  void send(const Filter& filter, const Identity& caller, std::uint32_t offset, std::uint32_t limit, rest::Reply reply);

  Context& context_;
  Access& access_;
  Addresses& addresses_;
};

}  // namespace sluice::recording
