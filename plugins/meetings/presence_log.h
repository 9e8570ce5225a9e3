#pragma once

#include <deque>
#include <string>

#include "meeting.h"
#include "repository.h"
#include "sluice/log.h"

namespace sluice::meetings {

/// Writes who came and went, a few at a time: a large room that closes must not fill the store's queue.
/// @note Control thread only.
class PresenceLog {
 public:
  static constexpr std::size_t kMostAtATime = 32;
  /// Beyond these, who came and went is not on record; the run's numbers have it all the same.
  static constexpr std::size_t kMostWaiting = 20'000;

  PresenceLog(Repository& repository, Log& log) : repository_{repository}, log_{log} {}

  void write(std::string tenant, Invited who);

 private:
  struct Entry {
    std::string tenant;
    Invited who;
  };
  void next();

  Repository& repository_;
  Log& log_;
  std::deque<Entry> waiting_;
  std::size_t being_written_ = 0;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
