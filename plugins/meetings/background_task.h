#pragma once

#include <memory>
#include <utility>

#include "outcome.h"
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
  // Shared by the completion and the case that the pool takes no job: one of the two calls it.
  const auto answer = std::make_shared<Function<void(Result<T, Error>)>>(std::move(done));
  try {
    host.background().run(std::move(job), [answer, &log = host.log()](JobResult<T> result) {
      (*answer)(outcome_of(result, log, "a background job failed"));
    });
  } catch (const Error& error) {
    (*answer)(error);
  }
}

}  // namespace sluice::meetings
