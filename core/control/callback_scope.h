#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/clock.h"
#include "core/control/duration_histogram.h"
#include "sluice/function.h"
#include "sluice/log.h"
#include "sluice/metrics.h"

namespace sluice {

/// On whose behalf a callback runs: one scope per plugin. Every callback of a plugin enters through its scope, which
/// measures the time it holds the control thread, names the plugin when that is too long, and catches what it throws.
/// A closed scope runs nothing any more.
///
/// @note Control thread only. Held by shared_ptr: the plugin's host owns it, and each callback that waits somewhere
/// (timer, queue, media object) shares it, so that it can find the scope closed.
class CallbackScope : public std::enable_shared_from_this<CallbackScope> {
 public:
  struct Options {
    std::string name;
    Duration warn_after = std::chrono::milliseconds{100};  ///< zero: no callback is too slow
  };
  struct Usage {
    std::uint64_t calls = 0;
    std::uint64_t slow_calls = 0;
    std::uint64_t exceptions = 0;
    Duration total{};
    Duration worst{};
    Duration p50{};  ///< half of the calls took this long or less; see DurationHistogram::kMaxError
    Duration p99{};
  };

  CallbackScope(Options options, const Clock& clock, Log& log, Metrics& metrics);
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }
  [[nodiscard]] Usage usage() const noexcept;
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  void warn_after(Duration limit) noexcept { options_.warn_after = limit; }
  /// Nothing runs in this scope from now on.
  void close() noexcept { closed_ = true; }

  /// Runs `callback` and gives back what it threw, or null. `what` names it in the log: `event room:join`.
  template <class F>
  [[nodiscard]] std::exception_ptr run(std::string_view what, F&& callback) {
    if (closed_) return nullptr;
    const Entry entry{*this, what};
    try {
      std::forward<F>(callback)();
    } catch (...) {
      ++usage_.exceptions;
      return std::current_exception();
    }
    return nullptr;
  }

  /// Runs `callback`; what it throws is logged and goes no further.
  template <class F>
  void call(std::string_view what, F&& callback) {
    if (const std::exception_ptr error = run(what, std::forward<F>(callback))) log_exception(what, error);
  }

  void log_exception(std::string_view what, const std::exception_ptr& error);

  /// The scope in whose callback the control thread is now; null in the gateway's own code.
  [[nodiscard]] static std::shared_ptr<CallbackScope> current();

 private:
  // One visit: nested visits (a plugin publishes, another hears) count for each their own time.
  class Entry {
   public:
    Entry(CallbackScope& scope, std::string_view what);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    CallbackScope& scope_;
    std::string_view what_;
    CallbackScope* previous_;
    Instant started_;
    Duration nested_before_;
  };

  Options options_;
  const Clock& clock_;
  Log& log_;
  Histogram& seconds_;
  Counter& slow_;
  Usage usage_;
  DurationHistogram times_;
  bool closed_ = false;
};

/// Binds a callback to the scope in which it is registered: it will run there, or not at all once the scope is closed.
/// In the gateway's own code the callback is returned as it is.
template <class... Args>
[[nodiscard]] Function<void(Args...)> in_current_scope(std::string what,
                                                       std::type_identity_t<Function<void(Args...)>> callback) {
  auto scope = CallbackScope::current();
  if (scope == nullptr || !callback) return callback;
  return [scope = std::move(scope), what = std::move(what), callback = std::move(callback)](Args... args) mutable {
    scope->call(what, [&] { callback(std::forward<Args>(args)...); });
  };
}

}  // namespace sluice
