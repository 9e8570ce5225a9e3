#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "sluice/function.h"

namespace sluice {

/// What a background job brought: a value, or the exception that ended it.
template <class T>
class JobResult {
 public:
  explicit JobResult(T value) : value_{std::move(value)} {}
  explicit JobResult(std::exception_ptr error) : error_{std::move(error)} {}
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  /// The value; rethrows what the job threw.
  [[nodiscard]] T& value() {
    if (error_) std::rethrow_exception(error_);
    return *value_;
  }

 private:
  std::optional<T> value_;
  std::exception_ptr error_;
};

/// A small pool of threads for what blocks: files, HTTP clients, encoding.
///
/// The job runs on a pool thread and must not touch plugin state: give it copies, get a value back. `done` runs on the
/// control thread, and not at all if the plugin has been stopped by then.
/// @note `run` is called on the control thread. At most 1,024 jobs wait; one more throws Error{limit_exceeded}.
class Background {
 public:
  virtual ~Background() = default;

  template <class Job, class Done>
  void run(Job job, Done done) {
    using T = std::invoke_result_t<Job&>;
    static_assert(!std::is_void_v<T>, "return a value, for example sluice::Ok{}");
    // Shared by the job (pool thread) and its completion (control thread); the queue between them orders the access.
    auto result = std::make_shared<std::optional<JobResult<T>>>();
    run_raw(
        [job = std::move(job), result]() mutable {
          try {
            result->emplace(job());
          } catch (...) {
            result->emplace(std::current_exception());
          }
        },
        [done = std::move(done), result]() mutable { done(**result); });
  }

  virtual void run_raw(Function<void()> job, Function<void()> done) = 0;
};

}  // namespace sluice
