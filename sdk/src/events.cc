#include "sluice/events.h"

namespace sluice {

Reply::~Reply() {
  if (sink_ != nullptr && !completed_) sink_->abandoned();
}

void Reply::ok(json::value data) {
  if (sink_ == nullptr) return;
  if (std::exchange(completed_, true)) return sink_->completed_twice();
  sink_->ok(std::move(data));
}

void Reply::fail(const Error& error) {
  if (sink_ == nullptr) return;
  if (std::exchange(completed_, true)) return sink_->completed_twice();
  sink_->fail(error);
}

}  // namespace sluice
