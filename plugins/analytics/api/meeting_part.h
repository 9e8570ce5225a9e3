#pragma once

#include <memory>
#include <vector>

#include "api/context.h"
#include "api/export.h"
#include "api/series.h"
#include "sluice/rest.h"

namespace sluice::analytics {

/// The analytics of one meeting, and of all of a tenant, as parts of the meetings' REST API.
/// @note Control thread only.
class MeetingPart {
 public:
  /// Nothing where meetings are not loaded.
  MeetingPart(Api& api, SeriesReader& series);

 private:
  void answer(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply);
  void summarise(const HttpRequest& request, const MeetingInfo& tenant, rest::Reply reply);
  void report(const HttpRequest& request, const MeetingInfo& meeting, bool manages, rest::Reply reply);

  Api& api_;
  SeriesReader& series_;
  Exporter exporter_{api_};
  std::vector<std::unique_ptr<Meetings::Registration>> registrations_;
};

}  // namespace sluice::analytics
