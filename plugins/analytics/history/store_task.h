#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "sluice/background.h"
#include "sluice/error.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/log.h"
#include "sluice/result.h"
#include "sluice/store.h"

namespace sluice::analytics {

/// One unit of work in the store. `done(Result<T, Error>)` gets what it brought, or the error: one that the work threw
/// itself, or `internal` with a line in the log. It is called once, before this returns only where the store takes no
/// more, and not at all after the end of `lifeline`.
template <class Work, class Done>
void in_store(Host& host, const Lifeline& lifeline, Work work, Done done) {
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  const auto read = [&log = host.log()](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      log.error("the store failed", {{"error", error.what()}});
      return Error{ErrorCode::internal, "the store failed; the log says why"};
    }
  };
  // Shared by the completion and the answer in the case that the store takes no work: one of the two calls it.
  const auto answer = std::make_shared<Done>(std::move(done));
  try {
    host.store().transact(std::move(work),
                          lifeline.guard([answer, read](JobResult<T> result) { (*answer)(read(result)); }));
  } catch (const Error& error) {
    (*answer)(Result<T, Error>{error});
  }
}

}  // namespace sluice::analytics
