#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "core/media/engine/engine_context.h"
#include "sluice/function.h"

namespace sluice {

/// Callbacks of one handle that wait for what its worker answers. They stay on the control thread and die with the
/// handle (a plugin's code must not outlive it): what travels to the worker and back is their number.
template <class Answer>
class PendingAnswers {
 public:
  /// `collect(core)`, or `collect(core, now)`, runs on the worker. `callback` gets what it gives; it is dropped when
  /// that is nothing.
  template <class Collect>
  void ask(const EngineContext& context, WorkerIndex worker, Function<void(Answer)> callback, Collect collect) {
    const std::uint64_t number = next_++;
    waiting_->emplace(number, std::move(callback));
    context.post(worker, [&loop = context.loop, waiting = std::weak_ptr{waiting_}, number,
                          collect = std::move(collect)](WorkerCore& core, Instant now) mutable {
      std::optional<Answer> answer = [&] {
        if constexpr (std::invocable<Collect&, WorkerCore&, Instant>) {
          return collect(core, now);
        } else {
          return collect(core);
        }
      }();
      loop.post([waiting = std::move(waiting), number, answer = std::move(answer)]() mutable {
        const auto alive = waiting.lock();
        auto found = alive == nullptr ? typename Waiting::node_type{} : alive->extract(number);
        if (!found.empty() && answer) found.mapped()(std::move(*answer));
      });
    });
  }

  void clear() noexcept { waiting_->clear(); }

 private:
  using Waiting = std::map<std::uint64_t, Function<void(Answer)>>;

  // Owners: this, and for the time of a callback the loop's task, as the callback may destroy the handle.
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
  std::uint64_t next_ = 0;
};

}  // namespace sluice
