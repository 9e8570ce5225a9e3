#pragma once

#include <cstdint>

#include "sluice/json.h"

namespace sluice::admin {

/// What somebody may do with the admin API; the later one may all that the earlier may.
enum class Role : std::uint8_t {
  read,  ///< GET and HEAD, but for what holds everything: a copy of the store
  write  ///< everything
};
BOOST_DESCRIBE_ENUM(Role, read, write)

}  // namespace sluice::admin
