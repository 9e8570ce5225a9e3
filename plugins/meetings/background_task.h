#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "sluice/background.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/log.h"
#include "sluice/result.h"

namespace sluice::meetings {

/// One job in the background; `done` gets what it brought, or the error: one that the job threw itself, `internal` with
/// a line in the log, or `limit_exceeded` where too many wait.
template <class T, class Job>
void in_background(Host& host, Job job, Function<void(Result<T, Error>)> done) {
  const auto read = [&log = host.log()](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      log.error("a background job failed", {{"reason", error.what()}});
      return Error{ErrorCode::internal, "the request failed"};
    }
  };
  // Shared by the completion and the case that the pool takes no job: one of the two calls it.
  const auto answer = std::make_shared<Function<void(Result<T, Error>)>>(std::move(done));
  try {
    host.background().run(std::move(job), [answer, read](JobResult<T> result) { (*answer)(read(result)); });
  } catch (const Error& error) {
    (*answer)(error);
  }
}

}  // namespace sluice::meetings
