#pragma once

#include "audit.h"
#include "live.h"
#include "meeting_metrics.h"
#include "options.h"
#include "repository.h"
#include "sluice/host.h"
#include "users.h"

namespace sluice::meetings {

/// What every part of the plugin works with.
struct Context {
  Context(Host& gateway, Options configured, Live& rooms)
      : host{gateway}, options{std::move(configured)}, live{rooms} {}

  Host& host;
  Options options;
  Live& live;  ///< the meetings that are live
  Repository repository{host};
  Users users{host, options};
  AuditTrail audit{host, options};
  MeetingMetrics metrics{host.metrics()};
};

}  // namespace sluice::meetings
