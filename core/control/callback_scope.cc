#include "core/control/callback_scope.h"

#include <algorithm>

namespace sluice {

namespace {

// The control thread's place in the nest of scopes. Thread-local because a test may run a loop per thread.
thread_local CallbackScope* current_scope = nullptr;
// Time spent in inner scopes during the current outermost visit.
thread_local Duration nested_time{};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

CallbackScope::CallbackScope(Options options, const Clock& clock, Log& log, Metrics& metrics)
    : options_{std::move(options)},
      clock_{clock},
      log_{log},
      seconds_{metrics.histogram("callback_seconds", "Time that one callback of a plugin held the control thread.",
                                 {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1},
                                 {{"plugin", options_.name}})},
      slow_{metrics.counter("slow_callbacks_total", "Callbacks that held the control thread over the limit.",
                            {{"plugin", options_.name}})} {}

std::shared_ptr<CallbackScope> CallbackScope::current() {
  return current_scope == nullptr ? nullptr : current_scope->shared_from_this();
}

CallbackScope::Usage CallbackScope::usage() const noexcept {
  Usage usage = usage_;
  usage.p50 = times_.quantile(0.5);
  usage.p99 = times_.quantile(0.99);
  return usage;
}

void CallbackScope::log_exception(std::string_view what, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    log_.error("a callback threw", {{"plugin", options_.name}, {"callback", what}, {"error", exception.what()}});
  } catch (...) {
    log_.error("a callback threw", {{"plugin", options_.name}, {"callback", what}, {"error", "no std::exception"}});
  }
}

CallbackScope::Entry::Entry(CallbackScope& scope, std::string_view what)
    : scope_{scope},
      what_{what},
      previous_{std::exchange(current_scope, &scope)},
      started_{scope.clock_.now()},
      nested_before_{std::exchange(nested_time, Duration::zero())} {}

CallbackScope::Entry::~Entry() {
  const Duration whole = scope_.clock_.now() - started_;
  const Duration own = whole - nested_time;
  nested_time = nested_before_ + whole;
  current_scope = previous_;
  if (previous_ == nullptr) nested_time = Duration::zero();

  Usage& usage = scope_.usage_;
  ++usage.calls;
  usage.total += own;
  usage.worst = std::max(usage.worst, own);
  scope_.times_.add(own);
  scope_.seconds_.observe(seconds(own));
  const Duration limit = scope_.options_.warn_after;
  if (limit == Duration::zero() || own <= limit) return;
  ++usage.slow_calls;
  scope_.slow_.add();
  scope_.log_.warning("a callback held the control thread",
                      {{"plugin", scope_.name()},
                       {"callback", what_},
                       {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(own).count()}});
}

}  // namespace sluice
