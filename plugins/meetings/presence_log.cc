#include "presence_log.h"

#include <utility>

namespace sluice::meetings {

void PresenceLog::write(std::string tenant, Invited who) {
  if (waiting_.size() >= kMostWaiting)
    return log_.warning("who came or went is not on record", {{"reason", "too many"}});
  waiting_.push_back({std::move(tenant), std::move(who)});
  next();
}

void PresenceLog::next() {
  while (!waiting_.empty() && being_written_ < kMostAtATime) {
    Entry entry = std::move(waiting_.front());
    waiting_.pop_front();
    ++being_written_;
    repository_.record_presence(
        std::move(entry.tenant), std::move(entry.who), lifeline_.guard([this](const Result<Invited, Error>& written) {
          --being_written_;
          const bool deleted = !written && written.error().code() == ErrorCode::not_found;  // the meeting, meanwhile
          if (!written && !deleted) {
            log_.warning("who came or went is not on record", {{"error", written.error().what()}});
          }
          next();
        }));
  }
}

}  // namespace sluice::meetings
