#pragma once

#include <exception>
#include <utility>

#include "lifetime.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/log.h"
#include "sluice/result.h"
#include "sluice/store.h"

namespace sluice::meetings {

/// One unit of work in the store; `done` gets what it brought, or the error: one that the work threw itself, or
/// `internal` with a line in the log. Not called after the end of `lifeline`.
template <class T, class Work>
void in_store(Host& host, const Lifeline& lifeline, Work work, Function<void(Result<T, Error>)> done) {
  const auto read = [&log = host.log()](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      log.error("the store failed", {{"reason", error.what()}});
      return Error{ErrorCode::internal, "the store failed"};
    }
  };
  // Shared by the completion and the answer in the case that the store takes no work: one of the two calls it.
  const auto answer = std::make_shared<Function<void(Result<T, Error>)>>(std::move(done));
  try {
    host.store().transact(std::move(work),
                          lifeline.guard([answer, read](JobResult<T> result) { (*answer)(read(result)); }));
  } catch (const Error& error) {
    (*answer)(error);
  }
}

}  // namespace sluice::meetings
