#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "context.h"
#include "sluice/timers.h"
#include "store_task.h"

namespace sluice::recording {

/// How much of the disk is free. Asking blocks, so that it is done in the background, and for all who ask meanwhile.
class FreeSpace {
 public:
  using Answer = Function<void(Result<std::uint64_t, Error>)>;
  /// How long an answer holds.
  static constexpr std::chrono::seconds kFresh{2};

  explicit FreeSpace(Context& context) : context_{context} {}

  /// May answer before it returns.
  void ask(Answer answer) {
    const Instant now = context_.host.timers().now();
    if (known_ && now - known_->first < kFresh) return answer(known_->second);
    waiting_.push_back(std::move(answer));
    if (waiting_.size() > 1) return;
    in_background(
        context_, "the disk does not say how much is free",
        [folders = context_.folders] { return folders.free_bytes(); },
        [this](Result<std::uint64_t, Error> free) {
          if (free) known_.emplace(context_.host.timers().now(), *free);
          for (Answer& one : std::exchange(waiting_, {})) one(free);
        });
  }

 private:
  Context& context_;
  std::optional<std::pair<Instant, std::uint64_t>> known_;
  std::vector<Answer> waiting_;
};

}  // namespace sluice::recording
