#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "context.h"
#include "sluice/background.h"
#include "sluice/error.h"
#include "sluice/log.h"
#include "sluice/result.h"
#include "sluice/store.h"

namespace sluice::recording {

/// One unit of work in the store. `done` gets what it brought, or the error: one that the work threw itself, or
/// `internal` with a line in the log. It is called once; before this returns only where the store takes no more.
template <class Work, class Done>
void in_store(Context& context, Work work, Done done) {
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  const auto read = [&context](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      context.metrics.store_failures.add();
      context.host.log().error("the store failed", {{"error", error.what()}});
      return Error{ErrorCode::internal, "the store failed; the log says why"};
    }
  };
  // Shared by the completion and the answer in the case that the store takes no work: one of the two calls it.
  const auto answer = std::make_shared<Done>(std::move(done));
  try {
    context.host.store().transact(std::move(work), [answer, read](JobResult<T> result) { (*answer)(read(result)); });
  } catch (const Error& error) {
    context.metrics.store_failures.add();
    (*answer)(Result<T, Error>{error});
  }
}

/// A background job in the same way. What it throws is logged under `what`.
template <class Job, class Done>
void in_background(Context& context, const char* what, Job job, Done done) {
  using T = std::invoke_result_t<Job&>;
  const auto read = [&context, what](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      context.host.log().error(what, {{"error", error.what()}});
      return Error{ErrorCode::internal, "this did not succeed; the log says why"};
    }
  };
  const auto answer = std::make_shared<Done>(std::move(done));
  try {
    context.host.background().run(std::move(job), [answer, read](JobResult<T> result) { (*answer)(read(result)); });
  } catch (const Error& error) {
    (*answer)(Result<T, Error>{error});
  }
}

}  // namespace sluice::recording
