#pragma once

#include <memory>
#include <utility>

#include "outcome.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/log.h"
#include "sluice/result.h"
#include "sluice/store.h"

namespace sluice::meetings {

/// One unit of work in the store; `done` gets what it brought, or the error: one that the work threw itself, or
/// `internal` with a line in the log. Not called after the end of `lifeline`.
template <class T, class Work>
void in_store(Host& host, const Lifeline& lifeline, Work work, Function<void(Result<T, Error>)> done) {
  // Shared by the completion and the answer in the case that the store takes no work: one of the two calls it.
  const auto answer = std::make_shared<Function<void(Result<T, Error>)>>(std::move(done));
  try {
    host.store().transact(std::move(work), lifeline.guard([answer, &log = host.log()](JobResult<T> result) {
      (*answer)(outcome_of(result, log, "the store failed"));
    }));
  } catch (const Error& error) {
    (*answer)(error);
  }
}

}  // namespace sluice::meetings
