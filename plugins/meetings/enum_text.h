#pragma once

#include <string>

#include "sluice/json.h"

namespace sluice::meetings {

/// `co_host`: an enumerator as the wire has it.
template <class E>
[[nodiscard]] std::string enum_text(E value) {
  return std::string{to_json(value).as_string()};
}

}  // namespace sluice::meetings
