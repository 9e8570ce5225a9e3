#pragma once

#include <exception>

#include "sluice/error.h"

namespace sluice {

/// What a client is told of an exception: an Error as it is, anything else as INTERNAL without its text, which belongs
/// in the log alone.
[[nodiscard]] Error client_error(const std::exception_ptr& thrown);

}  // namespace sluice
