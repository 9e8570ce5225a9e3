#pragma once

#include "context.h"
#include "sluice/lifeline.h"
#include "sluice/timers.h"

namespace sluice::meetings {

/// Deletes for good what was deleted long ago (`deleted_retention_hours`), and tells those who hold data of it by
/// MeetingDeleted.
/// @note Control thread only.
class Retention {
 public:
  explicit Retention(Context& context) : context_{context} {}
  void start();

 private:
  void purge();

  Context& context_;
  Timer timer_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
