#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/background.h"
#include "sluice/error.h"
#include "sluice/log.h"
#include "sluice/result.h"

namespace sluice::meetings {

/// What a job brought: its value, the Error that it threw, or `internal` with a line in the log for whatever else.
/// @param failure  For who asked and for the log: "the store failed".
template <class T>
[[nodiscard]] Result<T, Error> outcome_of(JobResult<T>& result, Log& log, std::string_view failure) {
  try {
    return std::move(result.value());
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    log.error(failure, {{"error", error.what()}});
    return Error{ErrorCode::internal, std::string{failure}};
  }
}

}  // namespace sluice::meetings
